"""What the requests of the service desk API must look like."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema

from services.service_desk.domain.business_time import Calendar, OpeningHours
from services.service_desk.domain.contact import Contact
from services.service_desk.domain.sla import PRIORITIES, Target
from services.service_desk.domain.ticket import CHANNELS, CONTACT_CHANNELS, OPEN, PENDING, TYPES
from shared import clock
from shared.text.fields import Parsed, ReadsPhones, Text, email, items, long_text, one_of, phone, planned_day, text

MAX_AGE = timedelta(days=90)
MAX_TEXT = 10_000


def reference(**options) -> Text:
    """The id of something that may belong to another service."""
    return text(64, allow_none=True, load_default=None, **options)


def past_moment(**options) -> Parsed:
    """An RFC 3339 time, at most MAX_AGE ago and not in the future."""
    message = f"Write a time with its zone, such as 2026-11-02T08:00:00Z, in the past, at most {MAX_AGE.days} days ago."
    return Parsed(_past_moment, "past-time", message, **options)


def _past_moment(text: str) -> datetime:
    moment = clock.from_json(text)
    if not timedelta(0) <= clock.now() - moment <= MAX_AGE:
        raise ValueError(text)
    return moment


class ContactDetails(ReadsPhones):
    full_name = text(200, required=True)
    company_name = text(200, allow_none=True)
    email = email(allow_none=True)
    phone = phone(allow_none=True)

    @pre_load
    def without_empty_texts(self, data: object, **_) -> object:
        return {name: value for name, value in data.items() if value != ""} if isinstance(data, dict) else data

    @post_load
    def normal(self, data: dict, **_) -> Contact:
        number = data.pop("phone", None)
        if not data.get("email") and number is None:
            raise ValidationError("Give an e-mail or a phone, so that the person can be found.", "email")
        if number is None:
            return Contact(**data)
        return Contact(**data, phone=number.e164, phone_extension=number.extension)


class OpenTicket(Schema):
    customer_id = reference()
    contact = fields.Nested(ContactDetails, allow_none=True, load_default=None)
    subject = text(200, required=True)
    description = long_text(MAX_TEXT, may_be_empty=True, load_default="")
    type = one_of(TYPES, required=True)
    priority = one_of(PRIORITIES, load_default="normal")
    channel = one_of(CHANNELS, required=True)
    assignee = text(100, allow_none=True, load_default=None)
    order_id = reference()
    product_id = reference()
    call_id = reference()
    occurred_at = past_moment(allow_none=True, load_default=None)

    @validates_schema
    def says_who(self, data: dict, **_) -> None:
        if (data["customer_id"] is None) == (data["contact"] is None):
            raise ValidationError("Give either customer_id or contact.", "customer_id")


class ChangeTicket(Schema):
    subject = text(200)
    priority = one_of(PRIORITIES)
    type = one_of(TYPES)

    @validates_schema(skip_on_field_errors=False)
    def changes_something(self, data: dict, **_) -> None:
        if not data:
            raise ValidationError("Name at least one field to change.")


class AssignTicket(Schema):
    assignee = text(100, required=True, allow_none=True)


class ReplyToTicket(Schema):
    text = long_text(MAX_TEXT, required=True)
    channel = one_of(CONTACT_CHANNELS, load_default="email")
    next_status = one_of((OPEN, PENDING), load_default=PENDING)
    call_id = reference()


class AddCustomerMessage(Schema):
    text = long_text(MAX_TEXT, required=True)
    channel = one_of(CONTACT_CHANNELS, required=True)
    call_id = reference()
    occurred_at = past_moment(allow_none=True, load_default=None)


class AddTicketNote(Schema):
    text = long_text(MAX_TEXT, required=True)


class ResolveTicket(Schema):
    resolution = long_text(MAX_TEXT, required=True)


class ReopenTicket(Schema):
    reason = long_text(1000, required=True)


class OpeningHoursBody(Schema):
    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=7))
    opens = fields.String(required=True, validate=validate.Regexp(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z"))
    closes = fields.String(required=True, validate=validate.Regexp(r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z"))

    @post_load
    def hours(self, data: dict, **_) -> OpeningHours:
        return OpeningHours(**data)


class CalendarBody(Schema):
    time_zone = text(64, required=True)
    opening_hours = items(fields.Nested(OpeningHoursBody), least=1, most=28, required=True)
    holidays = items(planned_day(), most=200, required=True)

    @post_load
    def calendar(self, data: dict, **_) -> Calendar:
        if data["time_zone"] not in available_timezones():
            raise ValidationError("This is not a time zone of the IANA database, such as Asia/Shanghai.", "time_zone")
        holidays = tuple(day.isoformat() for day in data["holidays"])
        return Calendar(data["time_zone"], tuple(data["opening_hours"]), holidays)


class TargetBody(Schema):
    first_response_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100_000))
    resolution_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100_000))

    @post_load
    def target(self, data: dict, **_) -> Target:
        return Target(**data)


class TargetsBody(Schema):
    low = fields.Nested(TargetBody, required=True)
    normal = fields.Nested(TargetBody, required=True)
    high = fields.Nested(TargetBody, required=True)
    urgent = fields.Nested(TargetBody, required=True)


class ChangeSlaPolicy(Schema):
    name = text(100, required=True)
    rank = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=1000))
    types = items(one_of(TYPES), most=len(TYPES), required=True)
    tiers = items(text(20), most=20, required=True)
    calendar = fields.Nested(CalendarBody, required=True)
    targets = fields.Nested(TargetsBody, required=True)

    @post_load
    def tuples(self, data: dict, **_) -> dict:
        return data | {"types": tuple(data["types"]), "tiers": tuple(data["tiers"])}
