"""Interactions over HTTP: touches that staff log by hand."""

import pytest

from shared import ids


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


@pytest.fixture
def customer_id(customer) -> str:
    return customer.post("/v1/customers", {"kind": "company", "company_name": "ABB"}, as_="rep.li").json["id"]


def touch(customer_id: str, **fields) -> dict:
    return {
        "customer_id": customer_id,
        "channel": "visit",
        "direction": "out",
        "subject": "上门拜访",
        "body": "Showed the new sensor line.",
        "occurred_at": "2026-01-20T17:30:00+08:00",
        "duration_s": 3600,
    } | fields


def test_a_logged_touch_is_kept_with_its_text(customer, customer_id):
    response = customer.post("/v1/interactions", touch(customer_id), as_="rep.li")

    logged = response.json
    assert response.status_code == 201
    assert logged["occurred_at"] == "2026-01-20T09:30:00.000Z"
    assert logged["staff_id"] == "rep.li"
    assert customer.get(f"/v1/interactions/{logged['id']}", as_="agent.zhao").json == logged


def test_a_touch_is_announced_once_and_without_its_text(customer, customer_id):
    key = ids.new_id()
    logged = customer.post("/v1/interactions", touch(customer_id), as_="rep.li", key=key).json
    again = customer.post("/v1/interactions", touch(customer_id), as_="rep.li", key=key)

    (event,) = [
        event for event in customer.relay() if event.topic == "crm.interaction" and event.customer_id == customer_id
    ]

    assert again.headers["Idempotency-Replayed"] == "true"
    assert (event.type, event.customer_id) == ("customer.interaction.logged", customer_id)
    assert event.data == {
        "interaction_id": logged["id"],
        "customer_id": customer_id,
        "channel": "visit",
        "direction": "out",
        "occurred_at": "2026-01-20T09:30:00.000Z",
        "duration_s": 3600,
        "staff_id": "rep.li",
    }


def test_a_customers_touches_are_listed_latest_first_in_pages(customer, customer_id):
    for hour in (9, 11, 10, 11):
        body = touch(customer_id, channel="call", occurred_at=f"2026-01-20T{hour:02d}:00:00Z")
        customer.post("/v1/interactions", body, as_="caller.sun")

    seen, cursor = [], ""
    while cursor is not None:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = customer.get(f"/v1/customers/{customer_id}/interactions", query_string=query, as_="rep.li").json
        seen += [item["occurred_at"][11:13] for item in page["items"]]
        cursor = page["next"]

    assert seen == ["11", "11", "10", "09"]


def test_the_list_of_touches_reads_its_index(customer, customer_id):
    criteria = {"customer_id": customer_id}

    plan = customer.database["interactions"].find(criteria).sort([("occurred_at", -1), ("_id", -1)]).limit(51).explain()

    stages = str(plan["queryPlanner"]["winningPlan"])
    assert "'indexName': 'customer'" in stages
    assert "SORT'" not in stages


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_id": "nobody"},
        {"channel": "telepathy"},
        {"direction": "sideways"},
        {"subject": " "},
        {"occurred_at": "2999-01-01T00:00:00Z"},
        {"occurred_at": "2026-01-20T09:30:00"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"occurred_at": "1899-12-31T23:59:59Z"},
        {"duration_s": -1},
    ],
)
def test_a_touch_that_breaks_a_rule_is_refused(customer, customer_id, wrong):
    response = customer.post("/v1/interactions", touch(customer_id) | wrong, as_="rep.li")

    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == next(iter(wrong))


def test_the_touches_of_nobody_are_not_found(customer):
    assert customer.get("/v1/customers/nobody/interactions", as_="rep.li").status_code == 404
    assert customer.get("/v1/interactions/none", as_="rep.li").status_code == 404


def test_readers_do_not_log(customer, customer_id):
    assert customer.post("/v1/interactions", touch(customer_id), as_="exec.lin").status_code == 403
