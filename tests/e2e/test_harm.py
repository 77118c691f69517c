"""Callers who mean harm, or none, on the whole suite: another site, a copied login, guessed keys, eager partners."""

import os
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from stack import identity, supervision
from tests.e2e.test_gateway import sign_in

MEBIBYTE = 1024 * 1024
FRESH: set[str] = set()
IDLE_FOR_A_QUARTER_OF_AN_HOUR = {"OauthHMAC", "OauthExpires", "OauthNonce", "BearerToken"}
ONLY_TOKENS = {"OauthHMAC", "OauthExpires", "OauthNonce"}


@pytest.fixture
def other_site() -> Iterator[str]:
    """A page of another origin on the same host, which sends a form to the address behind its `?`."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = self.path.partition("?")[2]
            page = f'<form method="post" action="{target}"></form><script>document.forms[0].submit()</script>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("gone", [FRESH, ONLY_TOKENS, IDLE_FOR_A_QUARTER_OF_AN_HOUR], ids=["fresh", "tokens", "idle"])
def test_a_form_of_another_site_cannot_qualify_a_lead_however_old_the_login_is(gateway, api, page, other_site, gone):
    lead = new_lead(api)
    path = f"/api/sales/v1/leads/{lead['id']}/qualify"
    sign_in(page, gateway, "rep.li")
    page.goto("about:blank")  # An open page of the suite would renew the login.
    for name in gone:
        page.context.clear_cookies(name=name)

    with page.expect_response(lambda answer: answer.url == f"{gateway}{path}") as attack:
        page.goto(f"{other_site}?{gateway}{path}")

    assert "RefreshToken" in {cookie["name"] for cookie in page.context.cookies(gateway)}
    assert attack.value.status == 403
    assert api.get(f"sales/v1/leads/{lead['id']}", as_="rep.li")["status"] == "new"
    assert qualifies_from_the_suites_own_page(page, gateway, path)


def qualifies_from_the_suites_own_page(page: Page, gateway: str, path: str) -> bool:
    """The same request with the same login is let through where it comes from the suite."""
    page.goto(f"{gateway}/leads")
    return page.evaluate("path => fetch(path, {method: 'POST'}).then(answer => answer.status)", path) == 200


def test_a_key_that_nobody_has_is_refused_before_its_body_is_waited_for(environment, gateway):
    before = resident_bytes(environment)
    with ExitStack() as open_:
        for _ in range(4):
            connection = open_.enter_context(closing(connect(gateway)))
            connection.sendall(batch_head(gateway, key=f"{uuid.uuid4()}.{'x' * 43}", length=8 * MEBIBYTE))
            with suppress(OSError):  # It is refused before it has sent all.
                connection.sendall(b"x" * 4 * MEBIBYTE)

            assert b" 401 " in connection.recv(4096).splitlines()[0]

        assert resident_bytes(environment) - before < 12 * MEBIBYTE


@pytest.mark.parametrize(("path", "size"), [("leads", 256 * 1024), ("leads/batch", 8 * MEBIBYTE)])
@pytest.mark.parametrize("told", ["by its length", "in chunks"])
def test_a_partners_body_has_the_size_that_sales_takes(gateway, api, path, size, told):
    partner = f"large-{uuid.uuid4().hex[:6]}"
    api.post("sales/v1/partners", {"id": partner, "name": "Large"}, as_="admin.root")
    key = api.post(f"sales/v1/partners/{partner}/keys", {}, as_="admin.root")["key"]
    headers = {"X-Api-Key": key, "Content-Type": "application/json"}

    def post(body: bytes) -> httpx.Response:
        pieces = (body[start : start + 65536] for start in range(0, len(body), 65536))
        content = body if told == "by its length" else pieces
        return httpx.post(
            f"{gateway}/api/sales/v1/partners/{partner}/{path}", content=content, headers=headers, timeout=20
        )

    fits, too_large = post(b"{" + b" " * (size - 2)), post(b"{" + b" " * size)

    assert (fits.status_code, fits.json()["code"]) == (400, "not-json")
    assert (too_large.status_code, too_large.json()["code"]) == (413, "too-large")


def test_a_partner_goes_as_fast_as_agreed_through_all_processes_and_with_all_keys(gateway, api):
    partner = f"eager-{uuid.uuid4().hex[:6]}"
    api.post("sales/v1/partners", {"id": partner, "name": "Eager", "rate": 50}, as_="admin.root")
    keys = [api.post(f"sales/v1/partners/{partner}/keys", {}, as_="admin.root")["key"] for _ in range(2)]

    with ThreadPoolExecutor(8) as pool, httpx.Client(base_url=gateway, timeout=20, trust_env=False) as client:
        began = time.monotonic()
        answers = list(
            pool.map(
                lambda number: client.get(
                    f"/api/sales/v1/partners/{partner}/leads", headers={"X-Api-Key": keys[number % 2]}
                ),
                range(260),
            )
        )
        took = time.monotonic() - began

    served = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(served) + len(refused) == 260
    assert len(served) <= 50 * (1 + took) + 1
    assert len(served) >= min(260, 40)
    assert all(answer.headers["ratelimit-policy"] == '"partner";q=50;w=1' for answer in answers)
    assert all(answer.headers["retry-after"] == "1" for answer in refused)


def test_an_address_that_guesses_keys_is_told_to_wait(gateway):
    with httpx.Client(base_url=gateway, timeout=20, trust_env=False) as client:
        answers = [
            client.get("/api/sales/v1/partners/eastgate/leads", headers={"X-Api-Key": f"{uuid.uuid4()}.{'x' * 43}"})
            for _ in range(120)
        ]

    assert {answer.status_code for answer in answers} == {401, 429}
    assert answers[-1].json()["code"] == "too-many-unknown-keys"


def test_asking_for_the_head_of_a_stream_leaves_no_listener_behind(environment, gateway):
    bearer = {"Authorization": f"Bearer {identity.token(environment, 'exec.lin')}"}
    before = listeners(environment)

    for _ in range(12):
        assert httpx.head(f"{gateway}/api/reporting/v1/stream", headers=bearer, timeout=20).status_code == 200

    assert listeners(environment) == before


def test_an_address_that_is_too_long_is_a_problem_whoever_refuses_it(environment, gateway):
    bearer = {"Authorization": f"Bearer {identity.token(environment, 'rep.li')}"}
    path = "/api/sales/v1/leads"

    answers = [
        httpx.get(f"{gateway}{path}?q={'x' * size}", headers=bearer, timeout=20) for size in (5_000, 30_000, 61_000)
    ]
    answers += [
        httpx.get(f"{gateway}{path}", headers=bearer | {"X-Long": "x" * size}, timeout=20) for size in (9_000, 70_000)
    ]
    answers += [
        httpx.get(f"{gateway}{path}", headers=bearer | {f"X-{number}": "x" for number in range(count)}, timeout=20)
        for count in (90, 120)
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 431, 200, 431, 200, 431]
    for answer in answers:
        kind = "application/json" if answer.status_code == 200 else "application/problem+json"
        assert answer.headers["content-type"] == kind


def new_lead(api) -> dict:
    email = f"{uuid.uuid4().hex[:12]}@harm.example"
    return api.post("sales/v1/leads", {"source": "referral", "full_name": "Ann Smith", "email": email}, as_="rep.li")


def connect(gateway: str) -> socket.socket:
    host, _, port = gateway.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def batch_head(gateway: str, *, key: str, length: int) -> bytes:
    lines = [
        "POST /api/sales/v1/partners/eastgate/leads/batch HTTP/1.1",
        f"Host: {gateway.removeprefix('http://')}",
        f"X-Api-Key: {key}",
        f"Content-Length: {length}",
        "Content-Type: application/json",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def resident_bytes(environment) -> int:
    """Of the gateway and the web processes of sales."""
    pids = [pid for pid, part in supervision.processes(environment).items() if part in {"gateway", "sales-web"}]
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * os.sysconf("SC_PAGE_SIZE")


def listeners(environment) -> float:
    metrics = httpx.get(f"http://127.0.0.1:{environment.port(8162)}/metrics", timeout=20).text
    return sum(float(value) for value in re.findall(r"^crm_push_clients\{.*\} ([\d.]+)", metrics, re.MULTILINE))
