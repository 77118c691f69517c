"""The days are a ledger: whatever was reopened or cancelled, they sum up to the totals of the views."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.reporting.projections.daily import RULES, counts_of
from shared.events import Event
from tests.support import oracle
from tests.support.histories import History

LATE_EVENING_IN_LONDON = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
THEN = "2026-11-09T23:30:00.000Z"
A_MONTH_LATER = LATE_EVENING_IN_LONDON + timedelta(days=30)
FACTS_AND_THEIR_TIMES = {
    "sales.lead.received": "received_at",
    "sales.lead.qualified": "qualified_at",
    "sales.lead.converted": "closed_at",
    "sales.opportunity.reopened": "stage_since",
    "sales.order.placed": "placed_at",
    "sales.order.cancelled": "cancelled_at",
    "service-desk.ticket.opened": "opened_at",
    "service-desk.ticket.resolved": "resolved_at",
    "telephony.call.answered": "answered_at",
    "telephony.call.abandoned": "ended_at",
    "customer.interaction.logged": "occurred_at",
}
BALANCES = ("opportunities_won", "won_value.CNY", "won_value.EUR", "order_value.CNY", "order_value.EUR")


CALLS = ("calls_answered", "calls_abandoned", "outbound_calls_answered", "outbound_calls_unanswered")


def history(seed: int) -> list[Event]:
    return History(seed=seed, customers=5).events(400)


def first(type: str, **data) -> Event:
    told = next(event for event in history(1) if event.type == type)
    return replace(told, time=A_MONTH_LATER, data=told.data | data)


def of_days(events: list[Event]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for _, counts in filter(None, (counts_of(event) for event in events)):
        sums.update(counts)
    return sums


def of_views(events: list[Event]) -> Counter[str]:
    customers = {event.customer_id for event in events if event.customer_id}
    return sum((oracle.totals(customer, events) for customer in customers), Counter())


@pytest.mark.parametrize("seed", range(20))
def test_each_day_has_what_the_slow_way_counts_on_it(seed):
    events = history(seed)
    counted: dict[str, Counter[str]] = {}
    for day, counts in filter(None, map(counts_of, events)):
        counted.setdefault(day, Counter()).update(counts)

    expected = {day: counts for day, counts in oracle.days(events).items() if counts}
    assert counted == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_was_won_and_ordered_on_all_days_is_what_the_views_say(seed):
    events = history(seed)

    days, views = of_days(events), of_views(events)

    assert {name: days[name] for name in BALANCES} == {name: views[name] for name in BALANCES}
    assert days["orders_placed"] == views["orders"]
    assert days["tickets_opened"] == views["tickets"]
    for name in ("orders_cancelled", *CALLS):
        assert days[name] == views[name]


def test_the_histories_reopen_what_was_won_and_cancel_orders():
    events = history(1)

    assert any(event.data.get("reopened_from") == "won" for event in events)
    assert any(event.data.get("reopened_from") == "lost" for event in events)
    assert any(event.type == "sales.order.cancelled" for event in events)


def test_every_counted_fact_has_its_time_here():
    closings = {"sales.opportunity.won"}
    other_touches = {"service-desk.interaction.logged", "telephony.interaction.logged"}

    assert RULES.keys() == FACTS_AND_THEIR_TIMES.keys() | closings | other_touches


@pytest.mark.parametrize(("type", "field"), FACTS_AND_THEIR_TIMES.items())
def test_a_fact_counts_on_the_day_on_which_it_took_place_however_late_we_hear_of_it(type, field):
    day, _ = counts_of(first(type, **{field: THEN}))

    assert day == "2026-11-10"


def test_a_won_opportunity_counts_on_its_closing_day():
    assert counts_of(first("sales.opportunity.won", closed_on="2025-02-28"))[0] == "2025-02-28"


@pytest.mark.parametrize(
    ("type", "direction", "counter"),
    [
        ("telephony.call.answered", "inbound", "calls_answered"),
        ("telephony.call.abandoned", "inbound", "calls_abandoned"),
        ("telephony.call.answered", "outbound", "outbound_calls_answered"),
        ("telephony.call.abandoned", "outbound", "outbound_calls_unanswered"),
    ],
)
def test_only_callers_can_be_missed(type, direction, counter):
    assert counts_of(first(type, direction=direction))[1] == {counter: 1}


def test_a_cancelled_order_leaves_the_order_value_on_the_day_it_is_cancelled():
    cancelled = first("sales.order.cancelled", total={"amount": 700, "currency": "EUR"}, cancelled_at=THEN)

    assert counts_of(cancelled) == ("2026-11-10", {"orders_cancelled": 1, "order_value.EUR": -700})


def test_a_won_opportunity_leaves_the_won_value_on_the_day_it_is_reopened():
    amount = {"amount": 700, "currency": "EUR"}
    reopened = first("sales.opportunity.reopened", reopened_from="won", amount=amount, stage_since=THEN)

    assert counts_of(reopened) == ("2026-11-10", {"opportunities_won": -1, "won_value.EUR": -700})


def test_a_lost_opportunity_that_is_reopened_was_never_counted_as_won():
    reopened = first("sales.opportunity.reopened", reopened_from="lost", stage_since=THEN)

    assert counts_of(reopened) == ("2026-11-10", {})
