"""What the requests of the sales API must look like. Schemas are made once: making one takes longer than using it."""

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.sales.commands.lines import NewLine
from services.sales.domain import enquiry
from services.sales.domain.lead import DISQUALIFY_REASONS, REASSIGN_REASONS, STAFF_SOURCES
from services.sales.domain.opportunity import LOST_REASONS, OPEN_STAGES, STAGES
from services.sales.domain.order import CANCEL_REASONS
from services.sales.domain.product import ProductName
from shared.text import countries
from shared.text.fields import Items, MoneySchema, country, items, matching, one_of, past_day, planned_day, text
from shared.text.money import MAX_TOTAL

MAX_LINES = 100
MAX_BATCH = 1000


def code(**options) -> fields.String:
    message = "Start with a letter or digit; then letters, digits, dots, hyphens, underscores."
    return matching("[A-Za-z0-9][A-Za-z0-9._-]*", message, longest=40, **options)


def lines(**options) -> Items:
    least = 1 if options.get("required") else 0
    return items(fields.Nested(NewLineSchema), least=least, most=MAX_LINES, **options)


class NewLineSchema(Schema):
    product_id = text(64, load_default=None)
    sku = code(load_default=None)
    quantity = fields.Integer(strict=True, load_default=1, validate=validate.Range(min=1, max=1_000_000))
    unit_price = fields.Nested(MoneySchema, load_default=None)

    @validates_schema
    def name_one_product(self, data: dict, **_) -> None:
        if (data["product_id"] is None) == (data["sku"] is None):
            raise ValidationError("Name the product by product_id or by sku.", "sku")

    @post_load
    def line(self, data: dict, **_) -> NewLine:
        return NewLine(**data)


class _Changes(Schema):
    """A PATCH body."""

    @validates_schema
    def change_something(self, data: dict, **_) -> None:
        if not data:
            raise ValidationError(f"Send at least one of {', '.join(sorted(self.fields))}.")


class CreatePartner(Schema):
    id = matching(
        "[a-z0-9][a-z0-9-]+",
        "Use 2 to 40 lower-case letters, digits and hyphens, such as eastgate.",
        longest=40,
        required=True,
    )
    name = text(200, required=True)
    rate = fields.Integer(strict=True, load_default=50, validate=validate.Range(min=1, max=10_000))
    default_country = country(load_default=None, allow_none=True)


class LeadBatch(Schema):
    """The rows are read one by one, so that a wrong one does not affect the others."""

    leads = items(fields.Raw(allow_none=True), least=1, most=MAX_BATCH, required=True)


class CreateLead(Schema):
    source = one_of(STAFF_SOURCES, required=True)
    owner_id = text(100, load_default=None, allow_none=True)
    full_name = fields.String(allow_none=True)
    company_name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    country = fields.String(allow_none=True)
    interest = fields.String(allow_none=True)
    campaign_code = fields.String(allow_none=True)

    @post_load
    def read_enquiry(self, data: dict, **_) -> dict:
        return {
            "source": data["source"],
            "owner_id": data["owner_id"],
            "enquiry": enquiry.read(data, country=countries.default()),
        }


class AssignLead(Schema):
    owner_id = text(100, required=True)


class DisqualifyLead(Schema):
    reason = one_of(DISQUALIFY_REASONS, required=True)


class ReassignLead(Schema):
    customer_id = text(64, required=True)
    reason = one_of(REASSIGN_REASONS, required=True)


class ConvertLead(Schema):
    customer_id = text(64, allow_none=True)
    reason = one_of(REASSIGN_REASONS)
    name = text(200, allow_none=True)
    amount = fields.Nested(MoneySchema, allow_none=True)
    lines = lines()
    expected_close_on = planned_day(allow_none=True)


class CreateOpportunity(Schema):
    customer_id = text(64, required=True)
    name = text(200, required=True)
    stage = one_of(STAGES)
    amount = fields.Nested(MoneySchema)
    lines = lines()
    expected_close_on = planned_day(allow_none=True)
    engaged_on = past_day(allow_none=True)
    closed_on = past_day(allow_none=True)
    lost_reason = one_of(LOST_REASONS, allow_none=True)
    source = matching(
        "[a-z0-9][a-z0-9-]*", "Use lower-case letters, digits and hyphens.", longest=40, load_default="staff"
    )
    external_ref = text(100, allow_none=True)
    campaign_code = code(allow_none=True)
    owner_id = text(100, allow_none=True)

    @validates_schema
    def has_a_value(self, data: dict, **_) -> None:
        if "amount" not in data and not data.get("lines"):
            raise ValidationError("Give amount or lines.", "amount")

    @post_load
    def capitals(self, data: dict, **_) -> dict:
        return data | {"campaign_code": _capitals(data.get("campaign_code"))}


class ChangeOpportunity(_Changes):
    name = text(200)
    amount = fields.Nested(MoneySchema)
    lines = lines()
    expected_close_on = planned_day(allow_none=True)
    owner_id = text(100)


class MoveOpportunity(Schema):
    stage = one_of(STAGES, required=True)
    lost_reason = one_of(LOST_REASONS, load_default=None, allow_none=True)


class ReopenOpportunity(Schema):
    stage = one_of(OPEN_STAGES, required=True)


class ProductNameSchema(Schema):
    en = text(200, required=True)
    zh = text(200, required=True)

    @post_load
    def name(self, data: dict, **_) -> ProductName:
        return ProductName(**data)


class CreateProduct(Schema):
    sku = code(required=True)
    name = fields.Nested(ProductNameSchema, required=True)
    list_price = fields.Nested(MoneySchema, required=True)
    active = fields.Boolean(load_default=True, truthy={True}, falsy={False})


class ChangeProduct(_Changes):
    name = fields.Nested(ProductNameSchema)
    list_price = fields.Nested(MoneySchema)
    active = fields.Boolean(truthy={True}, falsy={False})


class PlaceOrder(Schema):
    customer_id = text(64, required=True)
    lines = lines(required=True)
    campaign_code = code(load_default=None, allow_none=True)

    @post_load
    def capitals(self, data: dict, **_) -> dict:
        return data | {"campaign_code": _capitals(data["campaign_code"])}


class TotalSchema(MoneySchema):
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=MAX_TOTAL))


class PlaceOpportunityOrder(Schema):
    lines = items(fields.Nested(NewLineSchema), least=1, most=MAX_LINES, load_default=None)
    total = fields.Nested(TotalSchema, load_default=None)
    another = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class CancelOrder(Schema):
    reason = one_of(CANCEL_REASONS, required=True)


def _capitals(campaign_code: str | None) -> str | None:
    return campaign_code.upper() if campaign_code else None
