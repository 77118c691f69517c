"""Tickets and campaigns in the browser."""

import time
import uuid

import pytest
from playwright.sync_api import expect

from tests.support.web import choose, show, signed_in

pytestmark = pytest.mark.slow("a person's steps in a real browser")


@pytest.fixture
def mark() -> str:
    return uuid.uuid4().hex[:8]


@pytest.fixture
def ticket(api, mark) -> dict:
    name = f"Desk {mark}"
    customer = api.post("customer/v1/customers", {"kind": "company", "company_name": name}, as_="agent.zhao")["id"]
    body = {"customer_id": customer, "subject": f"Printer {mark}", "type": "defect", "priority": "high"}
    earlier = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 9 * 86_400))
    body |= {"channel": "email", "occurred_at": earlier}
    return api.post("service-desk/v1/tickets", body, as_="agent.zhao")


def test_a_ticket_is_assigned_answered_noted_resolved_and_reopened(browser, gateway, ticket):
    with signed_in(browser, gateway, "agent.zhao") as page:
        show(page, gateway, f"/tickets/{ticket['id']}")
        page.get_by_role("button", name="Assign to me").click()
        expect(page.get_by_role("button", name="Back to the queue")).to_be_visible()

        page.get_by_label("Text").fill("我们已经安排技术人员检查。")
        page.get_by_role("button", name="Send the answer").dblclick()
        expect(page.locator("[data-kind=reply]")).to_have_count(1)
        expect(page.get_by_text("Waiting for the customer").first).to_be_visible()

        page.get_by_text("Internal note", exact=True).click()
        page.get_by_label("Text").fill("Same batch as last week.")
        page.get_by_role("button", name="Add the note").click()
        expect(page.locator("[data-kind=note]")).to_have_count(1)

        page.get_by_role("button", name="Resolve").click()
        page.get_by_label("What settled it?").fill("Firmware 4.2.3")
        page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
        expect(page.locator("[data-kind=resolution]")).to_have_count(1)

        page.get_by_role("button", name="Reopen").click()
        page.get_by_label("Why is it open again?").fill("The fault came back.")
        page.get_by_role("dialog").get_by_role("button", name="Reopen").click()
        expect(page.get_by_role("button", name="Resolve")).to_be_visible()


def test_overdue_tickets_come_first(browser, gateway, ticket):
    with signed_in(browser, gateway, "agent.zhao") as page:
        show(page, gateway, f"/tickets?q={ticket['number']}")

        late = page.get_by_role("list", name="Overdue").get_by_role("listitem")
        expect(late).to_have_count(1)
        expect(late).to_contain_text("was due")
        expect(page.get_by_role("list", name="Other tickets")).to_have_count(0)


def test_what_was_typed_survives_a_colleagues_change(browser, gateway, api, ticket):
    with signed_in(browser, gateway, "agent.zhao") as page:
        show(page, gateway, f"/tickets/{ticket['id']}")
        page.get_by_label("Text").fill("A long answer")
        api.post(f"service-desk/v1/tickets/{ticket['id']}/note", {"text": "Wait"}, as_="agent.novak")
        page.get_by_role("button", name="Send the answer").click()

        expect(page.get_by_role("alert").filter(has_text="changed by someone else")).to_be_visible()
        expect(page.get_by_label("Text")).to_have_value("A long answer")
        expect(page.locator("[data-kind=note]")).to_have_count(1)

        page.get_by_role("button", name="Send the answer").click()
        expect(page.locator("[data-kind=reply]")).to_have_count(1)


def test_a_campaign_is_planned_started_and_pays_its_costs(browser, gateway, mark):
    with signed_in(browser, gateway, "marketer.chen") as page:
        show(page, gateway, "/campaigns")
        page.get_by_role("button", name="Plan a campaign").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Name").fill(f"春季 Spring {mark}")
        dialog.get_by_label("Code").fill(f"SPRING-{mark}")
        dialog.get_by_label("First day").fill("2026-11-01")
        dialog.get_by_label("Last day").fill("2026-12-31")
        dialog.get_by_label("Budget").fill("50000")
        dialog.get_by_role("button", name="Plan a campaign").dblclick()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"春季 Spring {mark}")

        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("button", name="Pause")).to_be_visible()

        page.get_by_role("button", name="Add a cost").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Description").fill("Posters")
        dialog.get_by_label("Amount").fill("1200.50")
        dialog.get_by_label("Day").fill("2026-11-05")
        choose(dialog, "Category", "Print")
        dialog.get_by_role("button", name="Add a cost").click()
        expect(page.get_by_text("¥1,200.50 of ¥50,000.00 spent")).to_be_visible()

        page.get_by_role("button", name="Reverse Posters").click()
        expect(page.get_by_text("¥0.00 of ¥50,000.00 spent")).to_be_visible()
        expect(page.get_by_text("reversed by marketer.chen")).to_be_visible()
