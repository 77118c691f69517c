"""A lead that lies with the wrong customer goes to another one: by itself, or when it is converted."""

import pytest

from shared import ids
from tests.integration.sales.conftest import customer_event


@pytest.fixture
def reporting(service):
    return service("reporting")


@pytest.fixture
def anna_and_bob(sales) -> tuple[str, str]:
    return tuple(_known(sales, name) for name in ("Anna Marin", "Bob Marin"))


def _known(sales, name: str, leads: tuple[str, ...] = (), id: str | None = None, version: int = 1) -> str:
    event = customer_event(id=id, name=name, version=version, leads=leads)
    sales.publish(event)
    sales.consume()
    return event["subject"]


@pytest.fixture
def annas_lead(sales, anna_and_bob) -> dict:
    """Bob's enquiry, matched with Anna."""
    lead = sales.post(
        "/v1/leads", {"source": "web", "full_name": "Bob Marin", "phone": "+442079460018"}, as_="rep.li"
    ).get_json()
    _known(sales, "Anna Marin", (lead["id"],), anna_and_bob[0], 2)
    return sales.get(f"/v1/leads/{lead['id']}", as_="rep.li").get_json()


def leads_shown(reporting, customer_id: str) -> tuple[list[str], int]:
    view = reporting.get(f"/v1/customers/{customer_id}/360", as_="manager.wang").get_json()
    return [item["id"] for item in view["leads"]["open"] + view["leads"]["closed"]], view["totals"]["leads"]


def test_a_lead_goes_to_another_customer_with_who_and_why(sales, anna_and_bob, annas_lead):
    anna, bob = anna_and_bob
    url = f"/v1/leads/{annas_lead['id']}/reassign"
    body = {"customer_id": bob, "reason": "shared-contact"}
    sales.relay()

    moved = sales.post(url, body, as_="rep.li", key="move-1")
    replayed = sales.post(url, body, as_="rep.li", key="move-1")
    again = sales.post(url, body, as_="rep.li")

    assert (moved.status_code, moved.get_json()["customer_name"]) == (200, "Bob Marin")
    (move,) = moved.get_json()["moves"]
    assert move == {
        "from_customer_id": anna,
        "to_customer_id": bob,
        "reason": "shared-contact",
        "by": "rep.li",
        "at": moved.get_json()["updated_at"],
    }
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert again.get_json() == moved.get_json()
    told = sales.relay()
    assert [(event.type, event.customer_id, event.data["customer_id"]) for event in told] == [
        ("sales.lead.reassigned", bob, bob),
        ("sales.lead.reassigned", anna, bob),
    ]
    assert told[0].data["moves"][0]["reason"] == "shared-contact"


def test_converting_with_another_customer_moves_the_lead_and_opens_the_opportunity_there(
    sales, anna_and_bob, annas_lead
):
    anna, bob = anna_and_bob
    url = f"/v1/leads/{annas_lead['id']}/convert"
    body = {"customer_id": bob, "reason": "wrong-person"}
    sales.relay()

    converted = sales.post(url, body, as_="rep.li", key="convert-move")
    replayed = sales.post(url, body, as_="rep.li", key="convert-move")

    answer = converted.get_json()
    assert converted.status_code == 200
    assert (answer["lead"]["customer_id"], answer["opportunity"]["customer_id"]) == (bob, bob)
    assert [(move["from_customer_id"], move["reason"]) for move in answer["lead"]["moves"]] == [(anna, "wrong-person")]
    assert replayed.get_json() == answer
    assert sorted((event.type, event.customer_id) for event in sales.relay()) == sorted(
        [
            ("sales.lead.reassigned", bob),
            ("sales.lead.reassigned", anna),
            ("sales.lead.converted", bob),
            ("sales.opportunity.opened", bob),
        ]
    )


def test_an_unknown_customer_a_converted_lead_and_a_reason_that_is_none_are_refused(sales, anna_and_bob, annas_lead):
    _, bob = anna_and_bob
    url = f"/v1/leads/{annas_lead['id']}"

    unknown = sales.post(f"{url}/reassign", {"customer_id": ids.new_id(), "reason": "other"}, as_="rep.li")
    nowhere = sales.post(f"{url}/convert", {"customer_id": ids.new_id()}, as_="rep.li")
    odd = sales.post(f"{url}/reassign", {"customer_id": bob, "reason": "because"}, as_="rep.li")
    untouched = sales.get(url, as_="rep.li").get_json()
    sales.post(f"{url}/convert", {}, as_="rep.li")
    late = sales.post(f"{url}/reassign", {"customer_id": bob, "reason": "other"}, as_="rep.li")
    later = sales.post(f"{url}/convert", {"customer_id": bob}, as_="rep.li")

    assert [(one.status_code, one.get_json()["code"]) for one in (unknown, nowhere, late, later)] == [
        (409, "customer-not-known-yet"),
        (409, "customer-not-known-yet"),
        (409, "lead-converted"),
        (409, "lead-converted"),
    ]
    assert (odd.status_code, odd.get_json()["errors"][0]["field"]) == (422, "reason")
    assert (untouched["status"], untouched["moves"]) == ("new", [])


def test_a_rep_cannot_move_another_reps_lead(sales, anna_and_bob, annas_lead):
    sales.post(f"/v1/leads/{annas_lead['id']}/assign", {"owner_id": "rep.li"}, as_="manager.wang")
    body = {"customer_id": anna_and_bob[1], "reason": "other"}

    assert sales.post(f"/v1/leads/{annas_lead['id']}/reassign", body, as_="rep.garcia").status_code == 403


def test_a_late_answer_of_the_customer_service_does_not_bring_the_lead_back(sales, anna_and_bob, annas_lead):
    anna, bob = anna_and_bob
    url = f"/v1/leads/{annas_lead['id']}"
    sales.post(f"{url}/reassign", {"customer_id": bob, "reason": "other"}, as_="rep.li")

    _known(sales, "Anna Marin", (annas_lead["id"],), anna, 3)

    assert sales.get(url, as_="rep.li").get_json()["customer_id"] == bob


def test_a_lead_that_was_stored_before_moves_were_kept_is_listed_read_and_moved(sales, anna_and_bob, annas_lead):
    sales.database["leads"].update_one({"_id": annas_lead["id"]}, {"$unset": {"moves": ""}})
    url = f"/v1/leads/{annas_lead['id']}"

    listed = sales.get("/v1/leads?limit=1", as_="rep.li").get_json()["items"][0]
    moved = sales.post(f"{url}/reassign", {"customer_id": anna_and_bob[1], "reason": "other"}, as_="rep.li")

    assert (listed["id"], listed["moves"]) == (annas_lead["id"], [])
    assert len(moved.get_json()["moves"]) == 1


def test_the_views_of_both_customers_are_right_after_it(sales, reporting, anna_and_bob, annas_lead):
    anna, bob = anna_and_bob
    sales.relay()
    reporting.consume()
    before = leads_shown(reporting, anna)

    sales.post(f"/v1/leads/{annas_lead['id']}/convert", {"customer_id": bob}, as_="rep.li")
    sales.relay()
    reporting.consume()

    assert before == ([annas_lead["id"]], 1)
    assert leads_shown(reporting, anna) == ([], 0)
    assert leads_shown(reporting, bob) == ([annas_lead["id"]], 1)
    view = reporting.get(f"/v1/customers/{bob}/360", as_="manager.wang").get_json()
    assert view["totals"]["opportunities"] == 1
