"""What the requests of the telephony API must look like."""

from datetime import datetime

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.telephony.domain.agent import BREAK, BREAK_REASONS, CHOSEN
from services.telephony.domain.call import DIRECTIONS, DISPOSITIONS
from services.telephony.domain.switch import EVENTS
from shared import clock
from shared.text.fields import Parsed, long_text, one_of, text

EARLIEST = clock.from_json("2000-01-01T00:00:00Z")


def moment(**options) -> Parsed:
    """An RFC 3339 time with its zone."""
    return Parsed(
        _moment, "time", "Write a time of this century with its zone, such as 2026-03-02T09:30:00Z.", **options
    )


def _moment(text: str) -> datetime:
    at = clock.from_json(text)
    if at < EARLIEST:
        raise ValueError(text)
    return at


class SwitchEvent(Schema):
    switch_call_id = text(100, required=True)
    event = one_of(EVENTS, required=True)
    caller = fields.String(data_key="from", required=True, allow_none=True, validate=validate.Length(max=40))
    called = fields.String(data_key="to", required=True, allow_none=True, validate=validate.Length(max=40))
    direction = one_of(DIRECTIONS, required=True)
    at = moment(required=True)
    agent_id = text(100, allow_none=True, load_default=None)


class WrapUp(Schema):
    disposition = one_of(DISPOSITIONS, required=True)
    note = long_text(2000, may_be_empty=True, allow_none=True, load_default=None)


class IdentifyCaller(Schema):
    customer_id = text(100, required=True)


class SetState(Schema):
    state = one_of(CHOSEN, required=True)
    reason = one_of(BREAK_REASONS, allow_none=True, load_default=None)

    @validates_schema
    def reason_is_of_a_break(self, body: dict, **_) -> None:
        if body["reason"] is not None and body["state"] != BREAK:
            raise ValidationError("Give a reason only for a break.", "reason")
