"""What the requests of the marketing API must look like."""

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.marketing.domain.campaign import CHANNELS, COST_CATEGORIES
from services.marketing.domain.money import Money

MAX_AMOUNT = 1_000_000_000_000
VISIBLE = validate.Regexp(r"(?s).*\S", error="Write at least one visible character.")


def text(longest: int, **options) -> fields.String:
    return fields.String(validate=[validate.Length(min=1, max=longest), VISIBLE], **options)


class PositiveMoney(Schema):
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MAX_AMOUNT))
    currency = fields.String(
        required=True, validate=validate.Regexp(r"[A-Z]{3}\Z", error="Write the three capital letters of ISO 4217.")
    )

    @post_load
    def money(self, data: dict, **_) -> Money:
        return Money(**data)


def channels(**options) -> fields.List:
    return fields.List(
        fields.String(validate=validate.OneOf(CHANNELS)),
        validate=[validate.Length(min=1, max=len(CHANNELS)), _all_different],
        **options,
    )


def _all_different(values: list[str]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("Name each channel once.")


class CreateCampaign(Schema):
    # Whatever code a lead can name, in capitals, so that every unknown code can become a campaign.
    code = fields.String(
        required=True,
        validate=[
            validate.Length(max=40),
            validate.Regexp(
                r"[A-Z0-9][A-Z0-9._-]*\Z",
                error="Use capital letters, digits, dots, underscores and hyphens, such as SPRING-2027.",
            ),
        ],
    )
    name = text(200, required=True)
    channels = channels(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    budget = fields.Nested(PositiveMoney, required=True)
    owner = text(100)
    target_notes = fields.String(validate=validate.Length(max=4000))


class ChangeCampaign(Schema):
    name = text(200)
    channels = channels()
    starts_on = fields.Date()
    ends_on = fields.Date()
    budget = fields.Nested(PositiveMoney)
    owner = text(100)
    target_notes = fields.String(validate=validate.Length(max=4000))

    @validates_schema(skip_on_field_errors=False)
    def changes_something(self, data: dict, **_) -> None:
        if not data:
            raise ValidationError("Name at least one field to change.")


class AddCost(Schema):
    description = text(500, required=True)
    amount = fields.Nested(PositiveMoney, required=True)
    incurred_on = fields.Date(required=True)
    category = fields.String(required=True, validate=validate.OneOf(COST_CATEGORIES))
