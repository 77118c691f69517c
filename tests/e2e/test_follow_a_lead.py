"""The whole loop: a partner's lead becomes a customer, an opportunity, an order, a ticket and a call, each once in one view."""

import hashlib
import hmac
import json
import subprocess
import time
import uuid
from collections import Counter

import pytest

from stack import secrets
from stack.client import Refused
from tests.support.harness import eventually


@pytest.fixture(scope="module")
def partner(api) -> dict:
    """A partner with an API key."""
    id = f"follow-{uuid.uuid4().hex[:8]}"
    api.post("sales/v1/partners", {"id": id, "name": "Harbor Trade 海港贸易"}, as_="admin.root")
    key = api.post(f"sales/v1/partners/{id}/keys", {}, as_="admin.root")["key"]
    return {"id": id, "key": key}


def curl(gateway: str, path: str, body: dict, *headers: str) -> tuple[int, dict]:
    """As a partner would: `curl -X POST -H … -d …`."""
    command = [
        "curl",
        "--silent",
        "--max-time",
        "20",
        "--write-out",
        "\n%{http_code}",
        "-X",
        "POST",
        f"{gateway}{path}",
    ]
    command += [word for header in ("Content-Type: application/json", *headers) for word in ("-H", header)]
    done = subprocess.run([*command, "-d", json.dumps(body)], capture_output=True, text=True, check=True, timeout=30)
    text, _, status = done.stdout.rpartition("\n")
    return int(status), json.loads(text)


def switch_event(environment, event: str, call: str, number: str) -> dict:
    body = {"switch_call_id": call, "event": event, "from": number, "to": "+862155550100", "direction": "inbound"}
    body["at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text, stamp = json.dumps(body), int(time.time())
    secret = secrets.load(environment).switch_secret
    signature = hmac.new(secret.encode(), f"{stamp}.{text}".encode(), hashlib.sha256).hexdigest()
    status, answer = curl(
        environment.gateway_url, "/api/telephony/v1/calls", body, f"X-Switch-Signature: t={stamp},v1={signature}"
    )
    assert status in (200, 201), answer
    return answer


def timeline(api, customer_id: str) -> list[dict]:
    return list(api.every(f"reporting/v1/customers/{customer_id}/timeline", as_="rep.li"))


def test_one_customer_through_every_channel_is_one_timeline_with_everything_once(api, environment, gateway, partner):
    number = f"+86138{uuid.uuid4().int % 10**8:08}"
    body = {
        "external_id": "L-1",
        "full_name": "欧阳小明",
        "email": f"ouyang.{uuid.uuid4().hex[:8]}@example.com",
        "phone": number,
        "interest": "Savings account",
        "campaign_code": "SPRING",
    }
    path, credential = f"/api/sales/v1/partners/{partner['id']}/leads", f"X-Api-Key: {partner['key']}"

    # A partner posts a lead, and posts it again after a time-out.
    status, lead = curl(gateway, path, body, credential)
    again, same = curl(gateway, path, body, credential)
    assert (status, again) == (201, 200)
    assert same["id"] == lead["id"]

    # Without anyone doing anything else it is in a customer's view.
    lead = eventually(lambda: _matched(api, lead["id"]), within=20)
    customer = lead["customer_id"]
    view = eventually(lambda: _view_with(api, customer, "leads"), within=20)
    assert view["customer"]["display_name"] == "欧阳小明"

    # Sales qualifies, converts and takes the order.
    api.post(f"sales/v1/leads/{lead['id']}/assign", {"owner_id": "rep.li"}, as_="rep.li", key=uuid.uuid4().hex)
    api.post(f"sales/v1/leads/{lead['id']}/qualify", {}, as_="rep.li", key=uuid.uuid4().hex)
    converted = api.post(f"sales/v1/leads/{lead['id']}/convert", {}, as_="rep.li", key=uuid.uuid4().hex)
    opportunity = converted["opportunity"]["id"]
    product = api.post(
        "sales/v1/products",
        {
            "sku": f"SKU-{uuid.uuid4().hex[:6].upper()}",
            "name": {"en": "Deposit", "zh": "存款"},
            "list_price": {"amount": 120000, "currency": "CNY"},
        },
        as_="admin.root",
    )
    order = api.post(
        f"sales/v1/opportunities/{opportunity}/orders",
        {"lines": [{"product_id": product["id"], "quantity": 2}]},
        as_="rep.li",
        key=uuid.uuid4().hex,
    )

    # (Callers whom an interrupted run left in the queue hang up, so that ours is next.)
    for status in ("queued", "offered"):
        for waiting in api.every("telephony/v1/calls", as_="supervisor.wu", status=status):
            switch_event(environment, "hung_up", waiting["switch_call_id"], number)

    # The service desk opens a ticket, and the customer rings.
    ticket = api.post(
        "service-desk/v1/tickets",
        {"customer_id": customer, "subject": "Card did not arrive", "type": "order-problem", "channel": "email",
         "description": "It should have been here on Monday.", "priority": "high"},
        as_="agent.zhao",
        key=uuid.uuid4().hex,
    )  # fmt: skip
    api.put("telephony/v1/agents/me/state", {"state": "available"}, as_="caller.sun")
    switch_call = f"call-{uuid.uuid4().hex}"
    call = switch_event(environment, "ringing", switch_call, number)["call"]
    pop = eventually(lambda: api.get("telephony/v1/agents/me", as_="caller.sun")["call"])
    assert pop["id"] == call["id"]
    assert pop["customer"]["customer_id"] == customer
    api.post(f"telephony/v1/calls/{call['id']}/answer", {}, as_="caller.sun")
    switch_event(environment, "hung_up", switch_call, number)
    api.post(f"telephony/v1/calls/{call['id']}/wrap-up", {"disposition": "answered-question"}, as_="caller.sun")
    api.put("telephony/v1/agents/me/state", {"state": "offline"}, as_="caller.sun")

    def complete():
        types = {entry["type"] for entry in timeline(api, customer)}
        assert {"telephony.call.wrapped-up", "telephony.interaction.logged", "service-desk.ticket.opened"} <= types, (
            types
        )
        return types

    eventually(complete, within=30)
    entries = timeline(api, customer)
    assert len({entry["id"] for entry in entries}) == len(entries)
    types = Counter(entry["type"] for entry in entries)
    assert types["customer.customer.registered"] == 1
    assert types["sales.lead.matched"] == types["sales.lead.qualified"] == types["sales.lead.converted"] == 1
    assert types["sales.opportunity.won"] == types["sales.order.placed"] == 1
    assert types["service-desk.ticket.opened"] == types["telephony.call.answered"] == 1
    assert types["telephony.call.wrapped-up"] == types["telephony.interaction.logged"] == 1
    view = api.get(f"reporting/v1/customers/{customer}/360", as_="agent.novak")
    assert view["totals"]["order_value"] == [{"amount": 240000, "currency": "CNY"}]
    assert [open_ticket["id"] for open_ticket in view["tickets"]["open"]] == [ticket["id"]]
    assert [open_order["id"] for open_order in view["orders"]["open"]] == [order["id"]]


def _matched(api, lead_id: str) -> dict | None:
    lead = api.get(f"sales/v1/leads/{lead_id}", as_="manager.wang")
    return lead if lead["customer_id"] else None


def _view_with(api, customer: str, kind: str) -> dict | None:
    try:
        view = api.get(f"reporting/v1/customers/{customer}/360", as_="rep.li")
    except Refused as refused:
        if refused.status != 404:
            raise
        return None
    return view if view["customer"] and view["totals"][kind] else None
