"""A web process that is told to stop: what it has begun is finished, and no request on an open connection is lost."""

import dataclasses
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.support import toy
from tests.support.harness import eventually

DRAIN_SECONDS = 25


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def web(settings: toy.ToySettings, database, port: int) -> Iterator[subprocess.Popen]:
    """The toy service under gunicorn with the settings of production."""
    environ = {field.name.upper(): str(getattr(settings, field.name)) for field in dataclasses.fields(settings)}
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "shared/gunicorn.conf.py", "tests.support.toy:create_app()"],
        env=os.environ | environ | {"BIND": f"127.0.0.1:{port}"},
    )
    try:
        eventually(lambda: listens(port), within=60)
        yield process
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow("a web process starts and is drained")
def test_a_stopping_process_answers_what_it_has_begun_and_what_comes_on_open_connections(web, port, database, issuer):
    bearer = {"Authorization": f"Bearer {issuer.token('rep.li')}"}
    kept, begun = (http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(2))
    kept.request("GET", "/livez")
    assert kept.getresponse().read()
    body = json.dumps({"text": "half before, half after"}).encode()
    begun.putrequest("POST", "/v1/notes")
    for name, value in {**bearer, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
        begun.putheader(name, value)
    begun.endheaders(body[:10])

    web.send_signal(signal.SIGTERM)
    stopping = time.monotonic()
    eventually(lambda: not listens(port), within=10)
    begun.send(body[10:])
    written = begun.getresponse()
    note = json.load(written)
    begun.close()  # As the gateway does with a connection that it has no more use for.
    kept.request("GET", f"/v1/notes/{note['id']}", headers=bearer)
    read = kept.getresponse()

    assert (written.status, read.status) == (201, 200)
    assert json.load(read)["text"] == "half before, half after"
    assert read.headers["Connection"] == "close"
    assert web.wait(DRAIN_SECONDS) == 0
    assert time.monotonic() - stopping < DRAIN_SECONDS
