"""Service policies over HTTP, and what they promise new tickets."""

from datetime import timedelta

import pytest

from shared import clock, ids

HOURS = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
TARGET = {"first_response_minutes": 10, "resolution_minutes": 60}


def a_policy(**fields) -> dict:
    return {
        "name": "Gold",
        "rank": 1,
        "types": [],
        "tiers": ["A"],
        "calendar": {"time_zone": "Asia/Shanghai", "opening_hours": HOURS, "holidays": ["2027-01-01"]},
        "targets": dict.fromkeys(("low", "normal", "high", "urgent"), TARGET),
    } | fields


def test_there_are_policies_from_the_beginning(desk):
    policies = desk.get("/v1/sla-policies", as_="rep.li").json["items"]

    assert [policy["id"] for policy in policies][-1] == "around-the-clock"
    assert desk.get("/v1/sla-policies/office-hours", as_="rep.li").headers["ETag"] == '"1"'


def test_a_changed_policy_holds_for_new_tickets_of_its_customers_only(desk, opened, announced):
    customer_id = ids.new_id()
    announced(customer_id, tier="A")
    desk.consume()
    before = opened(customer_id=customer_id, type="question")
    version = desk.get("/v1/sla-policies/office-hours", as_="supervisor.wu").headers["ETag"]

    changed = desk.put("/v1/sla-policies/office-hours", a_policy(), as_="supervisor.wu", if_match=version)

    after = opened(customer_id=customer_id, type="question")
    others = opened(type="question")
    assert changed.status_code == 200
    assert after["sla_policy_id"] == "office-hours"
    assert clock.from_json(after["due_at"]) == clock.from_json(after["opened_at"]) + timedelta(minutes=10)
    assert others["sla_policy_id"] == "around-the-clock"
    assert desk.get(f"/v1/tickets/{before['id']}", as_="rep.li").json["due_at"] == before["due_at"]


@pytest.mark.parametrize(
    "calendar",
    [
        {"time_zone": "Middle/Earth", "opening_hours": HOURS, "holidays": []},
        {"time_zone": "UTC", "opening_hours": [], "holidays": []},
        {"time_zone": "UTC", "opening_hours": HOURS + HOURS[:1], "holidays": []},
        {"time_zone": "UTC", "opening_hours": [{"weekday": 1, "opens": "9", "closes": "18:00"}], "holidays": []},
        {"time_zone": "UTC", "opening_hours": HOURS, "holidays": ["tomorrow"]},
    ],
)
def test_an_impossible_calendar_is_refused(desk, calendar):
    version = desk.get("/v1/sla-policies/office-hours", as_="supervisor.wu").headers["ETag"]

    response = desk.put(
        "/v1/sla-policies/office-hours", a_policy(calendar=calendar), as_="supervisor.wu", if_match=version
    )

    assert response.status_code == 422


def test_an_agent_does_not_change_policies(desk):
    assert desk.put("/v1/sla-policies/office-hours", a_policy(), as_="agent.zhao", if_match='"1"').status_code == 403


def test_a_policy_is_not_changed_unseen(desk):
    assert desk.put("/v1/sla-policies/office-hours", a_policy(), as_="admin.root").status_code == 428
    assert desk.put("/v1/sla-policies/nothing", a_policy(), as_="admin.root", if_match='"1"').status_code == 404
