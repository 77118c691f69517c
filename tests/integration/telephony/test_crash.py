"""A process killed in the middle of its work leaves no agent without the call and no call without the agent."""

import os
import random
import subprocess
import sys
import threading
import time

import pytest

from services.telephony.commands import routing
from services.telephony.repositories import calls as repository
from shared import events, mongo
from tests.support import call_storm
from tests.support.harness import Harness

SEED = 20260302
ROUNDS = 5


def one_storm_then_kill(telephony: Harness, seed: str, after_seconds: float) -> list[str]:
    """Answers the calls that the killed process had reported as stored."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.call_storm", seed],
        env=os.environ | telephony.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    stored: list[str] = []
    begun = threading.Event()

    def read() -> None:
        for line in process.stdout:
            if line.endswith("\n"):
                stored.append(line.strip())
            begun.set()
        begun.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert begun.wait(60)
    assert process.poll() is None, "the storm ended by itself"
    time.sleep(after_seconds)
    process.kill()
    process.wait()
    reader.join()
    return stored


@mongo.transactional
def snapshot() -> tuple[list[dict], dict[str, dict]]:
    """All agents and calls at one moment: what a killed process sent last may still be on its way into the database."""
    calls = {call["_id"]: call for call in mongo.collection("calls").find()}
    return list(mongo.collection("agents").find()), calls


def check_agents_and_calls_agree(telephony: Harness) -> None:
    with telephony.bound():
        agents, calls = snapshot()
    for agent in agents:
        if agent["call_id"] is None:
            assert agent["state"] in ("offline", "available", "break")
            continue
        call = calls[agent["call_id"]]
        assert call["agent_id"] == agent["_id"]
        assert {"offered": "offered", "answered": "on-call", "ended": "wrap-up"}[call["status"]] == agent["state"]
    busy = {agent["call_id"] for agent in agents} - {None}
    assert {id for id, call in calls.items() if call["status"] in ("offered", "answered", "ended")} == busy


def finish_everything() -> None:
    """What the timers and the people do after a restart."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        routing.expire_offers(call_storm.OFFER_SECONDS)
        for agent in call_storm.AGENTS:
            call_storm.work_on(agent)
        if repository.find_longest_waiting() is None and not any(
            repository.counts_by_status(("offered", "answered", "ended")).values()
        ):
            return
    raise AssertionError("calls are left")


@pytest.mark.slow("five processes start and are killed")
def test_kills_in_the_middle_lose_nothing_and_leave_nobody_stuck(telephony):
    chance = random.Random(SEED)
    stored: list[str] = []
    for number in range(ROUNDS):
        stored += one_storm_then_kill(telephony, f"{SEED}-{number}", chance.uniform(0.3, 1.5))
        check_agents_and_calls_agree(telephony)

    with telephony.acting():
        finish_everything()

    calls = {call["switch_call_id"]: call for call in telephony.database["calls"].find()}
    check_agents_and_calls_agree(telephony)
    assert set(stored) <= set(calls)
    assert {call["status"] for call in calls.values()} <= {"wrapped-up", "abandoned"}
    for call in calls.values():
        told = [events.decode(entry["b"]) for entry in call["_outbox"]]
        assert [event.type for event in told].count("telephony.call.received") == 1
        assert [event.version for event in told] == sorted(event.version for event in told)
        assert told[-1].type in ("telephony.call.wrapped-up", "telephony.call.abandoned")
        assert len({event.id for event in told}) == len(told)
