"""What one caller may take: sizes, rates by address, key and user, connections, memory and time."""

import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

import httpx
import pytest

from tests.integration.gateway.conftest import HOST, Gateway, a_key, client_of, is_problem, started
from tests.support.harness import eventually

LEADS = "/api/sales/v1/leads"
PARTNER_LEADS = "/api/sales/v1/partners/acme/leads"
KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024
FEW_CONNECTIONS, SMALL_HEAP = 300, 40 * MEBIBYTE


@pytest.fixture(scope="module")
def small(upstream, issuer, tmp_path_factory) -> Iterator[Gateway]:
    """The gateway with so few connections and so little memory that a test can take them all."""
    changes = (
        ("max_active_downstream_connections: 4000", f"max_active_downstream_connections: {FEW_CONNECTIONS}"),
        ("max_heap_size_bytes: 335544320", f"max_heap_size_bytes: {SMALL_HEAP}"),
        ("min_timeout: 3s", "min_timeout: 1s"),
    )
    with started(upstream, issuer, tmp_path_factory.mktemp("small"), changes=changes) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def hasty(upstream, issuer, tmp_path_factory) -> Iterator[Gateway]:
    """The gateway with less patience and a lower wall."""
    changes = (
        ("request_timeout: 60s", "request_timeout: 1s"),
        ("max_tokens: 5000, tokens_per_fill: 2000", "max_tokens: 200, tokens_per_fill: 1"),
    )
    with started(upstream, issuer, tmp_path_factory.mktemp("hasty"), changes=changes) as gateway:
        yield gateway


def test_a_body_over_256_kibibytes_is_refused(client, bearer):
    fits = client.post(LEADS, content=b"x" * (256 * KIBIBYTE), headers=bearer)
    too_large = client.post(LEADS, content=b"x" * (256 * KIBIBYTE + 1), headers=bearer)

    assert fits.json()["received"] == 256 * KIBIBYTE
    is_problem(too_large, 413, "body-too-large")


@pytest.mark.parametrize("by", ["key", "token"])
def test_the_leads_of_partners_may_be_larger_as_sales_decides(client, bearer, by):
    headers = {"X-Api-Key": a_key()} if by == "key" else bearer

    answer = client.post(f"{PARTNER_LEADS}/batch", content=b"x" * 8 * MEBIBYTE, headers=headers)

    assert answer.json()["received"] == 8 * MEBIBYTE


def test_a_login_form_is_short(client):
    is_problem(client.post("/oidc/interaction/x", content=b"x" * 17 * KIBIBYTE), 413, "body-too-large")


def test_a_user_over_the_limit_is_asked_to_wait_and_others_are_not(client, issuer):
    eager = bearer_of(issuer, "eager")

    answers = at_once(client, 400, headers=eager)
    other = client.get(LEADS, headers=bearer_of(issuer, "calm"))

    served = [answer for answer in answers if answer.status_code == 200]
    [refused, *_] = [answer for answer in answers if answer.status_code != 200]
    assert len(served) in range(250, 350)
    is_problem(refused, 429, "too-many-requests")
    assert (refused.headers["ratelimit-policy"], refused.headers["ratelimit"]) == (
        '"gateway";q=250;w=5',
        '"gateway";r=0;t=1',
    )
    assert int(refused.headers["retry-after"]) >= 1
    assert other.status_code == 200
    assert other.headers["ratelimit"].startswith('"gateway";r=2')

    time.sleep(int(refused.headers["retry-after"]))
    assert client.get(LEADS, headers=eager).status_code == 200


def test_an_importer_may_send_ten_times_as_many(client, issuer):
    answers = at_once(client, 400, headers=bearer_of(issuer, "importer.xu", roles=["importer"]))

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["ratelimit-policy"] == '"gateway";q=2500;w=5'


@pytest.mark.parametrize("roles", [["rep"], ["rep", "importer"], [], "importer", None])
def test_whoever_is_not_only_an_importer_has_the_ordinary_limit(client, issuer, roles):
    claimed = bearer_of(issuer, "some.body", roles=roles) | {"X-Auth-Roles": "WyJpbXBvcnRlciJd"}

    assert client.get(LEADS, headers=claimed).headers["ratelimit-policy"] == '"gateway";q=250;w=5'


def test_two_tokens_of_one_user_share_the_limit(client, issuer):
    first, second = bearer_of(issuer, "twice", jti="1"), bearer_of(issuer, "twice", jti="2")

    began = time.monotonic()
    answers = at_once(client, 300, headers=first) + at_once(client, 100, headers=second)
    refilled = int(50 * (time.monotonic() - began + 1))

    assert len([answer for answer in answers if answer.status_code == 200]) in range(250, 250 + refilled)


def test_a_partner_with_a_token_is_counted_by_sales_and_not_as_a_user(client, issuer):
    partner = bearer_of(issuer, "partner.acme", roles=["partner"], partner_id="acme")

    answers = at_once(client, 300, path=PARTNER_LEADS, headers=partner)

    assert {answer.status_code for answer in answers} == {200}


def test_a_person_at_a_partners_address_is_counted_as_a_person(client, issuer):
    answers = at_once(client, 300, path=PARTNER_LEADS, headers=bearer_of(issuer, "curious"))

    assert answers[0].headers["ratelimit-policy"] == '"gateway";q=250;w=5'


def test_what_only_claims_to_be_a_credential_meets_a_wall(hasty):
    with client_from(hasty, "127.0.3.1") as eager, client_from(hasty, "127.0.3.2") as calm:
        answers = at_once(eager, 300, headers={"Authorization": "Bearer x"})
        other = calm.get(LEADS, headers={"Authorization": "Bearer x"})

    assert {answer.status_code for answer in answers} == {401, 429}
    assert other.status_code == 401


