"""The 360-degree view and the timeline, from the topics to the answer."""

import pytest

from shared import clock, ids
from tests.support.harness import eventually
from tests.support.histories import History

MONEY = {"amount": 964200, "currency": "CNY"}


def state_of(type: str) -> dict:
    return next(event.data for event in History(seed=4, customers=1).events(40) if event.type == type)


def customer(id: str, *, version: int = 1, name: str = "王小明", tier: str | None = None) -> dict:
    data = state_of("customer.customer.registered") | {
        "display_name": name,
        "tier": tier,
        "created_at": "2026-11-20T09:30:00.000Z",
    }
    fact = "registered" if version == 1 else "changed"
    return {
        "type": f"customer.customer.{fact}",
        "topic": "crm.customer",
        "subject": id,
        "customer_id": id,
        "version": version,
        "data": data,
    }


def order(id: str, customer_id: str, *, version: int = 1, status: str = "placed", code: str = "UNPLANNED") -> dict:
    data = state_of("sales.order.placed") | {
        "order_id": id,
        "customer_id": customer_id,
        "status": status,
        "total": MONEY,
    }
    return {
        "type": f"sales.order.{status}",
        "topic": "crm.order",
        "subject": id,
        "customer_id": customer_id,
        "version": version,
        "data": data | {"campaign_code": code, "number": "SO-2026-000123"},
    }


def lead(id: str, fact: str, customer_id: str | None, *, version: int, status: str = "new") -> dict:
    data = state_of("sales.lead.received") | {"lead_id": id, "customer_id": customer_id, "status": status}
    return {
        "type": f"sales.lead.{fact}",
        "topic": "crm.lead",
        "subject": id,
        "customer_id": customer_id,
        "version": version,
        "data": data,
    }


def view_of(reporting, customer_id: str) -> dict:
    response = reporting.get(f"/v1/customers/{customer_id}/360", as_="manager.wang")
    assert response.status_code == 200
    return response.get_json()


def timeline_of(reporting, customer_id: str, query: str = "") -> list[dict]:
    response = reporting.get(f"/v1/customers/{customer_id}/timeline{query}", as_="manager.wang")
    assert response.status_code == 200
    return response.get_json()["items"]


def test_a_customer_of_whom_nothing_was_heard_is_not_found(reporting):
    response = reporting.get(f"/v1/customers/{ids.new_id()}/360", as_="manager.wang")

    assert response.status_code == 404
    assert response.get_json()["code"] == "customer-not-seen"


def test_a_registered_customer_has_a_view_with_chinese_name_and_provenance(reporting):
    id = ids.new_id()

    [event] = reporting.publish(customer(id, name="欧阳修文"))
    reporting.consume()

    view = view_of(reporting, id)
    assert view["customer"]["display_name"] == "欧阳修文"
    assert view["customer"]["source"]["event_id"] == event.id
    assert view["customer"]["source"]["time"] == clock.to_json(event.time)
    assert view["customer"]["source"]["lag_ms"] >= 0
    assert [entry["type"] for entry in view["timeline"]["entries"]] == ["customer.customer.registered"]


def test_an_order_that_arrives_before_its_customer_is_shown_without_one(reporting):
    id, order_id = ids.new_id(), ids.new_id()

    reporting.publish(order(order_id, id))
    reporting.consume()
    before = view_of(reporting, id)
    reporting.publish(customer(id))
    reporting.consume()
    after = view_of(reporting, id)

    assert before["customer"] is None
    assert [item["id"] for item in before["orders"]["open"]] == [order_id]
    assert after["customer"]["display_name"] == "王小明"
    assert after["orders"] == before["orders"]
    assert after["totals"]["order_value"] == [MONEY]
    assert after["campaigns"] == [{"code": "UNPLANNED", "status": None}]


def test_the_campaign_that_an_order_came_from_is_shown_with_its_status(reporting, tell):
    planned, started = (
        next(e for e in History(seed=4, customers=1).events(40) if e.type == f"marketing.campaign.{fact}")
        for fact in ("planned", "started")
    )
    id = ids.new_id()

    tell([started, planned])
    reporting.publish(order(ids.new_id(), id, code=planned.data["code"]))
    reporting.consume()

    expected = [{"code": planned.data["code"], "status": "running"}]
    eventually(lambda: view_of(reporting, id)["campaigns"] == expected)


def test_an_older_event_that_arrives_late_changes_nothing(reporting):
    id, order_id = ids.new_id(), ids.new_id()

    reporting.publish(order(order_id, id, version=2, status="cancelled"), customer(id, version=3, tier="A"))
    reporting.consume()
    reporting.publish(order(order_id, id, version=1), customer(id, version=2, tier="B"))
    reporting.consume()

    view = view_of(reporting, id)
    assert [item["status"] for item in view["orders"]["closed"]] == ["cancelled"]
    assert view["totals"]["orders"] == 1
    assert view["totals"]["order_value"] == []
    assert view["customer"]["tier"] == "A"
    assert view["timeline"]["total"] == 3


