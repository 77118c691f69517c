"""Leads, opportunities and orders are counted for the campaign they name: once, in any order, and after any replay."""

import random

import orjson
import pytest

from shared import events

BUDGET = {"amount": 5_000_000, "currency": "CNY"}


@pytest.fixture
def marketing(service):
    harness = service("marketing")
    yield harness
    for name in ("campaigns", "campaign_results", "contributions"):
        harness.database[name].delete_many({})


def planned(marketing, code: str) -> str:
    fields = {"code": code, "name": code, "channels": ["web"], "starts_on": "2027-03-01", "ends_on": "2027-03-31"}
    made = marketing.post("/v1/campaigns", fields | {"budget": BUDGET}, as_="marketer.chen")
    return f"/v1/campaigns/{made.get_json()['id']}"


def example(type: str) -> dict:
    return orjson.loads(events.schema_path(type).read_bytes())["examples"][0]


def lead(id: str, version: int, code: str | None, fact: str = "received") -> dict:
    status = {"received": "new", "qualified": "qualified"}[fact]
    data = example(f"sales.lead.{fact}") | {"lead_id": id, "campaign_code": code, "status": status}
    return {"type": f"sales.lead.{fact}", "topic": "crm.lead", "subject": id, "version": version, "data": data}


def opportunity(id: str, version: int, code: str | None, fact: str = "opened") -> dict:
    stage = {"opened": "prospecting", "won": "won"}[fact]
    data = example(f"sales.opportunity.{fact}") | {"opportunity_id": id, "campaign_code": code, "stage": stage}
    return {
        "type": f"sales.opportunity.{fact}",
        "topic": "crm.opportunity",
        "subject": id,
        "version": version,
        "data": data,
    }


def order(id: str, version: int, code: str | None, amount: int, fact: str = "placed", currency: str = "CNY") -> dict:
    total = {"amount": amount, "currency": currency}
    data = example(f"sales.order.{fact}") | {"order_id": id, "campaign_code": code, "status": fact, "total": total}
    return {"type": f"sales.order.{fact}", "topic": "crm.order", "subject": id, "version": version, "data": data}


def results(marketing, url: str) -> dict:
    return marketing.get(f"{url}/results", as_="exec.lin").get_json()


def test_a_campaign_that_nothing_named_yet_has_empty_results(marketing):
    url = planned(marketing, "QUIET")

    assert results(marketing, url) == {
        "campaign_id": url.removeprefix("/v1/campaigns/"),
        "code": "QUIET",
        "leads": {"total": 0, "by_status": {}},
        "opportunities": {"total": 0, "by_stage": {}},
        "orders": {"total": 0, "by_status": {}},
        "revenue": [],
        "cost": {"amount": 0, "currency": "CNY"},
        "cost_per_lead": None,
        "return_on_cost": None,
        "counted_until": None,
    }


def test_leads_orders_and_cost_become_cost_per_lead_and_return(marketing):
    url = planned(marketing, "SPRING")
    cost = {"description": "Ads", "amount": {"amount": 1000, "currency": "CNY"}, "incurred_on": "2026-03-02"}
    marketing.post(f"{url}/costs", cost | {"category": "media"}, as_="marketer.chen")
    marketing.publish(
        lead("r1-lead-1", 1, "SPRING"),
        lead("r1-lead-2", 1, " spring "),
        lead("r1-lead-2", 2, " spring ", "qualified"),
        lead("r1-lead-3", 1, None),
        opportunity("r1-deal-1", 1, "SPRING"),
        opportunity("r1-deal-1", 2, "SPRING", "won"),
        order("r1-order-1", 1, "SPRING", 5000),
    )

    marketing.consume()
    counted = results(marketing, url)
    row = marketing.get("/v1/campaigns", as_="rep.li").get_json()["items"][0]

    assert counted["leads"] == {"total": 2, "by_status": {"new": 1, "qualified": 1}}
    assert counted["opportunities"] == {"total": 1, "by_stage": {"won": 1}}
    assert counted["orders"] == {"total": 1, "by_status": {"placed": 1}}
    assert counted["revenue"] == [{"amount": 5000, "currency": "CNY"}]
    assert counted["cost_per_lead"] == {"amount": 500, "currency": "CNY"}
    assert counted["return_on_cost"] == 4.0
    assert counted["counted_until"] is not None
    assert (row["leads"], row["revenue"]) == (2, [{"amount": 5000, "currency": "CNY"}])


