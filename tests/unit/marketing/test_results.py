"""How leads and orders are counted for a campaign, in any order and with any repetition."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.marketing.domain.contribution import Contribution, differences, newest, normal_code
from services.marketing.domain.result import cost_per_lead, return_on_cost
from shared.text.money import Money

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def order(id: str, version: int, code: str | None, status: str, amount: int = 100) -> Contribution:
    return Contribution(id, version, "orders", code, status, Money(amount, "CNY"), NOON + timedelta(minutes=version))


def lead(id: str, version: int, code: str | None, status: str) -> Contribution:
    return Contribution(id, version, "leads", code, status, None, NOON + timedelta(minutes=version))


def test_a_new_order_raises_the_revenue_and_a_cancelled_one_takes_it_back():
    placed, cancelled = order("o1", 1, "SPRING", "placed"), order("o1", 2, "SPRING", "cancelled")

    first = differences([(None, placed)])["SPRING"]
    second = differences([(placed, cancelled)])["SPRING"]

    assert first.counters == {"contributions": 1, "orders.placed": 1, "revenue.CNY": 100}
    assert second.counters == {"orders.placed": -1, "orders.cancelled": 1, "revenue.CNY": -100}
    assert second.counted_until == cancelled.at


def test_a_lead_that_moves_to_another_campaign_leaves_the_first():
    changed = differences([(lead("l1", 1, "SPRING", "new"), lead("l1", 2, "FAIR", "new"))])

    assert changed["SPRING"].counters == {"contributions": -1, "leads.new": -1}
    assert changed["FAIR"].counters == {"contributions": 1, "leads.new": 1}


def test_a_lead_without_a_campaign_counts_nowhere():
    assert differences([(None, lead("l1", 1, None, "new"))]) == {}


def test_the_newest_version_wins_whatever_the_order():
    versions = [lead("l1", version, "SPRING", "new") for version in (3, 1, 2, 3)]

    assert newest(versions)["l1"].version == 3


def test_shuffled_and_repeated_histories_give_the_same_totals():
    chance = random.Random(20270301)
    history = [
        contribution
        for number in range(60)
        for contribution in (
            lead(f"l{number}", 1, chance.choice(["SPRING", "FAIR", None]), "new"),
            lead(f"l{number}", 2, "SPRING", "qualified"),
            order(f"o{number}", 1, "SPRING", "placed", number),
            order(f"o{number}", 2, "FAIR", chance.choice(["placed", "cancelled"]), number),
        )
    ]
    expected = _apply_in_batches([history])

    for _ in range(20):
        delivered = history + chance.choices(history, k=100)
        chance.shuffle(delivered)
        size = chance.randint(1, 50)
        batches = [delivered[start : start + size] for start in range(0, len(delivered), size)]

        assert _apply_in_batches(batches) == expected


def _apply_in_batches(batches: list[list[Contribution]]) -> dict[str, dict[str, int]]:
    stored: dict[str, Contribution] = {}
    totals: dict[str, Counter] = {}
    for batch in batches:
        changed = [
            (stored.get(id), contribution)
            for id, contribution in newest(batch).items()
            if id not in stored or stored[id].version < contribution.version
        ]
        for code, difference in differences(changed).items():
            totals.setdefault(code, Counter()).update(difference.counters)
        stored.update({contribution.id: contribution for _, contribution in changed})
    return {code: {path: count for path, count in counters.items() if count} for code, counters in totals.items()}


@pytest.mark.parametrize(
    ("written", "meant"), [(" spring-2027 ", "SPRING-2027"), ("", None), ("  ", None), (None, None)]
)
def test_a_code_is_read_as_people_write_it(written, meant):
    assert normal_code(written) == meant


def test_cost_per_lead_is_rounded_to_a_whole_fen_and_missing_without_leads():
    assert cost_per_lead(Money(1_250_000, "CNY"), 48) == Money(26_042, "CNY")
    assert cost_per_lead(Money(5, "CNY"), 2) == Money(3, "CNY")
    assert cost_per_lead(Money(5, "CNY"), 0) is None


def test_the_return_is_what_was_earned_beyond_the_cost_per_unit_of_cost():
    assert return_on_cost(Money(1_250_000, "CNY"), [Money(9_800_000, "CNY")]) == 6.84
    assert return_on_cost(Money(100, "CNY"), []) == -1.0


def test_there_is_no_return_without_cost_or_across_currencies():
    assert return_on_cost(Money(0, "CNY"), [Money(100, "CNY")]) is None
    assert return_on_cost(Money(100, "CNY"), [Money(100, "CNY"), Money(5, "EUR")]) is None