def test_an_event_that_is_published_twice_counts_once(reporting, tell):
    told = History(seed=21, customers=1).events(25)
    [id] = {event.customer_id for event in told if event.customer_id}

    tell(told)
    reporting.consume()
    once = reporting.database.views.find_one({"_id": id})
    tell(told)
    reporting.consume()

    assert reporting.database.views.find_one({"_id": id}) == once


def test_a_lead_appears_when_its_customer_is_known(reporting):
    lead_id, id = ids.new_id(), ids.new_id()

    reporting.publish(lead(lead_id, "received", None, version=1))
    reporting.consume()
    unknown = reporting.get(f"/v1/customers/{id}/360", as_="manager.wang")
    reporting.publish(lead(lead_id, "matched", id, version=2))
    reporting.consume()

    assert unknown.status_code == 404
    assert [item["id"] for item in view_of(reporting, id)["leads"]["open"]] == [lead_id]
    assert [entry["type"] for entry in timeline_of(reporting, id)] == ["sales.lead.matched"]


def test_the_timeline_has_every_event_once_newest_first_and_in_pages(reporting, tell):
    told = [event for event in History(seed=31, customers=1).events(80) if event.topic != "crm.campaign"]
    [id] = {event.customer_id for event in told if event.customer_id}
    expected = {e.id for e in told if e.customer_id and e.topic != "crm.customer"} | {f"{id}:1"}

    tell(told)
    reporting.consume()

    found, cursor = [], ""
    while cursor is not None:
        page = reporting.get(f"/v1/customers/{id}/timeline?limit=25{cursor}", as_="manager.wang").get_json()
        found += page["items"]
        cursor = page["next"] and f"&cursor={page['next']}"
    assert len(found) == len(expected)
    assert {entry["id"] for entry in found} == expected
    assert found == sorted(found, key=lambda entry: (entry["at"], entry["id"]), reverse=True)
    assert view_of(reporting, id)["timeline"]["entries"] == found[:20]
    assert view_of(reporting, id)["timeline"]["total"] == len(expected)


def test_the_timeline_can_be_narrowed_to_a_kind_and_a_channel(reporting, tell):
    told = History(seed=35, customers=1).events(150)
    [id] = {event.customer_id for event in told if event.customer_id}

    tell(told)
    reporting.consume()

    tickets = timeline_of(reporting, id, "?kind=ticket&limit=200")
    visits = timeline_of(reporting, id, "?channel=visit")
    assert {entry["kind"] for entry in tickets} == {"ticket"}
    assert {entry["kind"] for entry in visits} == {"interaction"}
    assert {entry["channel"] for entry in visits} == {"visit"}
    assert len(tickets) == sum(event.topic == "crm.ticket" for event in told)


def test_more_than_fifty_tickets_are_counted_and_the_oldest_closed_ones_are_left_out(reporting, tell):
    told = [event for event in History(seed=33, customers=1).events(500) if event.topic == "crm.ticket"]
    [id] = {event.customer_id for event in told}
    latest = {event.subject: event.data["status"] for event in sorted(told, key=lambda event: event.version)}

    tell(told)
    reporting.consume()

    view = view_of(reporting, id)
    assert view["totals"]["tickets"] == len(latest) > 50
    assert view["totals"]["tickets_open"] == sum(status in ("open", "pending") for status in latest.values())
    assert len(view["tickets"]["open"]) + len(view["tickets"]["closed"]) == 50
    assert view["tickets"]["not_shown"] == len(latest) - 50


@pytest.mark.parametrize("query", ["?kind=order%20form", "?limit=0", "?limit=x", f"?channel={'x' * 41}"])
def test_a_wrong_parameter_is_named(reporting, query):
    response = reporting.get(f"/v1/customers/{ids.new_id()}/timeline{query}", as_="manager.wang")

    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] in query


def test_a_wrong_cursor_is_refused(reporting):
    response = reporting.get(f"/v1/customers/{ids.new_id()}/timeline?cursor=nonsense", as_="manager.wang")

    assert response.status_code == 400
    assert response.get_json()["code"] == "bad-cursor"


@pytest.mark.parametrize("path", ["360", "timeline"])
def test_customers_and_partners_may_not_read_views(reporting, path):
    for person in ("customer.zhang", "partner.acme"):
        assert reporting.get(f"/v1/customers/{ids.new_id()}/{path}", as_=person).status_code == 403
    assert reporting.get(f"/v1/customers/{ids.new_id()}/{path}").status_code == 401


def test_the_view_names_who_may_be_the_same_and_nobody_where_the_event_says_nothing(reporting):
    new, old = ids.new_id(), ids.new_id()
    told = customer(new)
    reporting.publish(told | {"data": told["data"] | {"possible_duplicate_of": [old]}}, customer(old))

    reporting.consume()

    assert view_of(reporting, new)["customer"]["possible_duplicate_of"] == [old]
    assert view_of(reporting, old)["customer"]["possible_duplicate_of"] == []
