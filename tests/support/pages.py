"""Every page of the web client with who looks at it, a record of each kind to be shown there, and what must be true of it."""

import time
import uuid

import pytest
from playwright.sync_api import Browser

from tests.support.web import overflow, show, signed_in, violations

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


def findings(
    browser: Browser, gateway: str, sample: dict[str, str], person: str, *, colours: str = "light", **shape
) -> list[str]:
    """What axe-core finds on the person's pages, and how much of them sticks out. `shape` is language and viewport."""
    found = []
    with signed_in(browser, gateway, person, colours=colours, **shape) as page:
        for pattern in PEOPLE[person]:
            path = pattern.format(**sample)
            show(page, gateway, path)
            found += [f"{path}: {violation}" for violation in violations(page)]
            found += [f"{path}: {overflow(page)} px too wide"] if overflow(page) > 0 else []
    return found
