"""A real Envoy with the suite's configuration, in front of an upstream that tells what reached it."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from stack import gateway as gateway_
from stack.parts import BIN
from tests.support.tokens import ISSUER, Issuer

UPSTREAMS = ["customer", "sales", "marketing", "service-desk", "telephony", "reporting"]
PARTNER_REQUESTS_PER_SECOND = 5
CLIENT_SECRET = "secret"


class Upstream(BaseHTTPRequestHandler):
    """Answers every request with what it was; a stream gives three events, a tenth of a second apart."""

    protocol_version = "HTTP/1.1"

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


@pytest.fixture(scope="module")
def gateway(upstream: int, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a gateway that trusts the tests' own tokens. Nothing listens behind the web client's address."""
    provider = int(issuer.jwks_url.split(":")[2].split("/")[0])
    port, folder = free_port(), tmp_path_factory.mktemp("gateway")
    with envoy(port, upstream, provider=provider, public_url=ISSUER.removesuffix("/oidc"), folder=folder) as url:
        _wait(url, issuer.token("admin.root"))
        yield url


@contextmanager
def envoy(port: int, upstream: int, *, provider: int, public_url: str, folder: Path, web: int = 0) -> Iterator[str]:
    """Envoy with the suite's configuration on this port. `provider` and `web` are the ports behind it."""
    ports = {f"{name}-{process}": upstream for name in UPSTREAMS for process in ("web", "push")}
    ports |= {"0.0.0.0": port, "127.0.0.1": free_port(), "web": web or free_port(), "oidc": provider}
    text = gateway_.rendered(ports, public_url, partner_requests_per_second=PARTNER_REQUESTS_PER_SECOND)
    file = folder / "envoy.yaml"
    file.write_text(text)
    secrets = {"OIDC_CLIENT_SECRET": CLIENT_SECRET, "LOGIN_COOKIE_SECRET": "secret"}
    options = ["--disable-hot-restart", "--concurrency", "1", "--log-level", "error"]
    process = subprocess.Popen(
        [BIN / "envoy", "-c", file, *options], env=os.environ | secrets, stdout=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}"
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
            if httpx.get(f"{url}/api/sales/v1/leads", headers={"Authorization": f"Bearer {token}"}).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("Envoy did not become ready.")
