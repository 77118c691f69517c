"""A real Envoy with the suite's configuration, in front of an upstream that tells what reached it."""

import json
import os
import re
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from shared import ids
from stack import gateway as gateway_
from stack.parts import BIN, QUIET
from tests.support.harness import eventually
from tests.support.tokens import ISSUER, Issuer

UPSTREAMS = ["customer", "sales", "marketing", "service-desk", "telephony", "reporting"]
CLIENT_SECRET = "secret"
PUBLIC_URL = ISSUER.removesuffix("/oidc")
HOST = PUBLIC_URL.removeprefix("http://")


class Upstream(BaseHTTPRequestHandler):
    """Answers every request with what it was; a stream gives three events, a tenth of a second apart."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # Head and body of an answer leave together.

    def do_GET(self) -> None:
        if self.path.startswith("/v1/stream"):
            self._stream()
        else:
            self._echo()

    def do_POST(self) -> None:
        self._echo()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _echo(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({"path": self.path, "headers": headers, "received": len(self.rfile.read(length))}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for number in range(3):
            self.wfile.write(f"data: {number} {time.monotonic()}\n\n".encode())
            self.wfile.flush()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    """The port of the upstream that stands for every service."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@dataclass(frozen=True)
class Gateway:
    url: str
    folder: Path
    pid: int

    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def admin(self, method: str, path: str) -> httpx.Response:
        port = re.search(r"address: 127.0.0.1, port_value: (\d+)", (self.folder / "envoy.yaml").read_text())[1]
        return httpx.request(method, f"http://127.0.0.1:{port}{path}", trust_env=False)

    def log(self) -> str:
        """Everything that the process has written so far, the access log among it."""
        return (self.folder / "gateway.log").read_text()

    def log_of(self, answer: httpx.Response) -> dict:
        """The line of the access log for this answer."""
        id = answer.headers["x-request-id"]
        return eventually(
            lambda: next((json.loads(line) for line in self.log().splitlines() if id in line and line[0] == "{"), None)
        )


@pytest.fixture(scope="module")
def running(upstream: int, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway that trusts the tests' own tokens. Nothing listens behind the web client's address."""
    with started(upstream, issuer, tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@contextmanager
def started(upstream: int, issuer: Issuer, folder: Path, *, changes: tuple = ()) -> Iterator[Gateway]:
    provider = int(issuer.jwks_url.split(":")[2].split("/")[0])
    with envoy(
        free_port(), upstream, provider=provider, public_url=PUBLIC_URL, folder=folder, changes=changes
    ) as gateway:
        _wait(gateway.url, issuer.token("admin.root"))
        yield gateway


@pytest.fixture(scope="module")
def gateway(running: Gateway) -> str:
    return running.url


@pytest.fixture
def client(gateway: str) -> Iterator[httpx.Client]:
    with client_of(gateway) as client:
        yield client


def client_of(gateway: str, **options) -> httpx.Client:
    return httpx.Client(base_url=gateway, headers={"Host": HOST}, timeout=10, trust_env=False, **options)


@pytest.fixture
def bearer(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token('rep.li')}"}


def a_key() -> str:
    """An API key of the right form, as sales makes them."""
    return f"{ids.new_id()}.{secrets.token_urlsafe(32)}"


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert problem["request_id"] == answer.headers["x-request-id"]


@contextmanager
def envoy(
    port: int, upstream: int, *, provider: int, public_url: str, folder: Path, web: int = 0, changes: tuple = ()
) -> Iterator[Gateway]:
    """Envoy with the suite's configuration on this port. `provider` and `web` are the ports behind it.

    `changes` are pairs of what stands in the configuration and what stands there for a test that cannot wait.
    """
    ports = {f"{name}-{process}": upstream for name in UPSTREAMS for process in ("web", "push")}
    ports |= {"0.0.0.0": port, "127.0.0.1": free_port(), "web": web or free_port(), "oidc": provider}
    text = gateway_.rendered(ports, public_url)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file = folder / "envoy.yaml"
    file.write_text(text)
    environment = os.environ | {"OIDC_CLIENT_SECRET": CLIENT_SECRET, "LOGIN_COOKIE_SECRET": "secret"}
    options = [
        "--disable-hot-restart",
        "--concurrency",
        "1",
        "--drain-time-s",
        "2",
        "--log-level",
        "warning",
        "--file-flush-interval-msec",
        "50",
        *QUIET,
    ]
    with (folder / "gateway.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / "envoy", "-c", file, *options], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield Gateway(f"http://127.0.0.1:{port}", folder, process.pid)
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(url: str, token: str) -> None:
    """Until Envoy listens and has fetched the keys."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            headers = {"Authorization": f"Bearer {token}", "Host": HOST}
            if httpx.get(f"{url}/api/sales/v1/leads", headers=headers).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("Envoy did not become ready.")
