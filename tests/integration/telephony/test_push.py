"""The screen pop: a real push process tells an agent's browser of the offered call before it is answered."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import orjson
import pytest

from tests.support.harness import Harness, eventually
from tests.support.telephony import customer_event

POP_SECONDS = 1.0


@pytest.fixture(scope="module")
def push(service) -> Iterator[str]:
    """The address of a gunicorn process with gevent workers, as in production."""
    telephony: Harness = service("telephony")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "shared/gunicorn.conf.py", "--worker-class", "gevent"),
            *("--bind", f"127.0.0.1:{port}", "services.telephony.push:create_push_app()"),
        ],
        env=os.environ | telephony.environ,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(address), within=30)
        yield address
    finally:
        process.kill()
        process.wait(30)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez", timeout=1).status_code == 200
    except httpx.TransportError:
        return False


class Browser:
    """Listens as the agent bar does and keeps what it heard, with the time."""

    def __init__(self, address: str, token: str) -> None:
        self.heard: list[tuple[str, dict, float]] = []
        self._client = httpx.Client(timeout=30)
        self._thread = threading.Thread(target=self._listen, args=(address, token), daemon=True)
        self._thread.start()

    def _listen(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with self._client.stream("GET", f"{address}/v1/stream", headers=headers) as response:
            name = ""
            try:
                for line in response.iter_lines():
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self.heard.append((name, orjson.loads(line.removeprefix("data: ")), time.monotonic()))
            except httpx.TransportError:
                return

    def pops(self) -> list[tuple[dict, float]]:
        return [(desk, at) for name, desk, at in self.heard if name == "change" and desk["agent"]["state"] == "offered"]

    def states(self) -> list[str]:
        return [desk["agent"]["state"] for name, desk, _ in self.heard if name == "change"]

    def is_connected(self) -> bool:
        return any(name == "hello" for name, _, _ in self.heard)

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def open_browser(telephony, push) -> Iterator:
    opened: list[Browser] = []

    def open_for(person: str) -> Browser:
        browser = Browser(push, telephony.issuer.token(person))
        opened.append(browser)
        eventually(browser.is_connected)
        return browser

    yield open_for
    for browser in opened:
        browser.close()


def watching(browser: Browser, be, agent: str) -> None:
    """The watch has really begun when a change comes through."""
    states = iter(["break", "available"] * 50)
    eventually(lambda: be(agent, next(states)) and "available" in browser.states())
    be(agent, "available")


def test_the_offered_call_pops_up_with_its_caller_before_it_is_answered(telephony, switch, be, open_browser):
    telephony.publish(customer_event("customer-pop", name="张伟", phones=["+8613812340000"]))
    telephony.consume()
    browser = open_browser("caller.sun")
    watching(browser, be, "caller.sun")
    browser.heard.clear()

    started = time.monotonic()
    call_id = switch.ring(number="+8613812340000")
    desk, at = eventually(browser.pops)[0]

    assert at - started < POP_SECONDS
    assert (desk["call"]["id"], desk["call"]["status"], desk["call"]["answered_at"]) == (call_id, "offered", None)
    assert desk["call"]["customer"] == {"customer_id": "customer-pop", "name": "张伟"}
    assert desk["call"]["customer_number"] == "+8613812340000"


def test_both_tabs_of_the_agent_pop_and_nobody_elses(switch, be, open_browser):
    tabs = [open_browser("caller.sun"), open_browser("caller.sun")]
    other = open_browser("caller.okafor")
    watching(tabs[0], be, "caller.sun")
    for browser in (*tabs, other):
        browser.heard.clear()

    call_id = switch.ring()

    for tab in tabs:
        assert eventually(tab.pops)[0][0]["call"]["id"] == call_id
    assert other.heard == []


def test_the_whole_call_shows_on_the_agents_screen(telephony, switch, be, open_browser):
    browser = open_browser("caller.sun")
    watching(browser, be, "caller.sun")
    browser.heard.clear()

    call_id = switch.ring()
    for step, body in (("answer", None), ("hang-up", None), ("wrap-up", {"disposition": "other"})):
        telephony.post(f"/v1/calls/{call_id}/{step}", body, as_="caller.sun")

    eventually(lambda: browser.states()[-1:] == ["available"])
    # A change that follows at once may be told together with the one before.
    assert [state for state in ("offered", "on-call", "wrap-up", "available") if state in browser.states()][
        -1
    ] == "available"


@pytest.mark.parametrize(("person", "status"), [(None, 401), ("rep.li", 403), ("customer.zhang", 403)])
def test_only_agents_listen(telephony, push, person, status):
    headers = {"Authorization": f"Bearer {telephony.issuer.token(person)}"} if person else {}

    assert httpx.get(f"{push}/v1/stream", headers=headers, timeout=5).status_code == status
