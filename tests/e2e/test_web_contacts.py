"""In the browser: staff decide what a stranger told of a customer, see who may be the same, and put a lead right."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.support.harness import eventually
from tests.support.web import PHONE, overflow, settled, show, signed_in, violations

pytestmark = pytest.mark.slow("a person's steps in a real browser")


@pytest.fixture
def mark() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture
def send(api, mark):
    """A partner's lead arrives and is matched; answers the lead."""
    partner = f"told-{mark}"
    api.post("sales/v1/partners", {"id": partner, "name": "Told Ltd"}, as_="admin.root")
    key = api.post(f"sales/v1/partners/{partner}/keys", {}, as_="admin.root")["key"]

    def post(external_id: str, **body: str) -> dict:
        path = f"sales/v1/partners/{partner}/leads"
        lead = api.post_signed(path, {"external_id": external_id} | body, sign=lambda _: {"X-Api-Key": key})
        return eventually(lambda: _matched(api, lead["id"]), within=20)

    return post


def _matched(api, lead_id: str) -> dict | None:
    lead = api.get(f"sales/v1/leads/{lead_id}", as_="manager.wang")
    return lead if lead["customer_id"] else None


def vera(api, mark: str, number: str) -> dict:
    body = {
        "kind": "person",
        "given_name": "Vera",
        "family_name": mark,
        "emails": [{"address": f"vera.{mark}@example.com"}],
        "phones": [{"number": number}],
    }
    return api.post("customer/v1/customers", body, as_="rep.li")


def phone() -> str:
    return f"+86137{uuid.uuid4().int % 10**8:08d}"


def test_what_a_stranger_told_stands_apart_until_somebody_confirms_or_refuses_it(browser, gateway, api, send, mark):
    own, told = phone(), phone()
    customer = vera(api, mark, own)
    send("T-1", full_name=f"{mark}, VERA", email=f"vera.{mark}@example.com", phone=told, company_name="Evil Ltd")

    with signed_in(browser, gateway, "rep.li", language="zh", viewport=PHONE) as page:
        show(page, gateway, f"/customers/{customer['id']}")
        expect(page.get_by_role("region", name="待核实")).to_contain_text(told)
        assert (violations(page), max(overflow(page), 0)) == ([], 0)

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/customers/{customer['id']}")
        apart, contact = (page.get_by_role("region", name=name) for name in ("Not confirmed", "Contact"))
        expect(apart).to_contain_text(told)
        expect(apart).to_contain_text("Evil Ltd")
        expect(contact).not_to_contain_text(told)
        expect(apart.get_by_role("link", name=f"lead of partner told-{mark}")).to_have_count(2)
        assert violations(page) == []

        version = api.get(f"customer/v1/customers/{customer['id']}", as_="rep.li")["version"]
        with page.expect_request("**/confirm") as sent:
            page.get_by_role("button", name=f"Confirm {told}").click()
        assert sent.value.headers["if-match"] == f'"{version}"'
        expect(contact).to_contain_text(told)
        page.get_by_role("button", name="Refuse Evil Ltd").click()
        expect(apart).to_have_count(0)
        expect(contact).not_to_contain_text("Evil Ltd")


def test_another_name_on_the_phone_is_somebody_new_and_both_pages_say_so(browser, gateway, api, send, mark):
    number = phone()
    customer = vera(api, mark, number)
    other = send("T-1", full_name=f"Bob {mark}x", phone=number)["customer_id"]
    assert other != customer["id"]

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/customers/{other}")
        alike = page.get_by_role("region", name="Possible duplicates")
        expect(page.get_by_role("region", name="Contact")).to_contain_text(f"lead of partner told-{mark}")
        alike.get_by_role("link", name=f"Vera {mark}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Vera {mark}")
        settled(page)
        expect(alike.get_by_role("link", name=f"Bob {mark}x")).to_be_visible()
        assert violations(page) == []

        alike.get_by_role("button", name=f"Different people: Bob {mark}x").click()
        expect(alike).to_have_count(0)

    assert api.get(f"customer/v1/customers/{other}", as_="rep.li")["possible_duplicate_of"] == []


def test_a_lead_of_somebody_else_is_converted_for_the_right_customer(browser, gateway, api, send, mark):
    number = phone()
    customer = vera(api, mark, number)
    lead = send("T-1", full_name=f"Vera {mark}", phone=number)
    right = api.post(
        "customer/v1/customers", {"kind": "person", "given_name": "Right", "family_name": f"{mark}y"}, as_="rep.li"
    )
    path = f"sales/v1/leads/{lead['id']}"
    api.post(f"{path}/assign", {"owner_id": "rep.li"}, as_="rep.li")
    api.post(f"{path}/qualify", {}, as_="rep.li")

    with signed_in(browser, gateway, "rep.li", viewport=PHONE) as page:
        show(page, gateway, f"/leads?lead={lead['id']}")
        page.get_by_role("button", name="Convert").click()
        page.get_by_role("button", name="Another customer").click()
        expect(page.get_by_role("alert")).to_contain_text(f"The lead leaves Vera {mark}")
        page.get_by_role("combobox", name="Customer", exact=True).fill(f"{mark}y")
        page.get_by_role("option", name=f"Right {mark}y").click()
        assert (violations(page), max(overflow(page), 0)) == ([], 0)
        page.get_by_role("button", name="Convert").click()
        expect(page.get_by_text("Another person ·")).to_be_visible()
        page.get_by_role("link", name=f"Right {mark}y").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Right {mark}y")
        expect(page.get_by_text("Lead moved between customers")).to_be_visible()

    before = api.get(f"reporting/v1/customers/{customer['id']}/360", as_="manager.wang")
    assert (before["leads"]["open"], before["leads"]["closed"]) == ([], [])
    after = api.get(f"reporting/v1/customers/{right['id']}/360", as_="manager.wang")
    assert (after["totals"]["leads"], after["totals"]["opportunities"]) == (1, 1)
