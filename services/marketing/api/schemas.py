"""What the requests of the marketing API must look like."""

from marshmallow import Schema, ValidationError, fields, validates_schema

from services.marketing.domain.campaign import CHANNELS, COST_CATEGORIES
from shared.text.fields import (
    Items,
    PositiveMoneySchema,
    items,
    long_text,
    matching,
    one_of,
    past_day,
    planned_day,
    text,
)


def channels(**options) -> Items:
    return items(one_of(CHANNELS), least=1, most=len(CHANNELS), validate=_all_different, **options)


def _all_different(values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("Name each channel once.")


class CreateCampaign(Schema):
    # Whatever code a lead can name, in capitals, so that every unknown code can become a campaign.
    code = matching(
        "[A-Z0-9][A-Z0-9._-]*",
        "Use capital letters, digits, dots, underscores and hyphens, such as SPRING-2027.",
        longest=40,
        required=True,
    )
    name = text(200, required=True)
    channels = channels(required=True)
    starts_on = planned_day(required=True)
    ends_on = planned_day(required=True)
    budget = fields.Nested(PositiveMoneySchema, required=True)
    owner = text(100)
    target_notes = long_text(4000, may_be_empty=True)


class ChangeCampaign(Schema):
    name = text(200)
    channels = channels()
    starts_on = planned_day()
    ends_on = planned_day()
    budget = fields.Nested(PositiveMoneySchema)
    owner = text(100)
    target_notes = long_text(4000, may_be_empty=True)

    @validates_schema(skip_on_field_errors=False)
    def changes_something(self, data: dict, **_) -> None:
        if not data:
            raise ValidationError("Name at least one field to change.")


class AddCost(Schema):
    description = text(500, required=True)
    amount = fields.Nested(PositiveMoneySchema, required=True)
    incurred_on = past_day(required=True)
    category = one_of(COST_CATEGORIES, required=True)
