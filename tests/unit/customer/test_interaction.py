"""Interactions: a touch that took place."""

from datetime import UTC, datetime, timedelta

import pytest

from services.customer.domain.interaction import Interaction
from shared.problems import Invalid

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def logged(occurred_at: datetime) -> Interaction:
    return Interaction(
        id="i1",
        version=1,
        customer_id="c1",
        channel="visit",
        direction="out",
        subject="Site visit",
        body=None,
        occurred_at=occurred_at,
        duration_s=None,
        staff_id="rep.li",
        logged_at=NOW,
    )


def test_a_touch_can_be_logged_days_later_but_not_in_advance():
    assert logged(NOW - timedelta(days=9)).logged_at == NOW
    with pytest.raises(Invalid):
        logged(NOW + timedelta(hours=1))


def test_the_clock_of_the_writer_may_be_a_little_fast():
    assert logged(NOW + timedelta(minutes=4)).occurred_at > NOW
