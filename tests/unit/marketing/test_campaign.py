"""The rules of a campaign: dates, steps and the cost ledger."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.marketing.domain import campaign as campaigns
from services.marketing.domain.campaign import CostLine
from shared.problems import Conflict, Invalid, NotFound
from shared.text.money import Money

PLANNED_AT = datetime(2027, 2, 10, 2, 15, tzinfo=UTC)
LATER = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
STILL_LATER = datetime(2027, 3, 9, 1, 0, tzinfo=UTC)


def planned(**fields) -> campaigns.Campaign:
    defaults = {
        "id": "c1",
        "at": PLANNED_AT,
        "code": "SPRING-2027",
        "name": "春季新品推广",
        "channels": ["email", "letter"],
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 4, 30),
        "budget": Money(5_000_000, "CNY"),
        "owner": "marketer.chen",
    }
    return campaigns.plan(**{**defaults, **fields})


def line(id: str = "l1", amount: int = 1_250_000, currency: str = "CNY", category: str = "print") -> CostLine:
    return CostLine(id, "印刷宣传册", Money(amount, currency), date(2027, 2, 20), category, "marketer.chen", LATER)


def test_a_new_campaign_is_planned_and_has_cost_nothing():
    campaign = planned()

    assert (campaign.status, campaign.version, campaign.cost) == ("planned", 1, Money(0, "CNY"))


def test_a_campaign_of_one_day_is_fine_but_it_cannot_end_before_it_starts():
    planned(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 1))

    with pytest.raises(Invalid) as refused:
        planned(starts_on=date(2027, 3, 1), ends_on=date(2027, 2, 28))

    assert refused.value.errors[0].field == "ends_on"


def test_a_change_is_checked_like_a_new_plan():
    with pytest.raises(Invalid):
        planned().change({"starts_on": date(2027, 5, 1)}, at=LATER)

    changed = planned().change({"name": "Spring launch", "ends_on": date(2027, 5, 31)}, at=LATER)

    assert (changed.name, changed.ends_on, changed.updated_at) == ("Spring launch", date(2027, 5, 31), LATER)


def test_the_budget_may_change_its_currency_only_while_no_cost_counts():
    assert planned().change({"budget": Money(700_000, "EUR")}, at=LATER).cost == Money(0, "EUR")

    with_cost = planned().add_cost(line())
    with pytest.raises(Conflict) as refused:
        with_cost.change({"budget": Money(700_000, "EUR")}, at=LATER)
    after_reversal = with_cost.reverse_cost("l1", by="marketer.chen", at=LATER).change(
        {"budget": Money(1, "EUR")}, at=LATER
    )

    assert refused.value.code == "budget-currency-fixed"
    assert after_reversal.cost == Money(0, "EUR")


@pytest.mark.parametrize(
    ("status", "step", "leads_to"),
    [
        ("planned", "start", "running"),
        ("planned", "pause", None),
        ("planned", "finish", None),
        ("running", "start", None),
        ("running", "pause", "paused"),
        ("running", "finish", "finished"),
        ("paused", "start", "running"),
        ("paused", "pause", None),
        ("paused", "finish", "finished"),
        ("finished", "start", None),
        ("finished", "pause", None),
        ("finished", "finish", None),
    ],
)
def test_only_these_steps_are_possible(status, step, leads_to):
    campaign = replace(planned(), status=status)

    if leads_to is None:
        with pytest.raises(Conflict) as refused:
            getattr(campaign, step)(at=LATER)
        assert refused.value.code == f"campaign-{status}"
    else:
        assert getattr(campaign, step)(at=LATER).status == leads_to


def test_the_first_start_is_remembered_through_pauses():
    campaign = planned().start(at=LATER).pause(at=STILL_LATER).start(at=STILL_LATER)

    assert campaign.started_at == LATER


def test_a_finished_campaign_is_not_changed_but_takes_late_invoices():
    finished = planned().start(at=LATER).finish(at=STILL_LATER)

    with pytest.raises(Conflict) as refused:
        finished.change({"name": "Something else"}, at=STILL_LATER)

    assert refused.value.code == "campaign-finished"
    assert finished.finished_at == STILL_LATER
    assert finished.add_cost(line()).cost == Money(1_250_000, "CNY")


def test_costs_add_up_and_a_reversed_line_stays_but_no_longer_counts():
    campaign = planned().add_cost(line("l1")).add_cost(line("l2", 120_000, category="postage"))

    reversed_ = campaign.reverse_cost("l1", by="admin.root", at=STILL_LATER)

    assert campaign.cost == Money(1_370_000, "CNY")
    assert reversed_.cost == Money(120_000, "CNY")
    assert [entry.id for entry in reversed_.costs] == ["l1", "l2"]
    assert (reversed_.costs[0].reversed_by, reversed_.costs[0].reversed_at) == ("admin.root", STILL_LATER)
    assert reversed_.cost_by_category() == {"postage": 120_000}


def test_a_line_is_reversed_once():
    campaign = planned().add_cost(line()).reverse_cost("l1", by="marketer.chen", at=LATER)

    with pytest.raises(Conflict) as refused:
        campaign.reverse_cost("l1", by="marketer.chen", at=STILL_LATER)
    with pytest.raises(NotFound):
        campaign.reverse_cost("l9", by="marketer.chen", at=STILL_LATER)

    assert refused.value.code == "cost-already-reversed"


def test_a_cost_in_another_currency_is_refused():
    with pytest.raises(Conflict) as refused:
        planned().add_cost(line(currency="EUR"))

    assert refused.value.code == "cost-currency-differs"


def test_the_ledger_is_full_at_1000_lines():
    full = replace(planned(), costs=[line(f"l{number}") for number in range(1000)])

    with pytest.raises(Conflict) as refused:
        full.add_cost(line("one-more"))

    assert refused.value.code == "cost-ledger-full"
