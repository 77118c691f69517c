"""Counts by day in the business time zone: what one event adds, and on which day.

Won opportunities and order value are a ledger: what takes an earlier event back is booked with the opposite sign on the
day when that happens, so the sum over all days is what the totals of the views say. Each event is booked by what it
says alone, so their order does not matter.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.reporting.projections.kinds import money_of
from services.reporting.repositories.field_names import key_of
from shared import clock
from shared.events import Event

COUNTERS = (
    "leads_received",
    "leads_qualified",
    "leads_converted",
    "opportunities_won",
    "orders_placed",
    "orders_cancelled",
    "tickets_opened",
    "tickets_resolved",
    "calls_answered",
    "calls_abandoned",
)
VALUES = ("won_value", "order_value")
CHANNELS = "interactions"


@dataclass(frozen=True)
class Rule:
    """An event counts 1 under `counter`, and what `more` yields; `day` differs from the event's own day where given."""

    counter: str | None
    more: Callable[[dict], Iterator[tuple[str, int]]] | None = None
    day: Callable[[dict, ZoneInfo], str] | None = None


def _won(data: dict) -> Iterator[tuple[str, int]]:
    currency, amount = money_of(data["amount"])
    yield f"won_value.{currency}", amount


def _reopened(data: dict) -> Iterator[tuple[str, int]]:
    if data.get("reopened_from") == "won":
        yield "opportunities_won", -1
        yield from _negated(_won(data))


def _placed(data: dict) -> Iterator[tuple[str, int]]:
    currency, amount = money_of(data["total"])
    yield f"order_value.{currency}", amount


def _cancelled(data: dict) -> Iterator[tuple[str, int]]:
    return _negated(_placed(data))


def _negated(booked: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((name, -amount) for name, amount in booked)


def _touched(data: dict) -> Iterator[tuple[str, int]]:
    yield f"{CHANNELS}.{key_of(data['channel'])}", 1


def _closing_day(data: dict, _: ZoneInfo) -> str:
    return date.fromisoformat(data["closed_on"]).isoformat()


def _touching_day(data: dict, zone: ZoneInfo) -> str:
    return clock.from_json(data["occurred_at"]).astimezone(zone).date().isoformat()


_INTERACTION = Rule(None, _touched, _touching_day)
RULES = {
    "sales.lead.received": Rule("leads_received"),
    "sales.lead.qualified": Rule("leads_qualified"),
    "sales.lead.converted": Rule("leads_converted"),
    "sales.opportunity.won": Rule("opportunities_won", _won, _closing_day),
    "sales.opportunity.reopened": Rule(None, _reopened),
    "sales.order.placed": Rule("orders_placed", _placed),
    "sales.order.cancelled": Rule("orders_cancelled", _cancelled),
    "service-desk.ticket.opened": Rule("tickets_opened"),
    "service-desk.ticket.resolved": Rule("tickets_resolved"),
    "telephony.call.answered": Rule("calls_answered"),
    "telephony.call.abandoned": Rule("calls_abandoned"),
    "customer.interaction.logged": _INTERACTION,
    "service-desk.interaction.logged": _INTERACTION,
    "telephony.interaction.logged": _INTERACTION,
}


def counts_of(event: Event, zone: ZoneInfo) -> tuple[str, dict[str, int]] | None:
    """The day as `2027-03-02` and what the event adds to it, or None for an event that is not counted."""
    rule = RULES.get(event.type)
    if rule is None:
        return None
    day = rule.day(event.data, zone) if rule.day else event.time.astimezone(zone).date().isoformat()
    counts = {rule.counter: 1} if rule.counter else {}
    return day, counts | dict(rule.more(event.data) if rule.more else ())
