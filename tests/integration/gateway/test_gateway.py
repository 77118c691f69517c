"""What the gateway lets through, what it refuses, and how it says so."""

import time
from urllib.parse import quote

import pytest

from tests.integration.gateway.conftest import HOST, PUBLIC_URL, a_key, is_problem

LEADS = "/api/sales/v1/leads"
PARTNER_LEADS = "/api/sales/v1/partners/acme/leads"


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


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", f"{HOST}:8081", f"evil.{HOST}"])
@pytest.mark.parametrize("path", ["/", LEADS, "/callback?code=1&state=2", "/oidc/auth"])
def test_a_host_that_is_not_the_public_one_is_refused(client, bearer, host, path):
    is_problem(client.get(path, headers={"Host": host}), 421, "unknown-host")
    is_problem(client.post(path, json={}, headers=bearer | {"Host": host}), 421, "unknown-host")


def test_the_login_returns_to_the_public_address_only(client):
    answer = client.get("/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})

    assert quote(f"{PUBLIC_URL}/callback", safe="") in answer.headers["location"]
    assert "evil" not in answer.headers["location"]


def test_headers_and_addresses_that_are_too_long_are_a_problem_as_all_others(client, bearer):
    long_header = client.get(LEADS, headers=bearer | {"X-Long": "x" * 70_000})
    long_address = client.get(f"{LEADS}?q={'x' * 61_000}", headers=bearer)

    for answer in (long_header, long_address):
        assert (answer.status_code, answer.json()["code"]) == (431, "headers-too-large")
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_path_that_hides_a_slash_is_refused(client, bearer):
    assert client.get("/api/sales%2Fv1/leads", headers=bearer).status_code == 400


def test_an_api_key_opens_the_partner_paths_only(client):
    key = {"X-Api-Key": a_key()}

    assert client.post(PARTNER_LEADS, json={}, headers=key).json()["headers"]["x-api-key"] == key["X-Api-Key"]
    assert client.get(LEADS, headers=key).status_code == 401
    assert client.get("/api/customer/v1/partners/acme/leads", headers=key).status_code == 401


@pytest.mark.parametrize(
    "key",
    ["bad.1", "", "x" * 80, f"{a_key()}x", a_key()[:-1], a_key().replace(".", "_")],
    ids=["another", "empty", "endless", "longer", "shorter", "without a dot"],
)
def test_what_cannot_be_an_api_key_is_refused_by_the_gateway(client, key):
    is_problem(client.post(f"{PARTNER_LEADS}/batch", json={}, headers={"X-Api-Key": key}), 401, "bad-api-key")
    is_problem(client.get(f"{PARTNER_LEADS}/1", headers={"X-Api-Key": key}), 401, "bad-api-key")


def test_a_switch_signs_calls_only(client):
    signature = {"X-Switch-Signature": "t=1,v1=00"}

    assert client.post("/api/telephony/v1/calls", json={}, headers=signature).status_code == 200
    is_problem(client.get("/api/telephony/v1/calls", headers=signature), 401, "unauthorized")
    is_problem(client.post("/api/telephony/v1/agents", json={}, headers=signature), 401, "unauthorized")


@pytest.mark.parametrize(
    "left", ["BearerToken=x; OauthHMAC=y", "IdToken=x; RefreshToken=y", "BearerToken=x", "RefreshToken=x", "other=x"]
)
def test_another_site_cannot_use_the_cookies_of_somebody_who_is_signed_in_whichever_are_left(client, left):
    cookie = {"Cookie": left}

    is_problem(client.post(LEADS, json={}, headers=cookie | {"Origin": "http://evil.example"}), 403, "forbidden")
    is_problem(client.post(LEADS, json={}, headers=cookie | {"Origin": "http://127.0.0.1:9"}), 403, "forbidden")
    is_problem(client.post(LEADS, json={}, headers=cookie), 403, "forbidden")


def test_the_suites_own_page_passes_the_check_of_its_origin(client):
    cookie = {"Cookie": "RefreshToken=x", "Origin": f"http://{HOST}"}

    is_problem(client.post(LEADS, json={}, headers=cookie), 401, "unauthorized")


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
