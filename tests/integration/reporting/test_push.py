"""Live: whoever looks at a customer hears of a change as soon as the view has it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

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
        process.terminate()
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

    version = reporting.get(f"/v1/customers/{id}/360", as_="rep.li").get_json()["version"]
    eventually(lambda: {"customer_id": id, "version": version} in page.changes())
    assert {change["customer_id"] for change in page.changes()} == {id}
    page.close()


def test_a_customer_may_not_listen(reporting, address):
    token = reporting.issuer.token("customer.zhang")

    refused = httpx.get(f"{address}/v1/stream", headers={"Authorization": f"Bearer {token}"})

    assert refused.status_code == 403
    assert httpx.get(f"{address}/v1/stream").status_code == 401