def test_a_cancelled_order_leaves_the_revenue(marketing):
    url = planned(marketing, "SPRING")
    marketing.publish(order("r2-order-1", 1, "SPRING", 5000), order("r2-order-2", 1, "SPRING", 70, currency="EUR"))
    marketing.consume()

    marketing.publish(order("r2-order-1", 2, "SPRING", 5000, "cancelled"))
    marketing.consume()

    assert results(marketing, url)["revenue"] == [{"amount": 70, "currency": "EUR"}]
    assert results(marketing, url)["orders"]["by_status"] == {"cancelled": 1, "placed": 1}


def test_codes_that_no_campaign_has_are_listed_until_one_is_planned(marketing):
    marketing.publish(
        lead("r3-lead-1", 1, "SPRNG"), order("r3-order-1", 1, "AUTUMN", 900), lead("r3-lead-2", 1, "FAIR")
    )
    marketing.publish(lead("r3-lead-2", 2, "SPRNG", "qualified"))
    marketing.consume()

    def unknown() -> dict:
        items = marketing.get("/v1/unknown-campaign-codes", as_="marketer.chen").get_json()["items"]
        return {item["code"]: (item["leads"], item["orders"], item["revenue"]) for item in items}

    before = unknown()
    url = planned(marketing, "AUTUMN")
    first = marketing.get("/v1/unknown-campaign-codes?limit=1", as_="marketer.chen").get_json()

    assert before == {"AUTUMN": (0, 1, [{"amount": 900, "currency": "CNY"}]), "SPRNG": (2, 0, [])}
    assert list(unknown()) == ["SPRNG"]
    assert (len(first["items"]), first["next"]) == (1, None)
    assert results(marketing, url)["revenue"] == [{"amount": 900, "currency": "CNY"}]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_and_repeated_deliveries_leave_the_numbers_right(marketing, seed):
    chance = random.Random(seed)
    url = planned(marketing, "SPRING")
    history = []
    for number in range(20):
        name = f"r4-{seed}-{number}"
        history += [
            lead(f"{name}-lead", 1, chance.choice(["SPRING", "FAIR", None])),
            lead(f"{name}-lead", 2, "SPRING", "qualified"),
            order(f"{name}-order", 1, "SPRING", 1000 + number),
        ]
        if number % 4 == 0:
            history.append(order(f"{name}-order", 2, "SPRING", 1000 + number, "cancelled"))
    delivered = history + chance.choices(history, k=40)
    chance.shuffle(delivered)

    for start in range(0, len(delivered), 30):
        marketing.publish(*delivered[start : start + 30])
        marketing.consume()
    counted = results(marketing, url)

    assert counted["leads"] == {"total": 20, "by_status": {"qualified": 20}}
    assert counted["orders"] == {"total": 20, "by_status": {"cancelled": 5, "placed": 15}}
    assert counted["revenue"][0]["amount"] == sum(1000 + number for number in range(20) if number % 4)
    assert marketing.get("/v1/unknown-campaign-codes", as_="marketer.chen").get_json()["items"] == []


def test_the_whole_log_replayed_into_an_empty_database_gives_the_same_results(marketing):
    url = planned(marketing, "REPLAY")
    marketing.publish(lead("r5-lead-1", 1, "REPLAY"), order("r5-order-1", 1, "REPLAY", 4200))
    marketing.publish(order("r5-order-1", 2, "REPLAY", 4300, "confirmed"))
    marketing.consume()
    before = results(marketing, url)

    marketing.database["campaign_results"].delete_many({})
    marketing.database["contributions"].delete_many({})
    marketing.rewind()
    marketing.consume()

    assert before["revenue"] == [{"amount": 4300, "currency": "CNY"}]
    assert results(marketing, url) == before
