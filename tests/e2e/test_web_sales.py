"""Leads, the opportunity board and orders in the browser."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.support.harness import eventually
from tests.support.web import choose, settled, show, signed_in

pytestmark = pytest.mark.slow("a person's steps in a real browser")

MONEY = {"amount": 1250000, "currency": "CNY"}


@pytest.fixture
def mark() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture
def customer(api, mark) -> str:
    body = {"kind": "company", "company_name": f"Harbour {mark}"}
    return api.post("customer/v1/customers", body, as_="rep.li")["id"]


@pytest.fixture
def opportunity(api, customer, mark) -> dict:
    body = {"customer_id": customer, "name": f"Cranes {mark}", "amount": MONEY, "stage": "qualification"}
    return api.post("sales/v1/opportunities", body, as_="rep.li")


def column(page: Page, stage: str):
    return page.locator(f"[data-stage={stage}]")


def card(page: Page, opportunity: dict):
    return page.locator(f"[data-opportunity='{opportunity['id']}']")


def stage_of(api, opportunity: dict) -> dict:
    return api.get(f"sales/v1/opportunities/{opportunity['id']}", as_="rep.li")


def test_a_lead_is_taken_qualified_and_converted(browser, gateway, api, mark):
    body = {"source": "web", "full_name": "Lucia Garcia", "email": f"lucia.{mark}@example.com"}
    lead = api.post("sales/v1/leads", body, as_="rep.li")
    eventually(lambda: api.get(f"sales/v1/leads/{lead['id']}", as_="rep.li")["customer_id"], within=30)

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/leads?lead={lead['id']}")
        page.get_by_role("button", name="Qualify", exact=True).click()
        page.get_by_role("button", name="Convert").click()
        page.get_by_label("Name", exact=True).fill(f"Sensors {mark}")
        page.get_by_label("Agreed amount").fill("8800")
        page.get_by_role("button", name="Convert").dblclick()
        page.get_by_role("link", name="Show the opportunity").click()

        expect(page.get_by_role("dialog").get_by_text("¥8,800.00")).to_be_visible()

    opened = api.get("sales/v1/opportunities", as_="rep.li", owner="me", limit=50)["items"]
    assert [one["name"] for one in opened].count(f"Sensors {mark}") == 1


def test_a_lead_that_a_colleague_changed_is_shown_as_it_is_now(browser, gateway, api, mark):
    body = {"source": "web", "full_name": f"Anna {mark}", "email": f"anna.{mark}@example.com"}
    lead = api.post("sales/v1/leads", body, as_="rep.li")
    eventually(lambda: api.get(f"sales/v1/leads/{lead['id']}", as_="rep.li")["customer_id"], within=30)

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/leads?lead={lead['id']}")
        expect(page.get_by_role("button", name="Qualify", exact=True)).to_be_visible()
        api.post(f"sales/v1/leads/{lead['id']}/qualify", as_="manager.wang")
        page.get_by_role("button", name="Qualify", exact=True).click()

        expect(page.get_by_role("alert").filter(has_text="changed by someone else")).to_be_visible()
        expect(page.get_by_role("button", name="Convert")).to_be_visible()


def test_a_lead_needs_a_reason_to_be_disqualified(browser, gateway, api, mark):
    body = {"source": "event", "full_name": f"Bo {mark}", "email": f"bo.{mark}@example.com"}
    lead = api.post("sales/v1/leads", body, as_="rep.li")

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/leads?lead={lead['id']}")
        page.get_by_role("button", name="Disqualify").click()
        page.get_by_role("button", name="Disqualify").click()
        expect(page.get_by_text("Please fill this in.")).to_be_visible()

        choose(page.get_by_role("dialog"), "Reason", "No budget")
        page.get_by_role("button", name="Disqualify").click()
        expect(page.get_by_role("dialog").get_by_text("No budget")).to_be_visible()


def test_a_card_moves_by_mouse(browser, gateway, api, opportunity):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/opportunities?owner=me")
        start = card(page, opportunity).bounding_box()
        end = column(page, "proposal").bounding_box()
        page.mouse.move(start["x"] + 60, start["y"] + start["height"] - 8)
        page.mouse.down()
        page.mouse.move(end["x"] + 80, end["y"] + 120, steps=15)
        page.mouse.up()

        expect(column(page, "proposal").locator(f"[data-opportunity='{opportunity['id']}']")).to_be_visible()
        eventually(lambda: stage_of(api, opportunity)["stage"] == "proposal")


def test_a_card_moves_by_keyboard_and_is_announced(browser, gateway, api, opportunity):
    with signed_in(browser, gateway, "rep.li", language="zh") as page:
        show(page, gateway, "/opportunities?owner=me")
        page.get_by_role("button", name=f"移动 {opportunity['name']}").focus()
        page.keyboard.press("Space")
        expect(page.get_by_text(f"已拿起 {opportunity['name']}")).to_be_attached()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(f"{opportunity['name']} 位于：方案报价。")).to_be_attached()
        page.keyboard.press("Space")

        expect(column(page, "proposal").locator(f"[data-opportunity='{opportunity['id']}']")).to_be_visible()
        eventually(lambda: stage_of(api, opportunity)["stage"] == "proposal")


def test_a_refused_move_puts_the_card_back(browser, gateway, api, opportunity):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/opportunities?owner=me")
        expect(card(page, opportunity)).to_be_visible()
        api.post(f"sales/v1/opportunities/{opportunity['id']}/move", {"stage": "negotiation"}, as_="rep.li")
        page.get_by_role("button", name=f"Move {opportunity['name']}").focus()
        page.keyboard.press("Space")
        expect(page.get_by_text(f"{opportunity['name']} lifted from")).to_be_attached()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(f"{opportunity['name']} is over")).to_be_attached()
        page.keyboard.press("Space")

        expect(page.get_by_role("alert").filter(has_text="was put back")).to_be_visible()
        expect(column(page, "negotiation").locator(f"[data-opportunity='{opportunity['id']}']")).to_be_visible()


def test_a_lost_opportunity_needs_a_reason(browser, gateway, api, opportunity):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/opportunities?opportunity={opportunity['id']}")
        choose(page.get_by_role("dialog"), "Stage", "Lost")
        page.get_by_role("button", name="Mark as lost").click()
        expect(page.get_by_text("A lost opportunity needs a reason.")).to_be_visible()
        assert stage_of(api, opportunity)["stage"] == "qualification"

        choose(page, "Lost because of", "Competitor")
        page.get_by_role("button", name="Mark as lost").click()
        eventually(lambda: stage_of(api, opportunity)["stage"] == "lost")

    assert stage_of(api, opportunity)["lost_reason"] == "competitor"


def test_an_order_is_placed_once_and_goes_through_its_steps(browser, gateway, api, customer, mark):
    name = {"en": f"Lamp {mark}", "zh": f"灯 {mark}"}
    api.post("sales/v1/products", {"sku": f"LAMP-{mark}", "name": name, "list_price": MONEY}, as_="admin.root")

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/orders")
        page.get_by_role("button", name="Place an order").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Customer").fill(f"Harbour {mark}")
        page.get_by_role("option", name=f"Harbour {mark}").click()
        dialog.get_by_label("Product 1").fill(mark)
        page.get_by_role("option", name=f"Lamp {mark}").click()
        dialog.get_by_label("Quantity").fill("3")
        expect(dialog.get_by_text("Total ¥37,500.00")).to_be_visible()
        dialog.get_by_role("button", name="Place an order").dblclick()

        expect(page.get_by_role("heading", level=1)).to_contain_text("Order SO-")
        settled(page)
        page.get_by_role("button", name="Confirm").click()
        page.get_by_role("button", name="Mark as shipped").click()
        page.get_by_role("button", name="Complete").click()
        expect(page.locator("[aria-current=step]")).to_contain_text("Completed")

    assert len(api.get("sales/v1/orders", as_="rep.li", customer_id=customer)["items"]) == 1
