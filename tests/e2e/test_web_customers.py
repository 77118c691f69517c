"""Customers in the browser: found by any phone, registered once, and their view follows what happens."""

import re
import time
import uuid

import pytest
from playwright.sync_api import expect

from tests.support.web import PHONE, choose, overflow, show, signed_in, violations

pytestmark = pytest.mark.slow("a person's steps in a real browser")

NOW = "%Y-%m-%dT%H:%M:%SZ"


def phone() -> str:
    return f"+86139{uuid.uuid4().int % 10**8:08d}"


def test_a_customer_is_found_by_the_second_phone(browser, gateway, api):
    first, second = phone(), phone()
    name = f"Ada {uuid.uuid4().hex[:8]}"
    api.post(
        "customer/v1/customers",
        {
            "kind": "person",
            "given_name": "Quest",
            "family_name": name,
            "phones": [{"number": first}, {"number": second}],
        },
        as_="rep.li",
    )

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_label("Search customers").fill(second.removeprefix("+86"))

        expect(page.get_by_role("list", name="Customers").get_by_role("listitem")).to_have_count(1)
        expect(page.get_by_role("link", name=f"Quest {name}")).to_be_visible()


def test_a_double_click_registers_one_customer_and_a_duplicate_is_shown_while_typing(browser, gateway, api):
    number, family = phone(), "欧阳"
    given = "".join(chr(0x4E00 + int(digit, 16)) for digit in uuid.uuid4().hex[:6])

    with signed_in(browser, gateway, "rep.li", language="zh") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="新建客户").click()
        page.get_by_label("姓", exact=True).fill(family)
        page.get_by_label("名", exact=True).fill(given)
        page.get_by_label("电话", exact=True).fill(number)
        page.get_by_role("button", name="创建").dblclick()

        expect(page.get_by_role("heading", level=1)).to_have_text(f"{family}{given}")

        show(page, gateway, "/customers")
        page.get_by_role("button", name="新建客户").click()
        page.get_by_label("电话", exact=True).fill(number)
        expect(page.get_by_role("status").filter(has_text=f"{family}{given}")).to_be_visible()

    assert len(api.get("customer/v1/customers", as_="rep.li", q=number)["items"]) == 1


@pytest.mark.parametrize(
    ("choice", "names"), [("Show what was saved", ["First"]), ("Save this as well", ["First", "Second"])]
)
def test_a_form_changed_after_a_lost_answer_asks_before_it_makes_a_second_record(browser, gateway, api, choice, names):
    mark, number = uuid.uuid4().hex[:8], phone()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="New customer").click()
        page.get_by_label("Family name").fill(mark)
        page.get_by_label("Given name").fill("First")
        page.get_by_label("Phone", exact=True).fill(number)
        page.route("**/api/customer/v1/customers", lose_the_answer, times=1)
        page.get_by_role("button", name="Create").click()
        expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
        page.get_by_label("Given name").fill("Second")
        for _ in range(2):
            page.get_by_role("button", name="Create").click()
            expect(page.get_by_role("alert")).to_contain_text("Your earlier attempt was saved")
        assert violations(page) == []

        page.get_by_role("button", name=choice).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(names[-1])

    found = api.get("customer/v1/customers", as_="rep.li", q=number)["items"]
    assert sorted(customer["given_name"] for customer in found) == names


def test_a_wrong_phone_is_refused_at_its_field_and_the_draft_stays(browser, gateway):
    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="New customer").click()
        page.get_by_label("Family name").fill("Draft")
        page.get_by_label("Phone", exact=True).fill("123456789012345678901")
        page.get_by_role("button", name="Create").click()

        expect(page.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Family name")).to_have_value("Draft")


def test_an_error_of_the_service_is_told_in_chinese_too(browser, gateway):
    with signed_in(browser, gateway, "rep.li", language="zh", viewport=PHONE) as page:
        show(page, gateway, "/customers")
        page.get_by_role("button", name="新建客户").click()
        page.get_by_label("姓", exact=True).fill("草稿")
        page.get_by_label("电话", exact=True).fill("123456789012345678901")
        page.get_by_role("button", name="创建").click()

        expect(page.get_by_text("请填写完整的电话号码")).to_be_visible()
        assert violations(page) == []
        assert overflow(page) <= 0


def test_the_view_grows_while_somebody_looks(browser, gateway, api):
    name = f"Live{uuid.uuid4().hex[:8]}"
    customer = api.post("customer/v1/customers", {"kind": "company", "company_name": name}, as_="rep.li")["id"]

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/customers/{customer}")
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.locator("[data-stream=live]").first).to_be_visible()

        api.post(
            "customer/v1/interactions",
            {
                "customer_id": customer,
                "channel": "visit",
                "direction": "out",
                "subject": "Visit",
                "occurred_at": time.strftime(NOW, time.gmtime()),
            },
            as_="rep.li",
        )

        entries = page.get_by_role("list", name="Timeline")
        expect(entries.get_by_text("Visit by us")).to_have_count(1)
        expect(entries.get_by_text("Customer registered")).to_have_count(1)

        provenance = page.get_by_role("button", name=re.compile("Where “Contact” comes from"))
        provenance.focus()
        expect(page.get_by_role("tooltip")).to_contain_text("customer.customer.registered")


