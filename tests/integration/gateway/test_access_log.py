"""What the gateway writes down: who asked for what, and nothing that somebody searched for or put in by mistake."""

import httpx
import pytest

from tests.integration.gateway.conftest import a_key

CUSTOMER = "/api/customer/v1/customers/019ab3c2-6c1e-7d10-8f3a-2b9c1d4e5f60"
SECRETS = ["8613800138000", "zhang@mail.example", "eyJhbGciOiJub25lIn0", "张伟"]


def test_the_access_log_says_who_read_which_record(running, client, bearer):
    answer = client.get(f"{CUSTOMER}?a=b", headers=bearer)

    line = running.log_of(answer)
    assert (line["user"], line["method"], line["route"], line["status"]) == ("rep.li", "GET", "customer", 200)
    assert line["path"] == CUSTOMER.removeprefix("/api/customer")


def test_a_caller_without_a_token_has_no_name_in_the_log(running, client):
    assert running.log_of(client.get(CUSTOMER))["user"] is None


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("signed_in", [True, False])
def test_nothing_of_a_query_a_cookie_or_a_token_is_written_down(running, client, bearer, secret, signed_in):
    headers = bearer if signed_in else {}
    cookie = {"Cookie": f"BearerToken={secret}; RefreshToken={secret}; OauthHMAC={secret}".encode()}

    answers = [
        client.get("/api/customer/v1/customers", params={"q": secret, "access_token": secret}, headers=headers),
        client.get("/customers", params={"q": secret}, headers=headers),
        client.get(f"/callback?code={secret}&state={secret}", headers=headers),
        client.get("/api/customer/v1/customers", headers=headers | cookie),
        client.get("/api/customer/v1/customers", headers={"Authorization": f"Bearer {secret}".encode()}),
        client.post("/api/customer/v1/customers", params={"q": secret}, headers=cookie),
        client.get(f"/api/customer/v1/customers/{secret}", headers=headers),
        client.get(f"/api/{secret}/v1/customers", headers=headers),
        client.get(f"/api/customer%2Fv1/customers/{secret}", headers=headers),
        client.get("/last-of-all"),
    ]

    running.log_of(answers[-1])
    assert secret not in running.log()
    assert quoted(secret) not in running.log()


@pytest.mark.parametrize(
    "path",
    [f"{CUSTOMER}/identities/crm/zhang.wei", "/api/sales/v1/partners/acme/leads/zhang.wei"],
)
def test_ids_that_another_system_gave_a_person_are_not_written_down(running, client, bearer, path):
    by_token = running.log_of(client.get(path, headers=bearer))
    by_nobody = running.log_of(client.get(path))
    by_key = running.log_of(client.get(path, headers={"X-Api-Key": a_key()}))

    assert [line["path"] for line in (by_token, by_nobody, by_key)] == ["-"] * 3
    assert {line["route"] for line in (by_token, by_nobody)} <= {"customer", "partner-by-token"}


def test_a_batch_is_told_with_its_partner(running, client, bearer):
    line = running.log_of(client.post("/api/sales/v1/partners/acme/leads/batch", headers=bearer))

    assert (line["path"], line["user"]) == ("/v1/partners/acme/leads/batch", "rep.li")


def quoted(text: str) -> str:
    return str(httpx.QueryParams({"q": text}))[2:]
