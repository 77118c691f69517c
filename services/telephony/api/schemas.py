"""What the requests of the telephony API must look like."""

from datetime import datetime

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.telephony.domain.agent import BREAK, BREAK_REASONS, CHOSEN
from services.telephony.domain.call import DIRECTIONS, DISPOSITIONS
from services.telephony.domain.switch import EVENTS
from shared import clock

EARLIEST = clock.from_json("2000-01-01T00:00:00Z")


def text(longest: int, **options) -> fields.String:
    return fields.String(validate=validate.Length(min=1, max=longest), **options)


def one_of(choices: tuple[str, ...], **options) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), **options)


class Moment(fields.String):
    """An RFC 3339 time with its zone."""

    def _deserialize(self, value: object, attr: str | None, data: object, **options) -> datetime:
        written = super()._deserialize(value, attr, data, **options)
        try:
            moment = clock.from_json(written)
        except (ValueError, OverflowError) as problem:
            raise ValidationError("Write a time with its zone, such as 2026-03-02T09:30:00Z.") from problem
        if moment < EARLIEST:
            raise ValidationError("The time must be in this century.")
        return moment


class SwitchEvent(Schema):
    switch_call_id = text(100, required=True)
    event = one_of(EVENTS, required=True)
    caller = fields.String(data_key="from", required=True, allow_none=True, validate=validate.Length(max=40))
    called = fields.String(data_key="to", required=True, allow_none=True, validate=validate.Length(max=40))
    direction = one_of(DIRECTIONS, required=True)
    at = Moment(required=True)
    agent_id = text(100, allow_none=True, load_default=None)


class WrapUp(Schema):
    disposition = one_of(DISPOSITIONS, required=True)
    note = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=2000))


class IdentifyCaller(Schema):
    customer_id = text(100, required=True)


class SetState(Schema):
    state = one_of(CHOSEN, required=True)
    reason = one_of(BREAK_REASONS, allow_none=True, load_default=None)

    @validates_schema
    def reason_is_of_a_break(self, body: dict, **_) -> None:
        if body["reason"] is not None and body["state"] != BREAK:
            raise ValidationError("Give a reason only for a break.", "reason")
