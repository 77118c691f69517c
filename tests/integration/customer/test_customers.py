"""Customers over HTTP, on a real database."""

import pytest

from shared import ids

WANG = {
    "kind": "person",
    "given_name": "小明",
    "family_name": "王",
    "phones": [{"number": "138 0013 8000", "label": "mobile"}],
    "emails": [{"address": "Xiaoming.Wang@Example.cn", "label": "work"}],
    "addresses": [
        {"label": "work", "street": "世纪大道100号", "city": "上海", "postal_code": "200120", "country": "CN"}
    ],
    "tier": "A",
    "tags": ["key-account", "光学"],
    "language": "zh",
    "notes": "上午来电",
}


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


def register(customer, **fields):
    body = {"kind": "person", "given_name": "Lucia", "family_name": "Garcia"} | fields
    if body["kind"] == "company":
        body = {name: value for name, value in body.items() if name not in ("given_name", "family_name")}
    response = customer.post("/v1/customers", body, as_="rep.li")
    assert response.status_code == 201, response.json
    return response.json


def test_a_registered_person_is_kept_with_normal_contact_points(customer):
    response = customer.post("/v1/customers", WANG, as_="rep.li")

    created = response.json
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/customer/v1/customers/{created['id']}"
    assert response.headers["ETag"] == '"1"'
    assert created["display_name"] == "王小明"
    assert created["phones"] == [{"number": "+8613800138000", "label": "mobile", "extension": None}]
    assert created["emails"] == [{"address": "xiaoming.wang@example.cn", "label": "work"}]
    assert customer.get(f"/v1/customers/{created['id']}", as_="exec.lin").json == created


def test_a_registration_is_announced_whole_but_without_the_notes(customer):
    created = register(customer, **WANG)

    (event,) = [event for event in customer.relay() if event.subject == created["id"]]

    assert (event.type, event.topic, event.customer_id) == (
        "customer.customer.registered",
        "crm.customer",
        created["id"],
    )
    assert event.actor == "rep.li"
    assert event.data["display_name"] == "王小明"
    assert event.data["phones"] == created["phones"]
    assert "notes" not in event.data


def test_a_person_can_work_for_a_company_that_is_a_customer(customer):
    company = register(customer, kind="company", company_name="浦江光学有限公司")

    employee = register(customer, company_id=company["id"])

    assert employee["company_id"] == company["id"]


def test_an_employer_must_be_a_company(customer):
    somebody = register(customer)

    for wrong in (somebody["id"], "nobody"):
        response = customer.post("/v1/customers", WANG | {"company_id": wrong}, as_="rep.li")
        assert response.status_code == 422
        assert response.json["errors"][0]["field"] == "company_id"


def test_every_wrong_field_is_named(customer):
    body = {
        "kind": "person",
        "family_name": "",
        "phones": [{"number": "abc"}],
        "emails": [{"address": "nobody"}],
        "addresses": [{"country": "China"}],
        "tier": "Z",
        "color": "red",
    }

    response = customer.post("/v1/customers", body, as_="rep.li")

    assert response.status_code == 422
    assert {error["field"] for error in response.json["errors"]} == {
        "family_name",
        "phones.0.number",
        "emails.0.address",
        "addresses.0.country",
        "tier",
        "color",
    }


def test_a_number_too_short_to_be_called_from_elsewhere_is_refused_and_an_old_one_stays_readable(customer):
    known = register(customer, phones=[{"number": "138 2000 3000"}])
    url = f"/v1/customers/{known['id']}"
    old = {"phones": [{"number": "+8612345", "label": "other"}], "lookup.phone_tails": ["5432168"]}
    customer.database["customers"].update_one({"_id": known["id"]}, {"$set": old})

    refused = customer.patch(url, {"phones": [{"number": "12345"}]}, as_="rep.li", if_match='"1"')
    changed = customer.patch(url, {"tier": "B"}, as_="rep.li", if_match='"1"')
    found = customer.get("/v1/customers?q=12345", as_="rep.li")

    assert refused.json["errors"][0]["field"] == "phones.0.number"
    assert "whole phone number" in refused.json["errors"][0]["message"]
    assert (changed.status_code, changed.json["phones"][0]["number"]) == (200, "+8612345")
    assert known["id"] in [item["id"] for item in found.json["items"]]


def test_a_repeated_registration_gives_the_same_customer(customer):
    key = ids.new_id()

    first = customer.post("/v1/customers", WANG, as_="rep.li", key=key)
    again = customer.post("/v1/customers", WANG, as_="rep.li", key=key)
    other = customer.post("/v1/customers", WANG | {"tier": "B"}, as_="rep.li", key=key)

    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 409
    assert other.json["code"] == "idempotency-key-reused"


