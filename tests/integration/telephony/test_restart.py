"""A worker that was away catches up, and an agent with a call keeps it."""

import os
import subprocess
import sys

import pytest

from tests.support.harness import eventually
from tests.support.telephony import seconds_ago


@pytest.mark.slow("a worker process starts and stops")
def test_the_timers_catch_up_when_the_worker_comes_back(telephony, switch, be):
    be("caller.sun", "available")
    talking = switch.ring()
    telephony.post(f"/v1/calls/{talking}/answer", as_="caller.sun")
    be("caller.okafor", "available")
    missed = switch.ring()
    left = switch.tell("ringing", "sw-left").get_json()["call"]["id"]
    switch.tell("hung_up", "sw-left")
    calls = telephony.database["calls"]
    calls.update_one({"_id": missed}, {"$set": {"offer_expires_at": seconds_ago(600)}})
    calls.update_one({"_id": left}, {"$set": {"heard_at": seconds_ago(600)}})

    worker = subprocess.Popen([sys.executable, "-m", "services.telephony.worker"], env=os.environ | telephony.environ)
    try:
        eventually(lambda: calls.find_one({"_id": missed})["status"] == "queued", within=60)
        eventually(lambda: calls.find_one({"_id": left})["status"] == "abandoned", within=20)
    finally:
        worker.terminate()
        worker.wait(40)

    desk = telephony.get("/v1/agents/me", as_="caller.sun").get_json()
    assert (desk["agent"]["state"], desk["call"]["id"]) == ("on-call", talking)
    assert telephony.get("/v1/agents/me", as_="caller.okafor").get_json()["agent"]["reason"] == "no-answer"
    assert worker.returncode == 0
