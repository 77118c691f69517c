"""What the gateway lets through, what it refuses, and how it says so."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.support.tokens import Issuer

LEADS = "/api/sales/v1/leads"
PARTNER_LEADS = "/api/sales/v1/partners/acme/leads"
MEBIBYTE = 1024 * 1024


@pytest.fixture
def client(gateway: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway, timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def bearer(issuer: Issuer) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token('rep.li')}"}


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_a_call_with_a_token_reaches_the_service_under_its_own_path(client, bearer):
    answer = client.get("/api/service-desk/v1/tickets?limit=2", headers=bearer)

    assert answer.json()["path"] == "/v1/tickets?limit=2"
    assert answer.json()["headers"]["authorization"] == bearer["Authorization"]


@pytest.mark.parametrize(
    "service", ["customer", "sales", "marketing", "service-desk", "telephony", "reporting", "nobody"]
)
def test_an_api_call_without_a_token_is_refused_and_never_sent_to_the_login(client, service):
    is_problem(client.get(f"/api/{service}/v1/things"), 401, "unauthorized")
    is_problem(client.post(f"/api/{service}/v1/things", json={}), 401, "unauthorized")


def test_a_token_in_the_query_is_not_accepted(client, issuer):
    is_problem(client.get(f"{LEADS}?access_token={issuer.token('rep.li')}"), 401, "unauthorized")


@pytest.mark.parametrize("claims", [{"exp": 1000}, {"iss": "http://elsewhere.invalid"}])
def test_a_token_that_has_expired_or_comes_from_elsewhere_is_refused(client, issuer, claims):
    token = issuer.mint(sub="rep.li", roles=["rep"], **claims)

    is_problem(client.get(LEADS, headers={"Authorization": f"Bearer {token}"}), 401, "unauthorized")


def test_a_token_for_another_audience_is_refused(client, issuer):
    token = issuer.mint(sub="rep.li", roles=["rep"], aud="another-system")

    is_problem(client.get(LEADS, headers={"Authorization": f"Bearer {token}"}), 403, "forbidden")


def test_a_page_without_a_login_is_sent_to_the_login(client):
    answer = client.get("/customers", headers={"Accept": "text/html"})

    assert answer.status_code == 302
    assert "/oidc/auth?client_id=crm-web" in answer.headers["location"]
    assert all("HttpOnly" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_identity_headers_of_a_client_do_not_reach_the_service(client, bearer):
    claimed = {"X-User-Id": "admin.root", "X-Partner-Id": "acme", "X-Roles": "admin", "X-Forwarded-User": "admin.root"}
    underscored = {"X_User_Id": "admin.root"}

    seen = client.get(LEADS, headers=bearer | claimed | underscored).json()["headers"]

    assert not [name for name, value in seen.items() if value in {"admin.root", "acme", "admin"}]


def test_the_trace_of_a_client_is_passed_on_and_its_request_id_is_not(client, bearer):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    answer = client.get(LEADS, headers=bearer | {"traceparent": trace, "X-Request-Id": "mine"})

    seen = answer.json()["headers"]
    assert seen["traceparent"] == trace
    assert seen["x-request-id"] == answer.headers["x-request-id"] != "mine"


def test_an_unknown_service_is_a_problem(client, bearer):
    is_problem(client.get("/api/nobody/v1/things", headers=bearer), 404, "not-found")


def test_a_path_that_hides_a_slash_is_refused(client, bearer):
    assert client.get("/api/sales%2Fv1/leads", headers=bearer).status_code == 400


def test_a_body_over_two_mebibytes_is_refused(client, bearer):
    fits = client.post(LEADS, content=b"x" * (2 * MEBIBYTE - 1), headers=bearer)
    too_large = client.post(LEADS, content=b"x" * (2 * MEBIBYTE + 1), headers=bearer)

    assert fits.json()["received"] == 2 * MEBIBYTE - 1
    is_problem(too_large, 413, "body-too-large")


def test_a_batch_of_leads_may_be_larger(client):
    key = {"X-Api-Key": "batches"}

    fits = client.post(f"{PARTNER_LEADS}/batch", content=b"x" * (8 * MEBIBYTE - 1), headers=key)
    too_large = client.post(f"{PARTNER_LEADS}/batch", content=b"x" * (8 * MEBIBYTE + 1), headers=key)

    assert fits.json()["received"] == 8 * MEBIBYTE - 1
    is_problem(too_large, 413, "body-too-large")


def test_an_api_key_opens_the_partner_paths_only(client):
    key = {"X-Api-Key": "one-path"}

    assert client.post(PARTNER_LEADS, json={}, headers=key).json()["headers"]["x-api-key"] == "one-path"
    is_problem(client.get(LEADS, headers=key), 401, "unauthorized")
    is_problem(client.get("/api/customer/v1/partners/acme/leads", headers=key), 401, "unauthorized")


def test_a_partner_over_its_limit_is_asked_to_wait_and_others_are_not(client):
    answers = [client.post(PARTNER_LEADS, json={}, headers={"X-Api-Key": "eager"}) for _ in range(12)]
    other = client.post(PARTNER_LEADS, json={}, headers={"X-Api-Key": "calm"})

    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(answers) - len(refused) in range(5, 11)
    is_problem(refused[0], 429, "too-many-requests")
    assert int(refused[0].headers["retry-after"]) >= 1
    assert other.status_code == 200

    time.sleep(int(refused[0].headers["retry-after"]))
    assert client.post(PARTNER_LEADS, json={}, headers={"X-Api-Key": "eager"}).status_code == 200


def test_a_switch_signs_calls_only(client):
    signature = {"X-Switch-Signature": "t=1,v1=00"}

    assert client.post("/api/telephony/v1/calls", json={}, headers=signature).status_code == 200
    is_problem(client.get("/api/telephony/v1/calls", headers=signature), 401, "unauthorized")
    is_problem(client.post("/api/telephony/v1/agents", json={}, headers=signature), 401, "unauthorized")


def test_another_site_cannot_use_the_cookie_of_somebody_who_is_signed_in(client):
    cookie = {"Cookie": "BearerToken=x; OauthHMAC=y"}

    is_problem(client.post(LEADS, json={}, headers=cookie | {"Origin": "http://evil.example"}), 403, "forbidden")
    is_problem(client.post(LEADS, json={}, headers=cookie), 403, "forbidden")


def test_a_program_with_a_token_needs_no_origin(client, bearer):
    assert client.post(LEADS, json={}, headers=bearer).status_code == 200


def test_a_stream_arrives_event_by_event(client, bearer):
    delays = []
    with client.stream("GET", "/api/reporting/v1/stream?customer_id=1", headers=bearer) as answer:
        for line in answer.iter_lines():
            if line:
                delays.append(time.monotonic() - float(line.split()[2]))

    assert len(delays) == 3
    assert max(delays) < 0.08


def test_a_part_that_is_down_is_a_problem_that_says_when_to_come_back(client):
    answer = client.get("/assets/index.js")

    is_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "2"