def test_a_change_replaces_the_lists_that_are_given_and_leaves_the_rest(customer):
    created = register(customer, **WANG)

    response = customer.patch(
        f"/v1/customers/{created['id']}",
        {"phones": [{"number": "010 6552 9988"}], "tier": None},
        as_="agent.zhao",
        if_match='"1"',
    )

    changed = response.json
    assert response.status_code == 200
    assert response.headers["ETag"] == '"2"'
    assert changed["phones"] == [{"number": "+861065529988", "label": "other", "extension": None}]
    assert changed["tier"] is None
    assert changed["emails"] == created["emails"]
    (event,) = [event for event in customer.relay() if event.subject == created["id"] and event.version == 2]
    assert event.type == "customer.customer.changed"
    assert event.data["phones"] == changed["phones"]


def test_a_change_needs_the_version_that_was_read(customer):
    path = f"/v1/customers/{register(customer)['id']}"

    assert customer.patch(path, {"tier": "A"}, as_="rep.li").status_code == 428
    assert customer.patch(path, {"tier": "A"}, as_="rep.li", if_match='"7"').status_code == 412
    assert customer.patch(path, {"tier": "A"}, as_="rep.li", if_match='"1"').status_code == 200
    assert customer.patch(path, {"tier": "B"}, as_="rep.li", if_match='"1"').status_code == 412


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "company"}, {"company_name": "ABB"}, {"given_name": None, "family_name": None}]
)
def test_a_change_that_breaks_a_rule_is_refused(customer, wrong):
    path = f"/v1/customers/{register(customer)['id']}"

    assert customer.patch(path, wrong, as_="rep.li", if_match='"1"').status_code == 422


def test_an_unknown_customer_is_not_found(customer):
    assert customer.get("/v1/customers/nobody", as_="rep.li").status_code == 404
    assert customer.patch("/v1/customers/nobody", {"tier": "A"}, as_="rep.li", if_match='"1"').status_code == 404


def test_staff_read_and_those_who_serve_customers_write(customer):
    path = f"/v1/customers/{register(customer)['id']}"

    assert customer.get(path, as_="privacy.he").status_code == 200
    assert customer.post("/v1/customers", WANG, as_="privacy.he").status_code == 403
    assert customer.post("/v1/customers", WANG, as_="exec.lin").status_code == 403
    assert customer.get(path, as_="customer.zhang").status_code == 403
    assert customer.get(path).status_code == 401


def test_the_stored_events_and_keys_are_never_shown(customer):
    created = register(customer, **WANG)

    assert not {"lookup", "claims", "recent_intake", "_outbox"} & set(
        customer.get(f"/v1/customers/{created['id']}", as_="rep.li").json
    )


def test_every_change_is_announced_under_its_own_version(customer):
    created = register(customer)
    path = f"/v1/customers/{created['id']}"

    for version in (1, 2):
        customer.patch(path, {"tier": "AB"[version - 1]}, as_="rep.li", if_match=f'"{version}"')

    seen = [event.id for event in customer.relay() if event.subject == created["id"]]
    assert seen == [f"{created['id']}:{version}" for version in (1, 2, 3)]


class TestDuplicates:
    def test_a_likely_duplicate_is_found_by_phone_and_name(self, customer):
        known = register(customer, given_name="海洋", family_name="诸葛", phones=[{"number": "139 1111 2222"}])

        response = customer.post(
            "/v1/customers/match", {"full_name": "诸葛 海洋", "phones": ["+86 139-1111-2222"]}, as_="caller.sun"
        )

        (match,) = response.json["items"]
        assert (match["customer"]["id"], match["score"]) == (known["id"], 85)
        assert match["reasons"] == ["phone-equal", "name-equal"]

    def test_a_likely_duplicate_is_found_by_e_mail(self, customer):
        known = register(customer, emails=[{"address": "duplicate@example.com"}])

        response = customer.post("/v1/customers/match", {"emails": ["Duplicate@example.com"]}, as_="rep.li")

        assert [match["customer"]["id"] for match in response.json["items"]] == [known["id"]]

    def test_nobody_is_like_a_stranger(self, customer):
        response = customer.post("/v1/customers/match", {"full_name": "Zygmunt Xylander"}, as_="rep.li")

        assert response.json == {"items": [], "next": None}

    def test_looking_for_nothing_is_refused(self, customer):
        assert customer.post("/v1/customers/match", {}, as_="rep.li").status_code == 422
