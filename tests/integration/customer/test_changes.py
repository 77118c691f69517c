"""Who changed what of a customer, when and why: recorded together with the change."""

import pytest

from services.customer.repositories import changes
from shared import ids

LUCIA = {"kind": "person", "given_name": "Lucia", "family_name": "Garcia", "tier": "B"}


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


def register(customer, **fields) -> dict:
    response = customer.post("/v1/customers", LUCIA | fields, as_="rep.li")
    assert response.status_code == 201
    return response.get_json()


def change(customer, id: str, body: dict, *, as_: str = "rep.li", **kwargs):
    return customer.patch(f"/v1/customers/{id}", body, as_=as_, if_match="*", **kwargs)


def changes_of(customer, id: str, query: str = "", as_: str = "rep.li") -> list[dict]:
    response = customer.get(f"/v1/customers/{id}/changes{query}", as_=as_)
    assert response.status_code == 200
    return response.get_json()["items"]


def lead(customer, *, id: str | None = None, **contact) -> str:
    id = id or ids.new_id()
    nothing = {"full_name": None, "company_name": None, "email": None, "phone": None}
    customer.publish(
        {
            "type": "sales.intake.received",
            "topic": "crm.intake",
            "subject": id,
            "data": {"source": {"source": "sales-lead", "id": id}} | nothing | contact,
        }
    )
    customer.consume()
    return id


def test_a_change_says_who_when_which_fields_and_from_what_to_what(customer):
    made = register(customer, phones=[{"number": "+8613800138000"}])

    changed = change(
        customer,
        made["id"],
        {"tier": "A", "phones": [{"number": "+861065529988", "label": "work"}]},
        as_="caller.sun",
        headers={"X-Request-Id": "request-of-sun"},
    ).get_json()

    newest, registered = changes_of(customer, made["id"])
    assert newest == {
        "version": 2,
        "at": changed["updated_at"],
        "by": "caller.sun",
        "request_id": "request-of-sun",
        "causes": [],
        "fields": [
            {"name": "phones", "from": made["phones"], "to": changed["phones"]},
            {"name": "tier", "from": "B", "to": "A"},
        ],
    }
    assert (registered["version"], registered["by"]) == (1, "rep.li")
    assert {"name": "family_name", "from": None, "to": "Garcia"} in registered["fields"]
    assert (made["updated_by"], changed["updated_by"]) == ("rep.li", "caller.sun")


def test_changes_come_newest_first_page_by_page(customer):
    id = register(customer)["id"]
    for number in range(11):
        change(customer, id, {"notes": f"{number}"})

    first = customer.get(f"/v1/customers/{id}/changes?limit=8", as_="exec.lin").get_json()
    rest = customer.get(f"/v1/customers/{id}/changes?limit=8&cursor={first['next']}", as_="exec.lin").get_json()

    assert [one["version"] for one in first["items"] + rest["items"]] == list(range(12, 0, -1))
    assert rest["next"] is None


def test_linking_and_removing_an_identity_is_recorded(customer):
    id, account = register(customer)["id"], ids.new_id()
    link = {"source": "web-shop", "id": account, "customer_id": id, "evidence": "Order 12"}
    customer.post("/v1/identities/link", link, as_="importer.xu")
    customer.delete(f"/v1/customers/{id}/identities/web-shop/{account}", as_="rep.li", if_match="*")

    removed, linked, _ = changes_of(customer, id)

    assert (linked["by"], removed["by"]) == ("importer.xu", "rep.li")
    assert [(field["name"], len(field["from"]), len(field["to"])) for field in linked["fields"]] == [
        ("identities", 0, 1)
    ]
    assert [(field["name"], len(field["from"]), len(field["to"])) for field in removed["fields"]] == [
        ("identities", 1, 0)
    ]


def test_what_a_contact_adds_is_recorded_with_the_event_that_caused_it(customer):
    email = f"{ids.new_id()}@example.com"
    first = lead(customer, full_name="Lucia Garcia", email=email)
    known = customer.get(f"/v1/customers?q={email}", as_="rep.li").get_json()["items"][0]
    second = lead(customer, full_name="Lucia Garcia", email=email, company_name="Norte Foods")

    told, registered = changes_of(customer, known["id"])

    assert (registered["by"], registered["request_id"]) == ("service:customer", None)
    assert registered["causes"] == [{"event_id": f"{first}:1", "type": "sales.intake.received"}]
    assert told["causes"] == [{"event_id": f"{second}:1", "type": "sales.intake.received"}]
    assert "unverified" in [field["name"] for field in told["fields"]]


def test_a_contact_that_says_nothing_new_leaves_no_record(customer):
    email = f"{ids.new_id()}@example.com"
    lead(customer, full_name="Lucia Garcia", email=email)
    known = customer.get(f"/v1/customers?q={email}", as_="rep.li").get_json()["items"][0]
    lead(customer, full_name="Lucia Garcia", email=email)

    again = customer.get(f"/v1/customers/{known['id']}", as_="rep.li").get_json()

    assert (known["version"], again["version"]) == (1, 2)
    assert [one["version"] for one in changes_of(customer, known["id"])] == [1]


def test_a_change_shows_no_field_that_the_record_itself_does_not_show(customer):
    email = f"{ids.new_id()}@example.com"
    lead(customer, full_name="Lucia Garcia", email=email)
    id = customer.get(f"/v1/customers?q={email}", as_="rep.li").get_json()["items"][0]["id"]
    lead(customer, full_name="Lucia Garcia", email=email, company_name="Norte Foods")
    point = customer.get(f"/v1/customers/{id}", as_="rep.li").get_json()["unverified"][0]["id"]
    customer.post(f"/v1/customers/{id}/unverified/{point}/refuse", as_="rep.li")

    shown = customer.get(f"/v1/customers/{id}", as_="rep.li").get_json().keys()
    stored = customer.database[changes.COLLECTION].find({"customer_id": id})

    assert {field["name"] for one in stored for field in one["fields"]} - shown == {"decisions"}
    assert {field["name"] for one in changes_of(customer, id) for field in one["fields"]} <= shown


def test_a_change_that_is_refused_leaves_no_record(customer):
    id = register(customer)["id"]
    account = ids.new_id()
    link = {"source": "web-shop", "id": account, "customer_id": register(customer)["id"], "evidence": "Order 12"}
    customer.post("/v1/identities/link", link, as_="rep.li")

    stale = customer.patch(f"/v1/customers/{id}", {"tier": "A"}, as_="rep.li", if_match='"7"')
    taken = customer.post("/v1/identities/link", link | {"customer_id": id}, as_="rep.li")

    assert (stale.status_code, taken.status_code) == (412, 409)
    assert [one["version"] for one in changes_of(customer, id)] == [1]


def test_the_same_registration_twice_is_recorded_once(customer):
    key = ids.new_id()
    first = customer.post("/v1/customers", LUCIA, as_="rep.li", key=key)
    again = customer.post("/v1/customers", LUCIA, as_="rep.li", key=key)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(changes_of(customer, first.get_json()["id"])) == 1


def test_who_may_not_read_a_customer_may_not_read_the_changes(customer):
    id = register(customer)["id"]

    assert customer.get(f"/v1/customers/{id}/changes", as_="customer.zhang").status_code == 403
    assert customer.get(f"/v1/customers/{id}/changes", as_="importer.xu").status_code == 403
    assert customer.get(f"/v1/customers/{ids.new_id()}/changes", as_="rep.li").status_code == 404
