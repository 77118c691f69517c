"""The leads inbox: who sees what, and a lead's way to an opportunity."""

from tests.integration.sales.conftest import customer_event
from tests.support.harness import eventually


def names(page) -> list[str]:
    return [lead["full_name"] for lead in page.get_json()["items"]]


def test_a_rep_sees_own_and_free_leads_only(sales, new_lead):
    mine = new_lead(as_="rep.li", campaign_code="INBOX")
    others = new_lead(as_="rep.garcia", campaign_code="INBOX")
    free = new_lead(as_="manager.wang", campaign_code="INBOX")

    def seen(person: str, filters: str = "") -> set[str]:
        page = sales.get(f"/v1/leads?campaign_code=inbox{filters}", as_=person).get_json()
        return {lead["id"] for lead in page["items"]}

    assert seen("rep.li") == {mine["id"], free["id"]}
    assert seen("rep.li", "&owner=me") == {mine["id"]}
    assert seen("rep.li", "&owner=rep.garcia") == set()
    assert seen("manager.wang") == seen("marketer.chen") == {mine["id"], others["id"], free["id"]}
    assert seen("manager.wang", "&owner=none") == {free["id"]}
    assert sales.get(f"/v1/leads/{others['id']}", as_="rep.li").status_code == 403
    assert sales.get(f"/v1/leads/{others['id']}", as_="agent.zhao").status_code == 200


def test_leads_are_found_by_a_part_of_a_name(sales, new_lead):
    new_lead(full_name="欧阳明", company_name="深圳云帆科技")
    new_lead(full_name="Quentin Zephyr", company_name="Harbour Lights")

    assert names(sales.get("/v1/leads?q=云帆", as_="rep.li")) == ["欧阳明"]
    assert names(sales.get("/v1/leads?q=zeph", as_="rep.li")) == ["Quentin Zephyr"]
    assert names(sales.get("/v1/leads?q=light quen", as_="rep.li")) == ["Quentin Zephyr"]
    assert names(sales.get("/v1/leads?q=ephyr", as_="rep.li")) == []
    assert names(sales.get("/v1/leads?q=.*", as_="rep.li")) == []


def test_wrong_filters_are_refused(sales):
    for query in ("status=open", "source=fax", "limit=0", "limit=201", "q=", "campaign_code=§", "owner="):
        assert sales.get(f"/v1/leads?{query}", as_="rep.li").status_code == 422
    assert sales.get("/v1/leads?cursor=rubbish", as_="rep.li").status_code == 400


def test_a_rep_takes_a_free_lead_and_only_a_manager_gives_it_to_others(sales, new_lead):
    lead = new_lead(as_="manager.wang")
    url = f"/v1/leads/{lead['id']}/assign"

    given = sales.post(url, {"owner_id": "rep.garcia"}, as_="rep.li")
    taken = sales.post(url, {"owner_id": "rep.li"}, as_="rep.li")
    too_late = sales.post(url, {"owner_id": "rep.garcia"}, as_="rep.garcia")
    moved = sales.post(url, {"owner_id": "rep.garcia"}, as_="manager.wang")

    assert (given.status_code, too_late.status_code) == (403, 403)
    assert taken.get_json()["owner_id"] == "rep.li"
    assert moved.get_json()["owner_id"] == "rep.garcia"


def test_a_repeated_request_does_not_show_a_lead_that_was_given_to_somebody_else(sales):
    body = {"source": "web", "full_name": "张伟", "email": "zhang@example.com"}
    lead = sales.post("/v1/leads", body, as_="rep.li", key="enter-zhang").get_json()
    sales.post(f"/v1/leads/{lead['id']}/assign", {"owner_id": "rep.garcia"}, as_="manager.wang")

    again = sales.post("/v1/leads", body, as_="rep.li", key="enter-zhang")

    assert (again.status_code, again.get_json()["code"]) == (403, "other-owner")


def test_a_step_honours_if_match(sales, new_lead):
    lead = new_lead()
    url = f"/v1/leads/{lead['id']}"

    stale = sales.post(f"{url}/qualify", as_="rep.li", if_match='"7"')
    fresh = sales.post(f"{url}/qualify", as_="rep.li", if_match=sales.get(url, as_="rep.li").headers["ETag"])

    assert (stale.status_code, fresh.status_code) == (412, 200)
    assert sales.post(f"{url}/qualify", as_="rep.li").get_json()["code"] == "lead-not-new"


def test_a_lead_that_will_not_buy_is_disqualified_with_a_reason(sales, new_lead):
    url = f"/v1/leads/{new_lead()['id']}"

    no_reason = sales.post(f"{url}/disqualify", {"reason": "because"}, as_="rep.li")
    done = sales.post(f"{url}/disqualify", {"reason": "no-budget"}, as_="rep.li")
    convert = sales.post(f"{url}/convert", {}, as_="rep.li")

    assert no_reason.status_code == 422
    assert (done.get_json()["status"], done.get_json()["disqualify_reason"]) == ("disqualified", "no-budget")
    assert (convert.status_code, convert.get_json()["code"]) == (409, "lead-disqualified")