def test_contacts_tickets_orders_and_opportunities_start_from_the_view(browser, gateway, api):
    name = f"Start{uuid.uuid4().hex[:8]}"
    customer = api.post("customer/v1/customers", {"kind": "company", "company_name": name}, as_="rep.li")["id"]

    with signed_in(browser, gateway, "rep.li") as page:
        show(page, gateway, f"/customers/{customer}")
        entries = page.get_by_role("list", name="Timeline")

        page.get_by_role("button", name="Log a contact").click()
        page.get_by_label("Subject").fill("A letter about prices")
        choose(page.get_by_role("dialog"), "Channel", "Letter")
        page.get_by_role("button", name="Save").click()
        expect(entries.get_by_text("Letter by us")).to_have_count(1)

        page.get_by_role("button", name="Open a ticket").click()
        page.get_by_label("Subject").fill("屏幕不亮 The screen stays dark")
        page.get_by_role("dialog").get_by_role("button", name="Open a ticket").click()
        expect(entries.get_by_text("Ticket opened")).to_have_count(1)

        page.get_by_role("button", name="New opportunity").click()
        page.get_by_label("Name").fill("Spring deal")
        page.get_by_label("Agreed amount").fill("12500")
        page.get_by_role("button", name="Create").click()
        expect(entries.get_by_text("Opportunity opened")).to_have_count(1)
        expect(page.get_by_role("link", name="¥12,500.00")).to_be_visible()

        choose(page, "Kind", "Ticket")
        expect(entries.get_by_text("Opportunity opened")).to_have_count(0)
        expect(entries.get_by_text("Ticket opened")).to_have_count(1)


def test_what_a_role_may_not_see_is_named_and_not_shown_as_nothing(browser, gateway, api):
    name = f"Kept{uuid.uuid4().hex[:8]}"
    customer = api.post("customer/v1/customers", {"kind": "company", "company_name": name}, as_="rep.li")["id"]

    for language, withheld, kinds in (("en", "Not visible to your role", "Calls"), ("zh", "您的角色不可查看", "通话")):
        with signed_in(browser, gateway, "marketer.chen", language=language) as page:
            show(page, gateway, f"/customers/{customer}")
            expect(page.get_by_role("heading", name=withheld)).to_be_visible()
            expect(page.get_by_text(kinds, exact=False).last).to_be_visible()
            assert violations(page) == []


def test_nobody_reads_that_nothing_is_open_who_does_not_see_everything(browser, gateway, api):
    body = {"kind": "company", "company_name": f"Quiet{uuid.uuid4().hex[:8]}"}
    customer = api.post("customer/v1/customers", body, as_="rep.li")["id"]
    deal = {"customer_id": customer, "name": "Spring deal", "amount": {"amount": 100_00, "currency": "CNY"}}
    api.post("sales/v1/opportunities", deal, as_="rep.li")
    own = {"en": "You see only yours, and none is open: ", "zh": "仅显示您负责的，目前没有进行中的："}
    texts = {
        "en": ("Nothing is open with this customer.", "Nothing is open that you may see."),
        "zh": ("该客户没有进行中的事项。", "在您可查看的范围内，没有进行中的事项。"),
    }

    for person, language in (("privacy.he", "en"), ("privacy.he", "zh"), ("rep.garcia", "en"), ("rep.garcia", "zh")):
        everything, visible = texts[language]
        with signed_in(browser, gateway, person, language=language) as page:
            show(page, gateway, f"/customers/{customer}")
            expect(page.get_by_text(visible)).to_be_visible()
            expect(page.get_by_text(everything)).to_have_count(0)
            expect(page.get_by_text(own[language])).to_have_count(1 if person == "rep.garcia" else 0)
            assert violations(page) == []


def test_who_changed_what_is_on_the_page_of_the_customer(browser, gateway, api):
    mark = uuid.uuid4().hex[:8]
    body = {"kind": "company", "company_name": f"Changed{mark}"}
    customer = api.post("customer/v1/customers", body, as_="rep.li")["id"]
    for number, person in enumerate([*["manager.wang"] * 5, "caller.sun"]):
        link = {"source": "web-shop", "id": f"{mark}-{number}", "customer_id": customer, "evidence": "Order 12"}
        api.post("customer/v1/identities/link", link, as_=person)
    texts = {
        "en": ("Changes", f"Ids in other systems: nothing → web-shop {mark}-5", "Load more"),
        "zh": ("变更记录", f"其他系统编号：无 → web-shop {mark}-5", "加载更多"),
    }

    for language, (title, line, more) in texts.items():
        with signed_in(browser, gateway, "rep.li", language=language) as page:
            show(page, gateway, f"/customers/{customer}")
            changes = page.get_by_role("list", name=title)
            expect(changes.get_by_role("listitem")).to_have_count(5)
            expect(changes.get_by_role("listitem").first).to_contain_text("caller.sun")
            expect(changes.get_by_text(line)).to_be_visible()
            page.get_by_role("region", name=title).get_by_role("button", name=more).click()
            expect(changes.get_by_role("listitem")).to_have_count(7)
            expect(changes.get_by_role("listitem").last).to_contain_text("rep.li")
            assert violations(page) == []
