"""Every record says who changed it last: a person, a partner, or the service for what an event caused."""

from tests.integration.sales.conftest import customer_event

LEAD = {"full_name": "张伟", "email": "zhang.wei@example.com"}


def stored(sales, collection: str, id: str) -> str:
    return sales.database[collection].find_one({"_id": id})["updated_by"]


def test_a_lead_says_who_touched_it_last(sales, new_lead):
    lead = new_lead(as_="rep.li")
    assigned = sales.post(f"/v1/leads/{lead['id']}/assign", {"owner_id": "rep.garcia"}, as_="manager.wang").get_json()

    listed = sales.get("/v1/leads", as_="manager.wang").get_json()["items"]

    assert (lead["updated_by"], assigned["updated_by"]) == ("rep.li", "manager.wang")
    assert {row["id"]: row["updated_by"] for row in listed}[lead["id"]] == "manager.wang"


def test_what_an_event_causes_is_signed_by_the_service(sales, new_lead):
    lead = new_lead(as_="rep.li")

    sales.publish(customer_event(leads=(lead["id"],), version=2))
    sales.consume()

    matched = sales.get(f"/v1/leads/{lead['id']}", as_="rep.li").get_json()
    assert matched["customer_id"] is not None
    assert matched["updated_by"] == "service:sales"


def test_a_lead_of_a_partner_is_signed_by_the_partner_who_is_not_told_so(sales, partner):
    id, key = partner()

    one = sales.post(f"/v1/partners/{id}/leads", LEAD | {"external_id": "1"}, headers=key).get_json()
    sales.post(f"/v1/partners/{id}/leads/batch", {"leads": [LEAD | {"external_id": "2"}]}, headers=key)

    assert "updated_by" not in one
    assert sales.database["leads"].distinct("updated_by", {"partner_id": id}) == [f"partner:{id}"]


def test_a_deal_its_order_and_a_product_say_who_changed_them(sales, known_customer, product):
    item = product()
    lines = [{"product_id": item["id"], "quantity": 2}]
    deal = sales.post(
        "/v1/opportunities", {"customer_id": known_customer(), "name": "灯", "lines": lines}, as_="rep.li"
    ).get_json()
    order = sales.post(f"/v1/opportunities/{deal['id']}/orders", {}, as_="manager.wang").get_json()
    confirmed = sales.post(f"/v1/orders/{order['id']}/confirm", as_="admin.root").get_json()
    dearer = sales.patch(f"/v1/products/{item['id']}", {"active": False}, as_="admin.root", if_match="*").get_json()

    assert (deal["updated_by"], order["updated_by"], confirmed["updated_by"]) == (
        "rep.li",
        "manager.wang",
        "admin.root",
    )
    assert (item["updated_by"], dearer["updated_by"]) == ("manager.wang", "admin.root")
    assert stored(sales, "opportunities", deal["id"]) == "manager.wang"


def test_records_that_show_no_time_of_change_are_signed_too(sales, partner):
    id, _ = partner()

    assert stored(sales, "partners", id) == "admin.root"
    assert sales.database["partner_keys"].distinct("updated_by", {"partner_id": id}) == ["admin.root"]


def test_a_record_of_before_says_nobody(sales, new_lead):
    lead = new_lead()
    sales.database["leads"].update_one({"_id": lead["id"]}, {"$unset": {"updated_by": 1}})

    read = sales.get(f"/v1/leads/{lead['id']}", as_="rep.li")
    listed = sales.get(f"/v1/leads?source={lead['source']}", as_="rep.li")

    assert (read.status_code, listed.status_code) == (200, 200)
    assert read.get_json()["updated_by"] is None
