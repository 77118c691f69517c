"""Telephony under test: an empty service, its switch, and agents who choose their state."""

from collections.abc import Callable

import pytest

from services.telephony.repositories import INDEXES
from tests.support.harness import Harness
from tests.support.telephony import Switch


@pytest.fixture
def telephony(service: Callable[[str], Harness]) -> Harness:
    harness = service("telephony")
    for name in INDEXES:
        harness.database[name].delete_many({})
    return harness


@pytest.fixture
def switch(telephony: Harness) -> Switch:
    return Switch(telephony)


@pytest.fixture
def be(telephony: Harness) -> Callable[..., dict]:
    """`be("caller.sun", "available")`: an agent chooses a state; answers the agent's desk."""

    def choose(agent: str, state: str, reason: str | None = None) -> dict:
        desk = telephony.get("/v1/agents/me", as_=agent)
        body = {"state": state} | ({"reason": reason} if reason else {})
        answer = telephony.put("/v1/agents/me/state", body, as_=agent, if_match=desk.headers["ETag"])
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    return choose