def test_the_customer_service_tells_whose_lead_it_is(sales, new_lead):
    lead = new_lead()
    sales.relay()
    url = f"/v1/leads/{lead['id']}"
    waiting = sales.post(f"{url}/convert", {}, as_="rep.li")

    customer = customer_event(name="Maria Garcia", leads=(lead["id"], "a-lead-of-long-ago"))
    answer = sales.publish(customer)[0]
    eventually(lambda: sales.consume() or sales.get(url, as_="rep.li").get_json()["customer_id"])

    matched = sales.get(url, as_="rep.li").get_json()
    assert (waiting.status_code, waiting.get_json()["code"]) == (409, "customer-not-known-yet")
    assert (matched["customer_id"], matched["customer_name"]) == (customer["subject"], "Maria Garcia")
    (event,) = sales.relay()
    assert (event.type, event.customer_id, event.causation_id) == ("sales.lead.matched", customer["subject"], answer.id)


def test_a_repeated_or_late_answer_changes_nothing(sales, new_lead):
    lead = new_lead()
    customer = customer_event(name="Old Name", leads=(lead["id"],))
    newer = customer_event(id=customer["subject"], name="New Name", version=2, leads=(lead["id"],))
    other = customer_event(name="Somebody else", leads=(lead["id"],))
    sales.publish(newer)
    sales.consume()
    sales.relay()

    sales.publish(customer, newer, other)
    sales.consume()
    sales.rewind()
    sales.consume()

    found = sales.get(f"/v1/leads/{lead['id']}", as_="rep.li").get_json()
    assert (found["version"], found["customer_id"], found["customer_name"]) == (2, customer["subject"], "New Name")
    assert sales.relay() == []


def test_many_leads_are_matched_in_one_batch(sales, partner):
    id, key = partner()
    rows = [{"external_id": f"EG-{n}", "full_name": f"Person {n}", "email": f"p{n}@example.com"} for n in range(120)]
    body = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": rows}, headers=key).get_json()
    leads = [row["lead"]["id"] for row in body["results"]]

    sales.publish(*(customer_event(name=f"Person {n}", leads=(lead,)) for n, lead in enumerate(leads)))
    sales.consume()

    matched = sales.get(f"/v1/leads?partner_id={id}&limit=200", as_="manager.wang").get_json()["items"]
    assert {lead["customer_name"] for lead in matched} == {f"Person {n}" for n in range(120)}


def test_no_lead_of_a_busy_customer_is_forgotten_in_one_batch(sales, partner):
    id, key = partner()
    rows = [{"external_id": f"EG-{n}", "full_name": "Same Person", "email": "same@example.com"} for n in range(120)]
    body = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": rows}, headers=key).get_json()
    leads = [row["lead"]["id"] for row in body["results"]]
    first = customer_event(name="Same Person", leads=leads[:50])
    later = [
        customer_event(name="Same Person", leads=leads[start : start + 50])
        | {"subject": first["subject"], "customer_id": first["customer_id"], "version": version}
        for version, start in ((2, 50), (3, 70))
    ]

    sales.publish(first, *later)
    sales.consume()

    matched = sales.get(f"/v1/leads?partner_id={id}&limit=200", as_="manager.wang").get_json()["items"]
    assert [lead["customer_id"] for lead in matched] == [first["subject"]] * 120


def test_a_matched_lead_becomes_an_opportunity(sales, new_lead, product):
    lead = new_lead(campaign_code="SPRING-2026", company_name="Norte Foods")
    customer = customer_event(name="Norte Foods", leads=(lead["id"],))
    sales.publish(customer)
    sales.consume()
    sales.relay()
    sku = product(price=100)["sku"]
    url = f"/v1/leads/{lead['id']}"

    converted = sales.post(f"{url}/convert", {"lines": [{"sku": sku, "quantity": 3}]}, as_="rep.li", key="convert-1")
    again = sales.post(f"{url}/convert", {"lines": [{"sku": sku, "quantity": 3}]}, as_="rep.li", key="convert-1")

    body = converted.get_json()
    assert converted.status_code == 200
    assert body["lead"]["status"] == "converted"
    assert body["lead"]["opportunity_id"] == body["opportunity"]["id"]
    assert (body["opportunity"]["name"], body["opportunity"]["stage"]) == ("Norte Foods", "qualification")
    assert body["opportunity"]["amount"] == {"amount": 300, "currency": "CNY"}
    assert (body["opportunity"]["campaign_code"], body["opportunity"]["source"]) == ("SPRING-2026", "referral")
    assert again.get_json() == body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert sorted(event.type for event in sales.relay()) == ["sales.lead.converted", "sales.opportunity.opened"]


def test_a_conversion_that_fails_changes_neither_lead_nor_pipeline(sales, new_lead, known_customer):
    lead = new_lead()
    customer = known_customer()
    before = sales.database["opportunities"].count_documents({})

    refused = sales.post(
        f"/v1/leads/{lead['id']}/convert", {"customer_id": customer, "lines": [{"sku": "NO-SUCH"}]}, as_="rep.li"
    )
    unknown = sales.post(f"/v1/leads/{lead['id']}/convert", {"customer_id": "nobody"}, as_="rep.li")

    assert (refused.status_code, unknown.status_code) == (422, 409)
    assert sales.get(f"/v1/leads/{lead['id']}", as_="rep.li").get_json() == lead
    assert sales.database["opportunities"].count_documents({}) == before


def test_a_lead_that_nobody_matched_is_converted_with_a_chosen_customer(sales, new_lead, known_customer):
    lead = new_lead()
    customer = known_customer(name="王芳")

    body = sales.post(f"/v1/leads/{lead['id']}/convert", {"customer_id": customer}, as_="rep.li").get_json()

    assert body["lead"]["customer_name"] == body["opportunity"]["customer_name"] == "王芳"
    assert body["opportunity"]["amount"] == {"amount": 0, "currency": "CNY"}
