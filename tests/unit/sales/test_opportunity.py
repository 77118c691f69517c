"""An opportunity on its way through the stages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.sales.domain import opportunity as rules
from services.sales.domain.line import Line, value
from services.sales.domain.opportunity import Opportunity, StageEntry
from shared.problems import Conflict, Invalid
from shared.text.money import MAX_TOTAL, Money

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
DAY = date(2026, 11, 24)


def opportunity(stage: str = "prospecting") -> Opportunity:
    return Opportunity(
        id="opportunity-1",
        version=1,
        customer_id="customer-1",
        name="Call centre",
        stage=stage,
        amount=Money(100, "CNY"),
        lines=[],
        expected_close_on=None,
        engaged_on=date(2026, 11, 1),
        source="staff",
        owner_id="rep.li",
        history=[StageEntry(stage, AT, "rep.li")],
        created_at=AT,
        updated_at=AT,
    )


def test_a_move_is_kept_in_the_history():
    moved = opportunity().move("proposal", lost_reason=None, at=LATER, today=DAY, by="rep.li")

    assert moved.stage == "proposal"
    assert moved.history[-1] == StageEntry("proposal", LATER, "rep.li")
    assert moved.closed_on is None


def test_a_won_opportunity_has_its_closing_day():
    won = opportunity().win(at=LATER, today=DAY, by="rep.li")

    assert (won.stage, won.closed_on) == ("won", DAY)


def test_a_lost_opportunity_needs_a_reason():
    with pytest.raises(Invalid, match="why it was lost"):
        opportunity().move("lost", lost_reason=None, at=LATER, today=DAY, by="rep.li")

    lost = opportunity().move("lost", lost_reason="price", at=LATER, today=DAY, by="rep.li")

    assert (lost.lost_reason, lost.closed_on) == ("price", DAY)


def test_only_a_lost_opportunity_has_a_lost_reason():
    with pytest.raises(Invalid, match="lost_reason"):
        opportunity().move("proposal", lost_reason="price", at=LATER, today=DAY, by="rep.li")


def test_a_move_to_its_own_stage_is_refused():
    with pytest.raises(Conflict) as refused:
        opportunity("proposal").move("proposal", lost_reason=None, at=LATER, today=DAY, by="rep.li")

    assert refused.value.code == "same-stage"


def test_a_closed_opportunity_must_be_reopened_before_it_moves():
    lost = opportunity().move("lost", lost_reason="price", at=AT, today=DAY, by="rep.li")
    with pytest.raises(Conflict, match="Reopen"):
        lost.move("proposal", lost_reason=None, at=LATER, today=DAY, by="rep.li")

    reopened = lost.reopen("negotiation", at=LATER, by="manager.wang")

    assert (reopened.stage, reopened.closed_on, reopened.lost_reason) == ("negotiation", None, None)


def test_an_open_opportunity_is_not_reopened():
    with pytest.raises(Conflict, match="open"):
        opportunity().reopen("proposal", at=LATER, by="rep.li")


def test_the_history_stays_bounded():
    moving = replace(opportunity(), history=[StageEntry("proposal", AT, "rep.li")] * 100)

    moved = moving.move("negotiation", lost_reason=None, at=LATER, today=DAY, by="rep.li")

    assert len(moved.history) == 100
    assert moved.history[-1].stage == "negotiation"


def test_an_imported_opportunity_cannot_close_before_it_was_engaged():
    with pytest.raises(Invalid, match="closed_on"):
        rules.check_dates(stage="won", engaged_on=date(2026, 2, 1), closed_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match="closed_on"):
        rules.check_dates(stage="proposal", engaged_on=date(2026, 2, 1), closed_on=date(2026, 3, 1))


def test_the_lines_make_the_value_in_one_currency():
    lines = [Line("p1", "GTX-PRO", 2, Money(482100, "CNY")), Line("p2", "GTX-BASIC", 1, Money(55000, "CNY"))]

    assert value(lines) == Money(1019200, "CNY")
    with pytest.raises(Invalid, match="one currency"):
        value([*lines, Line("p3", "MG", 1, Money(1, "USD"))])
    with pytest.raises(Invalid, match="at most"):
        value([Line("p1", "GTX-PRO", 2, Money(MAX_TOTAL, "CNY"))])
