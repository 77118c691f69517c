"""The rules of an agent's state."""

from datetime import UTC, datetime, timedelta

import pytest

from services.telephony.domain.agent import Agent
from shared.problems import Conflict

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NINE + timedelta(minutes=10)
IDLE = Agent(id="caller.sun", version=3, name="孙丽", state="available", state_since=NINE, idle_since=NINE)


def with_call(state: str) -> Agent:
    return Agent(
        id="caller.sun", version=4, name="孙丽", state=state, state_since=NINE, idle_since=NINE, call_id="call-1"
    )


def test_choosing_available_again_keeps_the_place_among_the_idle():
    assert IDLE.choose("available", None, name="孙丽", at=LATER).idle_since == NINE


def test_a_break_has_a_reason():
    assert IDLE.choose("break", None, name="孙丽", at=LATER).reason == "other"
    assert IDLE.choose("break", "lunch", name="孙丽", at=LATER).reason == "lunch"


@pytest.mark.parametrize("state", ["offered", "on-call", "wrap-up"])
def test_an_agent_with_a_call_cannot_walk_away_from_it(state):
    with pytest.raises(Conflict):
        with_call(state).choose("offline", None, name="孙丽", at=LATER)


@pytest.mark.parametrize(
    ("call_status", "state", "idle_since", "call_id"),
    [
        ("answered", "on-call", NINE, "call-1"),
        ("held", "on-call", NINE, "call-1"),
        ("ended", "wrap-up", NINE, "call-1"),
        ("wrapped-up", "available", LATER, None),
        ("closing", "available", NINE, None),
        ("abandoned", "available", NINE, None),
        ("offered", "offered", NINE, "call-1"),
    ],
)
def test_the_agent_follows_the_call(call_status, state, idle_since, call_id):
    agent = with_call("offered").follow(call_status, at=LATER)

    assert (agent.state, agent.idle_since, agent.call_id) == (state, idle_since, call_id)


def test_whose_call_another_one_answered_is_free_at_the_old_place():
    agent = with_call("offered").release(at=LATER)

    assert (agent.state, agent.idle_since, agent.call_id) == ("available", NINE, None)


@pytest.mark.parametrize(
    ("call_status", "state"), [("answered", "on-call"), ("dialing", "on-call"), ("ended", "wrap-up")]
)
def test_a_call_without_offer_makes_busy_until_the_wrap_up(call_status, state):
    agent = IDLE.take("call-1", call_status, at=LATER)

    assert (agent.state, agent.call_id) == (state, "call-1")


def test_who_misses_a_call_gets_no_more_until_back():
    agent = with_call("offered").miss(at=LATER)

    assert (agent.state, agent.reason, agent.call_id) == ("break", "no-answer", None)
