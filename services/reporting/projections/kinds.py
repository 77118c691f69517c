"""What a customer's view shows and counts of each kind of record: leads, opportunities, orders, tickets and calls."""

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shared.events import Event
from shared.text import money

Count = tuple[str, int]
# A missed-call rate is about callers: calls that we made have counters of their own.
ANSWERED = {"inbound": "calls_answered", "outbound": "outbound_calls_answered"}
UNANSWERED = {"inbound": "calls_abandoned", "outbound": "outbound_calls_unanswered"}


@dataclass(frozen=True)
class Kind:
    """`facts` are the fields of an event's data that a view shows; none of them is personal.

    `counts` yields what one record adds to the customer's totals, from its status, whether it is open, and its facts.
    It raises ValueError, KeyError or TypeError for facts that cannot be counted.
    """

    block: str
    status: str
    closed: frozenset[str]
    facts: tuple[str, ...]
    counts: Callable[[str, bool, dict], Iterator[Count]]


def kind_of(event: Event) -> str:
    """`sales.lead.qualified` is about a lead."""
    return _noun(event.type)


def is_left(event: Event) -> bool:
    """True when the event tells its customer that the record is another one's now."""
    return event.data.get("customer_id", event.customer_id) != event.customer_id


@functools.cache
def _noun(type: str) -> str:
    return type.split(".")[1]


def facts_of(data: dict, names: tuple[str, ...]) -> dict:
    """Those of these fields of the data that are not null."""
    return {name: value for name in names if (value := data.get(name)) is not None}


def _count_lead(_: str, open: bool, __: dict) -> Iterator[Count]:
    yield "leads", 1
    yield "leads_open", int(open)


def _count_opportunity(status: str, open: bool, facts: dict) -> Iterator[Count]:
    value = money.of_fact(facts["amount"])
    yield "opportunities", 1
    yield "opportunities_open", int(open)
    yield "opportunities_won", int(status == "won")
    yield f"open_value.{value.currency}", value.amount if open else 0
    yield f"won_value.{value.currency}", value.amount if status == "won" else 0


def _count_order(status: str, open: bool, facts: dict) -> Iterator[Count]:
    value = money.of_fact(facts["total"])
    yield "orders", 1
    yield "orders_open", int(open)
    yield "orders_cancelled", int(status == "cancelled")
    yield f"order_value.{value.currency}", 0 if status == "cancelled" else value.amount


def _count_ticket(_: str, open: bool, __: dict) -> Iterator[Count]:
    yield "tickets", 1
    yield "tickets_open", int(open)


def _count_call(status: str, _: bool, facts: dict) -> Iterator[Count]:
    yield "calls", 1
    yield ANSWERED[facts["direction"]], int(facts.get("answered_at") is not None)
    yield UNANSWERED[facts["direction"]], int(status == "abandoned")
    yield "talk_s", int(facts.get("talk_s") or 0)


KINDS = {
    "lead": Kind(
        block="leads",
        status="status",
        closed=frozenset({"disqualified", "converted"}),
        facts=(
            "source",
            "partner_id",
            "campaign_code",
            "owner_id",
            "opportunity_id",
            "disqualify_reason",
            "received_at",
        ),
        counts=_count_lead,
    ),
    "opportunity": Kind(
        block="opportunities",
        status="stage",
        closed=frozenset({"won", "lost"}),
        facts=("amount", "expected_close_on", "closed_on", "lost_reason", "campaign_code", "lead_id", "owner_id"),
        counts=_count_opportunity,
    ),
    "order": Kind(
        block="orders",
        status="status",
        closed=frozenset({"completed", "cancelled"}),
        facts=("number", "total", "campaign_code", "opportunity_id", "owner_id", "cancel_reason", "placed_at"),
        counts=_count_order,
    ),
    "ticket": Kind(
        block="tickets",
        status="status",
        closed=frozenset({"resolved", "closed"}),
        facts=(
            "number",
            "type",
            "priority",
            "assignee",
            "channel",
            "order_id",
            "call_id",
            "opened_at",
            "first_response_due_at",
            "first_responded_at",
            "resolution_due_at",
            "reopened_count",
        ),
        counts=_count_ticket,
    ),
    "call": Kind(
        block="calls",
        status="status",
        closed=frozenset({"ended", "wrapped-up", "abandoned"}),
        facts=(
            "direction",
            "queue",
            "agent_id",
            "received_at",
            "answered_at",
            "ended_at",
            "wait_s",
            "talk_s",
            "disposition",
        ),
        counts=_count_call,
    ),
}


def totals_over(kind: str, items: Iterable[dict]) -> dict[str, Any]:
    """The totals of these records alone, in the form that a view keeps them in."""
    totals: dict[str, Any] = {}
    for item in items:
        for name, amount in KINDS[kind].counts(item["status"], item["open"], item["facts"]):
            counter, _, currency = name.partition(".")
            if currency:
                sums = totals.setdefault(counter, {})
                sums[currency] = sums.get(currency, 0) + amount
            else:
                totals[counter] = totals.get(counter, 0) + amount
    return totals


INTERACTION_FACTS = ("direction", "staff_id", "duration_s", "ticket_id", "call_id")
CUSTOMER_FIELDS = (
    "kind",
    "display_name",
    "given_name",
    "family_name",
    "company_name",
    "employer_name",
    "company_id",
    "phones",
    "emails",
    "addresses",
    "tier",
    "tags",
    "language",
    "status",
    "possible_duplicate_of",
    "created_at",
)
ENTRY_KINDS = ("customer", *KINDS, "interaction")
