"""Every page, in English on a desk and in Chinese on a phone: no axe violation, one h1, nothing sticks out.

tests/proof looks at them in every other shape.
"""

import pytest
from playwright.sync_api import expect

from tests.support.pages import PEOPLE, findings, sample  # noqa: F401 - a fixture
from tests.support.web import DESKTOP, PHONE, heading, show, signed_in

SHAPES = {"en-desktop": ("en", DESKTOP), "zh-phone": ("zh", PHONE)}


@pytest.mark.slow("up to eight pages in a real browser, each read by axe-core")
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_accessible_and_fits(browser, gateway, sample, person, shape):  # noqa: F811
    language, viewport = SHAPES[shape]

    assert findings(browser, gateway, sample, person, language=language, viewport=viewport) == []


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
        # By key: a page that has noticed already, because it asked for something else, has its dialog over the button.
        page.get_by_label("Family name").press("Enter")

        expect(page.get_by_role("dialog", name="You are no longer logged in")).to_be_visible()
        page.get_by_role("button", name="I am logged in again").click()
        expect(page.get_by_label("Family name")).to_have_value("Unsaved")