def test_no_agreed_rate_is_above_what_the_gateway_lets_through(client):
    """sales.openapi.yaml lets a partner have up to 10,000 requests a second."""
    key = {"X-Api-Key": a_key()}

    answers = at_once(client, 600, path=PARTNER_LEADS, headers=key)

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (LEADS, {}),
        ("/", {}),
        (PARTNER_LEADS, {"X-Api-Key": "guess.1"}),
        ("/oidc/interaction/x", {"Cookie": "_interaction=1; BearerToken=x"}),
    ],
)
def test_strangers_are_counted_by_their_address(running, path, headers):
    address = f"127.0.1.{abs(hash(path)) % 250 + 1}"
    with client_from(running, address) as eager, client_from(running, "127.0.2.1") as calm:
        answers = at_once(eager, 250, path=path, headers=headers)
        other = calm.get(path, headers=headers)

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) - len(refused) in range(100, 160)
    is_problem(refused[0], 429, "too-many-requests")
    assert refused[0].headers["ratelimit-policy"] == '"gateway";q=100;w=5'
    assert int(refused[0].headers["retry-after"]) >= 1
    assert other.status_code != 429


def test_a_body_with_what_cannot_be_a_key_is_not_waited_for(running):
    before = running.resident_bytes()
    with ExitStack() as open_:
        for _ in range(20):
            connection = open_.enter_context(closing(connect(running)))
            connection.sendall(head(f"{PARTNER_LEADS}/batch", length=8 * MEBIBYTE, **{"X-Api-Key": "bad.1"}))
            assert connection.recv(100).startswith(b"HTTP/1.1 401")
            with suppress(OSError):
                connection.sendall(b"x" * 256 * KIBIBYTE)

        assert running.resident_bytes() - before < 4 * MEBIBYTE


def test_a_body_that_never_ends_is_given_up(hasty):
    with closing(connect(hasty)) as connection:
        connection.sendall(head(PARTNER_LEADS, length=1000, **{"X-Api-Key": a_key()}))
        for _ in range(6):
            connection.sendall(b"x")
            time.sleep(0.2)

        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_the_bodies_of_partners_are_not_held(running):
    """Twenty connections that send 8 MB each and then nothing would hold 160 MB."""
    before = running.resident_bytes()
    with ExitStack() as open_:
        for _ in range(20):
            open_.enter_context(closing(silent_batch(running, key=a_key())))

        assert running.resident_bytes() - before < 40 * MEBIBYTE


def test_those_who_hold_memory_and_send_nothing_are_let_go_when_it_runs_out(small, issuer):
    token, size = bearer_of(issuer, "silent"), 256 * KIBIBYTE
    with ExitStack() as open_, client_of(small.url) as client:
        for _ in range(240):
            connection = open_.enter_context(closing(connect(small)))
            connection.sendall(head(LEADS, length=size, **token) + b"x" * (size - 1))

        eventually(lambda: not is_served(client, issuer), within=2)
        eventually(lambda: is_served(client, issuer), within=10)


def test_there_is_a_highest_number_of_connections(small, issuer):
    connections = [connect(small) for _ in range(FEW_CONNECTIONS + 50)]
    try:
        eventually(lambda: len(closed(connections)) >= 50)
    finally:
        for connection in connections:
            connection.close()

    with client_of(small.url) as client:
        eventually(lambda: is_served(client, issuer))


def test_nobody_can_end_the_gateway_or_read_its_secrets_at_its_administration_address(running):
    assert running.admin("GET", "/ready").text.strip() == "LIVE"
    assert running.admin("GET", "/stats/prometheus").status_code == 200
    for method, path in (("GET", "/config_dump"), ("POST", "/quitquitquit"), ("POST", "/logging?level=trace")):
        assert running.admin(method, path).status_code == 403


def closed(connections: list[socket.socket]) -> list[socket.socket]:
    """Those that the gateway has closed: it says nothing unasked, so there is only the end to read."""
    return select.select(connections, [], [], 0)[0]


def is_served(client: httpx.Client, issuer) -> bool:
    try:
        return client.get(LEADS, headers=bearer_of(issuer, "calm")).status_code == 200
    except httpx.TransportError:
        return False


def bearer_of(issuer, sub: str, **claims) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.mint(sub=sub, **{'roles': ['rep']} | claims)}"}


def client_from(gateway: Gateway, address: str) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return client_of(gateway.url, transport=transport)


def at_once(client: httpx.Client, count: int, *, path: str = LEADS, headers: dict[str, str]) -> list[httpx.Response]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: client.get(path, headers=headers), range(count)))


def connect(gateway: Gateway) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(gateway.url.rpartition(":")[2])), timeout=5)


def head(path: str, *, length: int, **headers: str) -> bytes:
    sent = {"Host": HOST, "Content-Length": length} | headers
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return "\r\n".join([*lines, "Content-Type: application/json", "", ""]).encode()


def silent_batch(gateway: Gateway, *, key: str) -> socket.socket:
    """A connection that sends all but the last bytes of a large batch, and then nothing."""
    connection = connect(gateway)
    size = 8 * MEBIBYTE - 8
    with suppress(OSError):  # It may be refused before it has sent all.
        connection.sendall(head(f"{PARTNER_LEADS}/batch", length=size, **{"X-Api-Key": key}) + b"x" * (size - 8))
    return connection
