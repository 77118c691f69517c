"""Identities over HTTP: what other systems call a customer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared import ids


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


def register(customer) -> str:
    body = {"kind": "person", "given_name": "娜", "family_name": "李"}
    return customer.post("/v1/customers", body, as_="rep.li").json["id"]


def link(customer, customer_id: str, external_id: str, *, source: str = "accounting", **kwargs):
    body = {"source": source, "id": external_id, "customer_id": customer_id, "evidence": "客户编号在合同上"}
    return customer.post("/v1/identities/link", body, as_="agent.zhao", **kwargs)


def resolve(customer, external_id: str, *, source: str = "accounting"):
    return customer.get("/v1/identities/resolve", query_string={"source": source, "id": external_id}, as_="rep.li")


def test_a_linked_identity_resolves_to_the_customer_with_the_evidence(customer):
    customer_id = register(customer)

    response = link(customer, customer_id, "245")

    resolved = resolve(customer, "245").json
    assert response.status_code == 200
    assert resolved["customer"] == response.json
    assert resolved["identity"]["evidence"] == "客户编号在合同上"
    assert resolved["identity"]["linked_by"] == "agent.zhao"
    (event,) = [event for event in customer.relay() if event.subject == customer_id and event.version == 2]
    assert event.type == "customer.customer.identity-linked"
    assert event.data["identities"][0]["id"] == "245"


def test_the_same_id_of_another_source_is_another_identity(customer):
    one, other = register(customer), register(customer)

    link(customer, one, "777")

    assert link(customer, other, "777", source="web-shop").status_code == 200
    assert resolve(customer, "777").json["customer"]["id"] == one
    assert resolve(customer, "777", source="web-shop").json["customer"]["id"] == other


def test_an_identity_belongs_to_one_customer_and_the_refusal_names_it(customer):
    holder, other = register(customer), register(customer)
    link(customer, holder, "300")

    response = link(customer, other, "300")

    assert response.status_code == 409
    assert response.json["code"] == "identity-already-linked"
    assert response.json["customer_id"] == holder


def test_linking_again_changes_nothing(customer):
    customer_id = register(customer)
    link(customer, customer_id, "301")

    again = link(customer, customer_id, "301")

    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')


def test_a_repeated_request_to_link_is_answered_from_the_first(customer):
    customer_id, key = register(customer), ids.new_id()

    first = link(customer, customer_id, "302", key=key)
    again = link(customer, customer_id, "302", key=key)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json


def test_of_two_customers_that_want_an_identity_at_once_one_gets_it(customer):
    for number in range(10):
        wanting = [register(customer) for _ in range(4)]

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda one, number=number: link(customer, one, f"race-{number}"), wanting))

        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        holder = resolve(customer, f"race-{number}").json["customer"]["id"]
        assert {answer.json["customer_id"] for answer in answers if answer.status_code == 409} == {holder}


def test_a_removed_identity_resolves_to_nobody_and_can_be_given_to_another(customer):
    one, other = register(customer), register(customer)
    link(customer, one, "303")

    removed = customer.delete(f"/v1/customers/{one}/identities/accounting/303", as_="rep.li", if_match='"2"')

    assert removed.status_code == 200
    assert removed.json["identities"] == []
    assert resolve(customer, "303").status_code == 404
    assert link(customer, other, "303").status_code == 200
    (event,) = [event for event in customer.relay() if event.subject == one and event.version == 3]
    assert event.type == "customer.customer.identity-unlinked"
    assert event.data["identities"] == []


def test_removing_needs_the_version_and_an_identity(customer):
    path = f"/v1/customers/{register(customer)}/identities/accounting/none"

    assert customer.delete(path, as_="rep.li").status_code == 428
    assert customer.delete(path, as_="rep.li", if_match='"9"').status_code == 412
    assert customer.delete(path, as_="rep.li", if_match='"1"').status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": "Accounting Dept"},
        {"source": "a/b"},
        {"id": ""},
        {"id": "EG 10/22"},
        {"id": ".."},
        {"evidence": None},
        {"customer_id": "nobody"},
    ],
)
def test_a_wrong_link_is_refused(customer, wrong):
    body = {"source": "accounting", "id": "1", "customer_id": register(customer), "evidence": "contract"} | wrong

    assert customer.post("/v1/identities/link", body, as_="rep.li").status_code == 422


def test_resolving_needs_a_source_and_an_id(customer):
    assert customer.get("/v1/identities/resolve?source=accounting", as_="rep.li").status_code == 422
    assert customer.get("/v1/identities/resolve?id=1", as_="rep.li").status_code == 422
