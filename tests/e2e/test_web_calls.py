"""The agent bar in the browser: the screen pops before the call is answered, and survives a reload and a second tab."""

import hashlib
import hmac
import json
import time
import uuid

import httpx
import pytest
from playwright.sync_api import Page, expect

from stack import secrets
from tests.support.harness import eventually
from tests.support.web import choose, show, signed_in, violations

pytestmark = pytest.mark.slow("a call takes its time, in a real browser")

AGENT = "caller.okafor"


@pytest.fixture
def switch(environment):
    """Tells the suite what happens on the switch."""

    def tell(event: str, call: str, number: str) -> dict:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body = {"switch_call_id": call, "event": event, "from": number, "to": "+862155550100"}
        text = json.dumps(body | {"direction": "inbound", "at": at})
        stamp, secret = int(time.time()), secrets.load(environment).switch_secret
        signature = hmac.new(secret.encode(), f"{stamp}.{text}".encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Switch-Signature": f"t={stamp},v1={signature}"}
        answer = httpx.post(
            f"{environment.gateway_url}/api/telephony/v1/calls", content=text, headers=headers, timeout=20
        )
        assert answer.is_success, answer.text
        return answer.json()

    return tell


@pytest.fixture
def caller(api) -> dict:
    """A customer whom telephony already knows by the number."""
    number, name = f"+86138{uuid.uuid4().int % 10**8:08d}", f"Caller{uuid.uuid4().hex[:6]}"
    body = {"kind": "company", "company_name": name, "phones": [{"number": number}]}
    customer = api.post("customer/v1/customers", body, as_="rep.li")
    seen = "reporting/v1/customers/{id}/timeline".format(**customer)
    eventually(lambda: api.get(seen, as_="rep.li")["items"], within=30)
    return {"id": customer["id"], "number": number, "name": name}


def go(page: Page, state: str) -> None:
    page.get_by_role("contentinfo").get_by_label("My state").click()
    page.get_by_role("option", name=state).first.click()


def test_a_call_pops_up_is_answered_ended_and_wrapped_up(browser, gateway, api, switch, caller):
    call = f"web-{uuid.uuid4().hex[:8]}"
    pop = "[data-call]"

    with signed_in(browser, gateway, AGENT) as page:
        show(page, gateway, "/")
        expect(page.get_by_role("contentinfo").locator("[data-stream=live]")).to_be_visible()
        go(page, "Available")
        second = page.context.new_page()
        show(second, gateway, "/customers")

        switch("ringing", call, caller["number"])
        for tab in (page, second):
            expect(tab.locator(pop)).to_have_attribute("data-status", "offered")
            expect(tab.locator(pop)).to_contain_text(caller["number"])
        expect(page.locator(pop)).to_contain_text(caller["name"])
        assert violations(page) == []

        page.reload()
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(caller["name"])
        expect(second.locator(pop)).to_have_attribute("data-status", "answered")

        assert violations(page) == []

        page.get_by_role("button", name="Hang up").click()
        expect(second.get_by_role("button", name="Finish the call")).to_be_visible()
        assert violations(page) == []
        choose(page, "How did it go?", "Question answered")
        page.get_by_role("button", name="Finish the call").click()
        for tab in (page, second):
            expect(tab.locator(pop)).to_have_count(0)

        go(page, "Offline")
        expect(page.get_by_role("contentinfo").get_by_label("My state")).to_have_value("Offline")

    wrapped = api.get("telephony/v1/calls", as_="supervisor.wu", customer_id=caller["id"])["items"]
    assert [one["disposition"] for one in wrapped] == ["answered-question"]
