"""The days are a ledger: whatever was reopened or cancelled, they sum up to the totals of the views."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.reporting.projections.daily import counts_of
from services.reporting.projections.fold import expected_views
from shared.events import Event
from tests.support.histories import START, History

SHANGHAI = ZoneInfo("Asia/Shanghai")
LATE_EVENING_IN_LONDON = datetime(2026, 11, 9, 23, 30, tzinfo=UTC)
BALANCES = ("opportunities_won", "won_value.CNY", "won_value.EUR", "order_value.CNY", "order_value.EUR")


def history(seed: int) -> list[Event]:
    return History(seed=seed, customers=5).events(400)


def first(type: str, **data) -> Event:
    told = next(event for event in history(1) if event.type == type)
    return replace(told, time=LATE_EVENING_IN_LONDON, data=told.data | data)


def of_days(events: list[Event]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for _, counts in filter(None, (counts_of(event, SHANGHAI) for event in events)):
        sums.update(counts)
    return sums


def of_views(events: list[Event]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for view in expected_views(events, applied_at=START).values():
        for name, total in view["totals"].items():
            sums.update(
                {f"{name}.{part}": n for part, n in total.items()} if isinstance(total, dict) else {name: total}
            )
    return sums


@pytest.mark.parametrize("seed", range(20))
def test_what_was_won_and_ordered_on_all_days_is_what_the_views_say(seed):
    events = history(seed)

    days, views = of_days(events), of_views(events)

    assert {name: days[name] for name in BALANCES} == {name: views[name] for name in BALANCES}
    assert days["orders_placed"] == views["orders"]
    assert days["tickets_opened"] == views["tickets"]


def test_the_histories_reopen_what_was_won_and_cancel_orders():
    events = history(1)

    assert any(event.data.get("reopened_from") == "won" for event in events)
    assert any(event.data.get("reopened_from") == "lost" for event in events)
    assert any(event.type == "sales.order.cancelled" for event in events)


def test_a_cancelled_order_leaves_the_order_value_on_the_day_it_is_cancelled():
    cancelled = first("sales.order.cancelled", total={"amount": 700, "currency": "EUR"})

    assert counts_of(cancelled, SHANGHAI) == ("2026-11-10", {"orders_cancelled": 1, "order_value.EUR": -700})


def test_a_won_opportunity_leaves_the_won_value_on_the_day_it_is_reopened():
    amount = {"amount": 700, "currency": "EUR"}
    reopened = first("sales.opportunity.reopened", reopened_from="won", amount=amount)

    assert counts_of(reopened, SHANGHAI) == ("2026-11-10", {"opportunities_won": -1, "won_value.EUR": -700})


def test_a_lost_opportunity_that_is_reopened_was_never_counted_as_won():
    reopened = first("sales.opportunity.reopened", reopened_from="lost")

    assert counts_of(reopened, SHANGHAI) == ("2026-11-10", {})
