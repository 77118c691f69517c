"""A stranger who knows a customer's name and e-mail address calls from a number of his own: nobody takes him for her."""

import pytest

from tests.support.harness import Harness

VERA = {
    "kind": "person",
    "given_name": "Vera",
    "family_name": "Victim",
    "emails": [{"address": "vera@example.com"}],
    "phones": [{"number": "+442079460018"}],
}
STRANGERS = "+442079463388"


@pytest.fixture
def customer(service) -> Harness:
    return service("customer")


@pytest.fixture
def sales(service) -> Harness:
    return service("sales")


@pytest.fixture
def partner(sales):
    """A partner who may send leads: the path and the headers for it."""
    sales.post("/v1/partners", {"id": "eastgate", "name": "Eastgate"}, as_="admin.root")
    key = sales.post("/v1/partners/eastgate/keys", as_="admin.root").get_json()["key"]
    return "/v1/partners/eastgate/leads", {"X-Api-Key": key}


def test_who_sends_a_lead_under_a_customers_name_and_address_is_not_announced_as_the_customer_when_he_calls(
    customer, sales, telephony, switch, partner
):
    vera = customer.post("/v1/customers", VERA, as_="rep.li").json
    customer.relay()
    path, key = partner
    lead = {
        "external_id": "EG-1",
        "full_name": "VICTIM, Vera",
        "email": "vera@example.com",
        "phone": STRANGERS,
        "company_name": "Evil Ltd",
    }
    assert sales.post(path, lead, headers=key).status_code == 201
    sales.relay()
    customer.consume()
    customer.relay()
    telephony.consume()

    call_id = switch.ring(number=STRANGERS)
    by_vera = switch.ring(number="+442079460018")

    call = telephony.get(f"/v1/calls/{call_id}", as_="supervisor.wu").get_json()
    hers = telephony.get(f"/v1/calls/{by_vera}", as_="supervisor.wu").get_json()
    assert (call["match"], call["customer"], call["candidates"]) == ("unknown", None, [])
    assert hers["customer"]["customer_id"] == vera["id"]
    (told,) = customer.get(f"/v1/customers/{vera['id']}", as_="rep.li").json["unverified"][:1]
    assert told["source"]["partner_id"] == "eastgate"

    customer.post(f"/v1/customers/{vera['id']}/unverified/{told['id']}/confirm", as_="rep.li")
    customer.relay()
    telephony.consume()

    confirmed = telephony.get(f"/v1/calls/{switch.ring(number=STRANGERS)}", as_="supervisor.wu").get_json()
    assert (confirmed["match"], confirmed["customer"]["customer_id"]) == ("known", vera["id"])
