"""Every page in both languages, on a desk and on a phone, in light and in dark: no axe violation, one h1, nothing sticks out."""

import time
import uuid

import pytest
from playwright.sync_api import expect

from tests.support.web import DESKTOP, PHONE, heading, overflow, show, signed_in, violations

PEOPLE = {
    "rep.li": [
        "/",
        "/customers",
        "/customers/{customer}",
        "/leads",
        "/leads?lead={lead}",
        "/opportunities",
        "/orders",
        "/orders/{order}",
    ],
    "agent.zhao": ["/", "/tickets", "/tickets/{ticket}"],
    "caller.sun": ["/"],
    "marketer.chen": ["/campaigns", "/campaigns/{campaign}", "/customers/{customer}"],
    "exec.lin": ["/", "/no-such-page"],
}
CASES = [
    (person, language, viewport) for person in PEOPLE for language in ("en", "zh") for viewport in (DESKTOP, PHONE)
]


def a_week_ago() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 7 * 86_400))


@pytest.fixture(scope="module")
def sample(api) -> dict[str, str]:
    """One record of each kind that has a page of its own, with something of everything on it."""
    mark = uuid.uuid4().hex[:8].upper()
    money = {"amount": 482100, "currency": "CNY"}
    customer = api.post(
        "customer/v1/customers",
        {
            "kind": "person",
            "family_name": "王",
            "given_name": f"小明{mark}",
            "tier": "A",
            "tags": ["光学"],
            "phones": [{"number": f"+86139{uuid.uuid4().int % 10**8:08d}", "label": "mobile"}],
            "emails": [{"address": f"{mark}@example.com"}],
            "addresses": [{"street": "世纪大道100号", "city": "上海", "country": "CN"}],
        },
        as_="rep.li",
    )["id"]
    product = api.post(
        "sales/v1/products",
        {"sku": f"PAGE-{mark}", "name": {"en": "Page lamp", "zh": "页灯"}, "list_price": money},
        as_="admin.root",
    )["id"]
    lines = [{"product_id": product, "quantity": 2}]
    order = api.post("sales/v1/orders", {"customer_id": customer, "lines": lines}, as_="rep.li")["id"]
    api.post(
        "sales/v1/opportunities",
        {"customer_id": customer, "name": f"灯 Lamps {mark}", "lines": lines, "expected_close_on": "2026-01-31"},
        as_="rep.li",
    )
    lead = api.post(
        "sales/v1/leads",
        {
            "source": "event",
            "full_name": "Maria Garcia",
            "company_name": "Norte Foods",
            "email": f"maria.{mark}@example.com",
            "owner_id": "rep.li",
        },
        as_="rep.li",
    )["id"]
    ticket = api.post(
        "service-desk/v1/tickets",
        {
            "customer_id": customer,
            "subject": "打印机无法联网",
            "description": "更新固件之后",
            "type": "defect",
            "priority": "urgent",
            "channel": "email",
            "assignee": "agent.zhao",
            "occurred_at": a_week_ago(),
        },
        as_="agent.zhao",
    )["id"]
    api.post(f"service-desk/v1/tickets/{ticket}/note", {"text": "Same batch as last week."}, as_="agent.zhao")
    campaign = api.post(
        "marketing/v1/campaigns",
        {
            "code": f"PAGE-{mark}",
            "name": "春季新品推广",
            "channels": ["email", "letter"],
            "starts_on": "2026-11-01",
            "ends_on": "2026-12-31",
            "budget": {"amount": 5000000, "currency": "CNY"},
        },
        as_="marketer.chen",
    )["id"]
    api.post(
        f"marketing/v1/campaigns/{campaign}/costs",
        {"description": "印刷宣传册 Print", "amount": money, "incurred_on": "2026-11-02", "category": "print"},
        as_="marketer.chen",
    )
    return {"customer": customer, "order": order, "lead": lead, "ticket": ticket, "campaign": campaign}


@pytest.mark.parametrize(
    ("person", "language", "viewport"),
    CASES,
    ids=[f"{person}-{language}-{size['width']}" for person, language, size in CASES],
)
def test_every_page_is_accessible_and_fits(browser, gateway, sample, person, language, viewport):
    found = []

    with signed_in(browser, gateway, person, language=language, viewport=viewport) as page:
        for pattern in PEOPLE[person]:
            path = pattern.format(**sample)
            show(page, gateway, path)
            found += [f"{path}: {violation}" for violation in violations(page)]
            found += [f"{path}: {overflow(page)} px too wide"] if overflow(page) > 0 else []

    assert found == []


@pytest.mark.parametrize("person", ["rep.li", "agent.zhao", "exec.lin"])
def test_every_page_is_readable_in_dark_colours(browser, gateway, sample, person):
    found = []

    with signed_in(browser, gateway, person, colours="dark") as page:
        for pattern in PEOPLE[person]:
            path = pattern.format(**sample)
            show(page, gateway, path)
            found += [f"{path}: {violation}" for violation in violations(page)]

    assert found == []


def test_the_language_is_switched_at_once_and_remembered(browser, gateway):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="中文").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("客户")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")

        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("客户")


def test_on_a_phone_the_menu_opens_and_leads_to_a_page(browser, gateway):
    with signed_in(browser, gateway, "rep.li", viewport=PHONE) as page:
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Orders").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


def test_the_keyboard_reaches_the_content_and_the_menu(browser, gateway):
    with signed_in(browser, gateway, "rep.li") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()

        page.get_by_role("link", name="Tickets").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")


def test_a_page_says_what_went_wrong_and_loads_when_tried_again(browser, gateway):
    with signed_in(browser, gateway, "rep.li") as page:
        page.route(
            "**/api/sales/v1/orders?**",
            lambda route: route.fulfill(
                status=422,
                content_type="application/problem+json",
                body='{"title": "Wrong", "status": 422, "detail": "The clock stands still.", "code": "odd"}',
            ),
        )
        page.goto(f"{gateway}/orders")
        expect(page.get_by_role("alert")).to_contain_text("The clock stands still.")

        page.unroute("**/api/sales/v1/orders?**")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("alert")).to_have_count(0)
        heading(page)


def test_an_ended_login_warns_before_what_was_typed_is_lost(browser, gateway):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="New customer").click()
        page.get_by_label("Family name").fill("Unsaved")
        page.context.clear_cookies()
        page.get_by_role("button", name="Create").click()

        expect(page.get_by_role("dialog", name="You are no longer logged in")).to_be_visible()
        page.get_by_role("button", name="I am logged in again").click()
        expect(page.get_by_label("Family name")).to_have_value("Unsaved")
