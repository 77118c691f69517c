"""Service policies: which one applies, and which changes make sense."""

from dataclasses import replace

import pytest

from services.service_desk.domain.business_time import Calendar, OpeningHours
from services.service_desk.domain.sla import (
    AROUND_THE_CLOCK,
    DEFAULT_POLICIES,
    OFFICE_HOURS,
    PRIORITIES,
    Target,
    choose_policy,
)
from shared.problems import Invalid


def test_a_question_is_answered_in_office_hours():
    assert choose_policy(DEFAULT_POLICIES, type="question", tier="A") == OFFICE_HOURS


def test_a_defect_is_handled_around_the_clock():
    assert choose_policy(DEFAULT_POLICIES, type="defect", tier=None) == AROUND_THE_CLOCK


def test_the_lower_rank_is_tried_first_and_the_tier_must_fit():
    gold = replace(AROUND_THE_CLOCK, id="gold", rank=1, tiers=("A",))

    assert choose_policy([*DEFAULT_POLICIES, gold], type="question", tier="A") == gold
    assert choose_policy([*DEFAULT_POLICIES, gold], type="question", tier="B") == OFFICE_HOURS


def test_there_is_a_promise_even_when_no_policy_fits():
    assert choose_policy([], type="question", tier=None) == AROUND_THE_CLOCK


@pytest.mark.parametrize("policy", DEFAULT_POLICIES)
def test_a_higher_priority_is_never_promised_more_time(policy):
    promised = [policy.targets[priority] for priority in PRIORITIES]

    assert promised == sorted(promised, key=lambda target: target.resolution_minutes, reverse=True)
    assert promised == sorted(promised, key=lambda target: target.first_response_minutes, reverse=True)


def test_opening_hours_that_overlap_are_refused():
    hours = (OpeningHours(1, "09:00", "12:00"), OpeningHours(1, "11:00", "18:00"))

    with pytest.raises(Invalid, match="must not overlap"):
        OFFICE_HOURS.change({"calendar": Calendar("UTC", hours, ())})


def test_a_promise_longer_than_a_year_of_opening_hours_is_refused():
    one_minute = Calendar("UTC", (OpeningHours(1, "09:00", "09:01"),), ())
    targets = {priority: Target(10, 100) for priority in PRIORITIES}

    with pytest.raises(Invalid, match="fewer than the longest"):
        OFFICE_HOURS.change({"calendar": one_minute, "targets": targets})
