"""The simulator plays a busy hour against the service's own processes: web and worker."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.support.harness import Harness, eventually
from tests.support.telephony import customer_event

AGENTS = ("caller.sun", "caller.okafor")
NUMBERS = ("+8613800000001", "+8613800000002")


@pytest.fixture
def address(telephony: Harness) -> Iterator[str]:
    """A web process that is reached under /api/telephony, as through the gateway, and a worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | telephony.environ | {"SCRIPT_NAME": "/api/telephony", "BIND": f"127.0.0.1:{port}"}
    commands = [
        ["-m", "gunicorn", "--config", "shared/gunicorn.conf.py", "services.telephony.app:create_app()"],
        ["-m", "services.telephony.worker"],
    ]
    processes = [subprocess.Popen([sys.executable, *command], env=environ) for command in commands]
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(f"{address}/api/telephony/livez"), within=60)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(40)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def simulate(telephony: Harness, address: str, *options: str) -> subprocess.CompletedProcess:
    tokens = {f"AGENT_TOKEN_{re.sub('[^A-Z]', '_', name.upper())}": telephony.issuer.token(name) for name in AGENTS}
    command = [sys.executable, "-m", "services.telephony.simulator", "--gateway", address, *options]
    return subprocess.run(
        command, env=os.environ | telephony.environ | tokens, capture_output=True, text=True, timeout=150
    )


@pytest.mark.slow("eight calls are talked through, with pauses as people make them")
def test_every_simulated_call_ends_as_one_call_and_every_agent_goes_home(telephony, address):
    telephony.publish(
        customer_event("customer-1", name="张伟", phones=[NUMBERS[0]]),
        customer_event("customer-2", name="Ada Lovelace", phones=[NUMBERS[1]]),
    )
    eventually(lambda: telephony.database["customers"].count_documents({}) == 2, within=60)

    played = simulate(
        telephony,
        address,
        *(
            "--calls",
            "8",
            "--seed",
            "7",
            "--between-seconds",
            "0.5",
            "--talk-seconds",
            "1.5",
            "--patience-seconds",
            "15",
        ),
        *(
            "--wrap-up-seconds",
            "0.5",
            "--max-seconds",
            "60",
            "--numbers",
            ",".join(NUMBERS),
            "--agents",
            ",".join(AGENTS),
        ),
    )

    assert played.returncode == 0, played.stderr
    assert "8 calls:" in played.stdout
    calls = eventually(lambda: over(telephony), within=30)
    assert len(calls) == 8
    assert {agent["state"] for agent in telephony.database["agents"].find()} == {"offline"}
    assert any(call["status"] == "wrapped-up" for call in calls)
    eventually(lambda: not telephony.database["calls"].count_documents({"_outbox": {"$exists": True}}), within=30)
    touches = [event["data"]["call_id"] for event in telephony.read_topic("crm.interaction")]
    assert sorted(touches) == sorted(call["_id"] for call in calls)


def over(telephony: Harness) -> list[dict]:
    calls = list(telephony.database["calls"].find())
    assert {call["status"] for call in calls} <= {"wrapped-up", "abandoned"}
    return calls


def test_the_simulator_says_when_it_has_no_secret(telephony):
    command = [sys.executable, "-m", "services.telephony.simulator", "--calls", "1"]
    environ = {name: value for name, value in os.environ.items() if name != "SWITCH_SECRET"}

    played = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)

    assert played.returncode == 78
    assert "SWITCH_SECRET" in played.stderr
