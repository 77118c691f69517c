"""Counts by day in the business time zone: what one event adds, and on which day.

Won opportunities, orders and their values are a ledger: what takes an earlier event back is booked with the opposite
sign, or under a counter of its own, on the day when that happens, so the sum over all days is what the totals of the
views say. Each event is booked by what it says alone, on the day of the fact that it tells, so neither order nor delay
matters.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.reporting.projections.kinds import ANSWERED, UNANSWERED
from services.reporting.projections.moments import day_of
from services.reporting.repositories.field_names import key_of
from shared.events import Event
from shared.text import money

COUNTERS = (
    "leads_received",
    "leads_qualified",
    "leads_converted",
    "opportunities_won",
    "orders_placed",
    "orders_cancelled",
    "tickets_opened",
    "tickets_resolved",
    *ANSWERED.values(),
    *UNANSWERED.values(),
)
VALUES = ("won_value", "order_value")
CHANNELS = "interactions"


@dataclass(frozen=True)
class Rule:
    """An event counts 1 under `counter`, and what `more` yields."""

    counter: str | None
    more: Callable[[dict], Iterator[tuple[str, int]]] | None = None


def _won(data: dict) -> Iterator[tuple[str, int]]:
    value = money.of_fact(data["amount"])
    yield f"won_value.{value.currency}", value.amount


def _reopened(data: dict) -> Iterator[tuple[str, int]]:
    if data.get("reopened_from") == "won":
        yield "opportunities_won", -1
        yield from _negated(_won(data))


def _placed(data: dict) -> Iterator[tuple[str, int]]:
    value = money.of_fact(data["total"])
    yield f"order_value.{value.currency}", value.amount


def _cancelled(data: dict) -> Iterator[tuple[str, int]]:
    return _negated(_placed(data))


def _negated(booked: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((name, -amount) for name, amount in booked)


def _touched(data: dict) -> Iterator[tuple[str, int]]:
    yield f"{CHANNELS}.{key_of(data['channel'])}", 1


def _answered(data: dict) -> Iterator[tuple[str, int]]:
    yield ANSWERED[data["direction"]], 1


def _unanswered(data: dict) -> Iterator[tuple[str, int]]:
    yield UNANSWERED[data["direction"]], 1


RULES = {
    "sales.lead.received": Rule("leads_received"),
    "sales.lead.qualified": Rule("leads_qualified"),
    "sales.lead.converted": Rule("leads_converted"),
    "sales.opportunity.won": Rule("opportunities_won", _won),
    "sales.opportunity.reopened": Rule(None, _reopened),
    "sales.order.placed": Rule("orders_placed", _placed),
    "sales.order.cancelled": Rule("orders_cancelled", _cancelled),
    "service-desk.ticket.opened": Rule("tickets_opened"),
    "service-desk.ticket.resolved": Rule("tickets_resolved"),
    "telephony.call.answered": Rule(None, _answered),
    "telephony.call.abandoned": Rule(None, _unanswered),
    "customer.interaction.logged": Rule(None, _touched),
    "service-desk.interaction.logged": Rule(None, _touched),
    "telephony.interaction.logged": Rule(None, _touched),
}


def counts_of(event: Event) -> tuple[str, dict[str, int]] | None:
    """The day as `2027-03-02` and what the event adds to it, or None for an event that is not counted."""
    rule = RULES.get(event.type)
    if rule is None:
        return None
    counts = {rule.counter: 1} if rule.counter else {}
    return day_of(event).isoformat(), counts | dict(rule.more(event.data) if rule.more else ())
