"""Live: whoever looks at a customer hears of a change as soon as the view has it."""

import os
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import orjson
import pytest

from tests.support.harness import eventually
from tests.support.histories import History


@pytest.fixture(scope="module")
def address(reporting) -> Iterator[str]:
    """Where a gunicorn process with a gevent worker listens, as in production."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gunicorn = (sys.executable, "-m", "gunicorn", "--config", "shared/gunicorn.conf.py", "--worker-class", "gevent")
    process = subprocess.Popen(
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "services.reporting.push:create_push_app()"],
        env=os.environ | reporting.environ,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: answers(address), within=60)
        yield address
    finally:
        process.kill()
        process.wait(30)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez", timeout=1).status_code == 200
    except httpx.TransportError:
        return False


class Page:
    """A browser that shows one customer and keeps what it heard."""

    def __init__(self, address: str, token: str, customer_id: str) -> None:
        self.heard: list[tuple[str, dict]] = []
        self._client = httpx.Client(timeout=30)
        self._request = (f"{address}/v1/stream?customer_id={customer_id}", {"Authorization": f"Bearer {token}"})
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        url, headers = self._request
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                name = ""
                for line in response.iter_lines():
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self.heard.append((name, orjson.loads(line.removeprefix("data: "))))
        except httpx.TransportError:
            return

    def changes(self) -> list[dict]:
        return [body for name, body in self.heard if name == "change"]

    def close(self) -> None:
        self._client.close()


def test_the_page_of_a_customer_hears_of_changes_of_this_customer_only(reporting, tell, address):
    told = [event for event in History(seed=90, customers=2).events(60) if event.topic == "crm.order"]
    id, other = sorted({event.customer_id for event in told})
    page = Page(address, reporting.issuer.token("rep.li"), id)

    # Hello comes twice: for the page, and when the watch has begun.
    eventually(lambda: [name for name, _ in page.heard].count("hello") >= 2)
    tell(event for event in told if event.customer_id == other)
    reporting.consume()
    tell(event for event in told if event.customer_id == id)
    reporting.consume()

    version = reporting.get(f"/v1/customers/{id}/360", as_="manager.wang").get_json()["version"]
    eventually(lambda: {"customer_id": id, "version": version} in page.changes())
    assert {change["customer_id"] for change in page.changes()} == {id}
    page.close()


def test_a_page_hears_only_of_changes_that_its_role_sees(reporting, tell, address):
    told = History(seed=93, customers=1).events(40)
    id = next(event.customer_id for event in told if event.customer_id)
    marketer, manager = (
        Page(address, reporting.issuer.token(person), id) for person in ("marketer.chen", "manager.wang")
    )
    eventually(lambda: all([name for name, _ in page.heard].count("hello") >= 1 for page in (marketer, manager)))

    tell(event for event in told if event.topic == "crm.order")
    reporting.consume()
    eventually(manager.changes)
    tell(event for event in told if event.topic == "crm.customer")
    reporting.consume()

    version = reporting.get(f"/v1/customers/{id}/360", as_="manager.wang").get_json()["version"]
    eventually(lambda: {"customer_id": id, "version": version} in marketer.changes())
    assert {change["version"] for change in manager.changes()} > {change["version"] for change in marketer.changes()}
    marketer.close()
    manager.close()


def test_a_customer_may_not_listen(reporting, address):
    token = reporting.issuer.token("customer.zhang")

    refused = httpx.get(f"{address}/v1/stream", headers={"Authorization": f"Bearer {token}"})

    assert refused.status_code == 403
    assert httpx.get(f"{address}/v1/stream").status_code == 401


def test_a_head_request_joins_no_stream(reporting, address):
    headers = {"Authorization": f"Bearer {reporting.issuer.token('rep.garcia')}"}
    before = listening(address)

    answers = [httpx.head(f"{address}/v1/stream", headers=headers) for _ in range(12)]

    assert {answer.status_code for answer in answers} == {200}
    assert listening(address) == before


def test_one_person_has_ten_streams_at_most_and_others_are_not_concerned(reporting, address):
    with ExitStack() as open_:
        for _ in range(10):
            assert open_.enter_context(stream(address, reporting.issuer.token("rep.garcia"))).startswith(
                b"HTTP/1.1 200"
            )
        refused = httpx.get(
            f"{address}/v1/stream", headers={"Authorization": f"Bearer {reporting.issuer.token('rep.garcia')}"}
        )
        other = open_.enter_context(stream(address, reporting.issuer.token("rep.li")))

        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-streams")
        assert "10 live streams" in refused.json()["detail"]
        assert refused.headers["retry-after"] == "3"
        assert other.startswith(b"HTTP/1.1 200")


@pytest.mark.slow("a client of its own is started, and killed")
@pytest.mark.parametrize("how", ["closes its connection", "resets its connection", "is killed"])
def test_whoever_leaves_in_any_way_makes_room_at_once(reporting, address, how):
    token, before = reporting.issuer.token("rep.garcia"), listening(address)
    with ExitStack() as open_:
        for _ in range(9):
            open_.enter_context(stream(address, token))
        LEAVE[how](address, token)

        assert eventually(lambda: connects(address, token), within=8)
    assert eventually(lambda: listening(address) == before, within=8)


@contextmanager
def stream(address: str, token: str) -> Iterator[bytes]:
    """An open stream; answers how it began."""
    with connected(address, token) as connection:
        yield connection.recv(4096)


@contextmanager
def connected(address: str, token: str) -> Iterator[socket.socket]:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        request = f"GET /v1/stream HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        connection.sendall(request.encode())
        yield connection


def connects(address: str, token: str) -> bool:
    with stream(address, token) as beginning:
        return beginning.startswith(b"HTTP/1.1 200")


def listening(address: str) -> float:
    """How many streams are open, as the process itself counts them."""
    metrics = httpx.get(f"{address}/metrics").text
    return sum(float(value) for value in re.findall(r"^crm_push_clients\{.*\} ([\d.]+)", metrics, re.MULTILINE))


def _closes(address: str, token: str) -> None:
    with stream(address, token):
        pass


def _resets(address: str, token: str) -> None:
    with connected(address, token) as connection:
        connection.recv(4096)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _is_killed(address: str, token: str) -> None:
    client = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import httpx, sys, time\n"
            "url, token = sys.argv[1:]\n"
            "with httpx.stream('GET', url, headers={'Authorization': 'Bearer ' + token}) as answer:\n"
            "    print(answer.status_code, flush=True); time.sleep(60)",
            *(f"{address}/v1/stream", token),
        ],
        stdout=subprocess.PIPE,
    )
    assert client.stdout.readline() == b"200\n"
    client.kill()
    client.wait(5)
    client.stdout.close()


LEAVE = {"closes its connection": _closes, "resets its connection": _resets, "is killed": _is_killed}
