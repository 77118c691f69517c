"""Amounts, days and orders in the browser: what is typed is read wholly or refused, and what differs is asked for."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.support.harness import eventually
from tests.support.web import PHONE, overflow, settled, show, signed_in

pytestmark = pytest.mark.slow("a person's steps in a real browser")


@pytest.fixture
def mark() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture
def customer(api, mark) -> str:
    body = {"kind": "company", "company_name": f"Harbour {mark}"}
    return api.post("customer/v1/customers", body, as_="rep.li")["id"]


@pytest.fixture
def deal(api, customer, mark) -> dict:
    """Twenty contracts at 15,000.00, for which 9,999.50 was agreed."""
    product = {"sku": f"CARE-{mark}", "name": {"en": f"Care {mark}", "zh": f"维护 {mark}"}}
    product["list_price"] = {"amount": 1_500_000, "currency": "CNY"}
    api.post("sales/v1/products", product, as_="admin.root")
    body = {"customer_id": customer, "name": f"Care {mark}", "lines": [{"sku": f"CARE-{mark}", "quantity": 20}]}
    body["amount"] = {"amount": 999_950, "currency": "CNY"}
    return api.post("sales/v1/opportunities", body, as_="rep.li")


def orders_of(api, deal: dict) -> list[dict]:
    return api.get("sales/v1/orders", as_="rep.li", opportunity_id=deal["id"])["items"]


def opportunities_of(api, customer: str) -> list[dict]:
    return api.get("sales/v1/opportunities", as_="rep.li", customer_id=customer)["items"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai"])
def test_seven_days_are_seven_wherever_the_browser_is(browser, gateway, zone):
    with signed_in(browser, gateway, "exec.lin", zone=zone) as page:
        page.get_by_text("7 days", exact=True).click()
        settled(page)
        page.get_by_text("Show as a table").click()

        expect(page.get_by_role("region", name="Show as a table").locator("tbody tr")).to_have_count(7)


def amount(page: Page):
    return page.get_by_role("dialog").get_by_label("Agreed amount")


def test_an_amount_is_taken_as_it_is_typed_or_refused_with_a_reason(browser, gateway, api, customer, mark):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/customers/{customer}")
        page.get_by_role("button", name="New opportunity").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox", name="Name").fill(f"Rails {mark}")
        for typed, reason in [
            ("-1500", "Must not be below zero."),
            ("1,234.567", "At most 2 decimals in CNY."),
            ("12 apples", "Write an amount such as"),
        ]:
            amount(page).fill(typed)
            dialog.get_by_role("button", name="Create").click()
            expect(dialog.get_by_text(reason)).to_be_visible()
            expect(amount(page)).to_have_value(typed)
        assert opportunities_of(api, customer) == []

        amount(page).fill("12万")
        expect(dialog.get_by_text("= ¥120,000.00")).to_be_visible()
        dialog.get_by_role("button", name="Create").click()
        expect(dialog).to_have_count(0)

    assert [one["amount"]["amount"] for one in opportunities_of(api, customer)] == [12_000_000]


def test_a_phone_of_two_digits_and_a_visit_of_two_days_are_refused_and_not_changed(
    browser, gateway, api, customer, mark
):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="New customer").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Family name").fill(f"Short {mark}")
        dialog.get_by_label("Phone", exact=True).fill("12")
        dialog.get_by_role("button", name="Create").click()
        expect(dialog.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(dialog.get_by_label("Phone", exact=True)).to_have_value("12")

        show(page, gateway, f"/customers/{customer}")
        page.get_by_role("button", name="Log a contact").click()
        dialog.get_by_label("Subject").fill("Long visit")
        dialog.get_by_label("Minutes").fill("2880")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_text("From 0 to 1,440.")).to_be_visible()
        expect(dialog.get_by_label("Minutes")).to_have_value("2880")

    assert api.get(f"customer/v1/customers/{customer}/interactions", as_="rep.li")["items"] == []


def test_what_the_customer_pays_is_asked_when_the_products_come_to_another_sum(browser, gateway, api, deal):
    with signed_in(browser, gateway, "rep.li", viewport=PHONE) as page:
        show(page, gateway, f"/opportunities?opportunity={deal['id']}")
        page.get_by_role("button", name="Place the order").click()
        asking = page.get_by_role("dialog", name="Place the order")
        asking.get_by_role("button", name="Place the order").click()
        expect(asking.get_by_text("Choose one of the two amounts.")).to_be_visible()
        expect(asking.get_by_label("The sum of the products, ¥300,000.00")).to_be_visible()
        assert overflow(page) <= 0
        asking.get_by_label("The agreed amount, ¥9,999.50").check()
        asking.get_by_role("button", name="Place the order").dblclick()

        expect(page.get_by_text("The products come to ¥300,000.00")).to_be_visible()
        expect(page.get_by_text("Total ¥9,999.50")).to_be_visible()

    assert [order["total"]["amount"] for order in orders_of(api, deal)] == [999_950]


def test_an_ordered_opportunity_shows_its_order_and_asks_before_another(browser, gateway, api, deal):
    first = api.post(f"sales/v1/opportunities/{deal['id']}/orders", {"total": deal["amount"]}, as_="rep.li")

    with signed_in(browser, gateway, "rep.li", language="zh") as page:
        show(page, gateway, f"/opportunities?opportunity={deal['id']}")
        expect(page.get_by_role("dialog").get_by_role("link", name=first["number"])).to_be_visible()
        page.get_by_role("button", name="再下一单").click()
        asking = page.get_by_role("dialog", name="生成订单")
        expect(asking.get_by_text("该商机已有订单")).to_be_visible()
        expect(asking.get_by_role("link", name=first["number"])).to_be_visible()
        assert len(orders_of(api, deal)) == 1

        asking.get_by_label("产品合计 ¥300,000.00").check()
        asking.get_by_role("button", name="再下一单").click()
        eventually(lambda: len(orders_of(api, deal)) == 2, within=30)
