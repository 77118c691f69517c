"""Tickets over HTTP, on a real MongoDB."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from shared import clock, ids


def ago(**duration: float) -> str:
    return clock.to_json(clock.now() - timedelta(**duration))


def test_a_new_ticket_has_a_human_number_and_its_due_times(desk, known_customer):
    customer_id = known_customer()

    response = desk.post(
        "/v1/tickets",
        {
            "customer_id": customer_id,
            "subject": "Printer offline",
            "type": "defect",
            "priority": "high",
            "channel": "call",
        },
        as_="caller.sun",
    )

    ticket = response.json
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/service-desk/v1/tickets/{ticket['id']}"
    assert response.headers["ETag"] == '"1"'
    assert re.fullmatch(rf"T-{clock.today().year}-\d{{6}}", ticket["number"])
    assert ticket["customer"] == {"id": customer_id, "name": "张伟", "tier": None}
    assert (ticket["status"], ticket["opened_by"], ticket["sla_policy_id"]) == (
        "open",
        "caller.sun",
        "around-the-clock",
    )
    opened = clock.from_json(ticket["opened_at"])
    assert clock.from_json(ticket["due_at"]) == opened + timedelta(hours=2)


def test_a_ticket_for_a_customer_of_whom_nobody_told_is_refused_until_somebody_does(desk, announced):
    customer_id = ids.new_id()
    body = {"customer_id": customer_id, "subject": "Ghost", "type": "other", "channel": "web"}

    refused = desk.post("/v1/tickets", body, as_="agent.zhao")
    announced(customer_id)
    desk.consume()
    opened = desk.post("/v1/tickets", body, as_="agent.zhao")

    assert (refused.status_code, refused.json["code"]) == (409, "customer-not-known-yet")
    assert opened.status_code == 201
    rows = desk.get(f"/v1/tickets?customer_id={customer_id}", as_="agent.zhao").json["items"]
    assert [row["id"] for row in rows] == [opened.json["id"]]


def test_the_number_of_a_ticket_has_the_year_of_the_business_day(opened, monkeypatch):
    new_year_in_shanghai = datetime(2027, 12, 31, 17, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: new_year_in_shanghai)

    assert opened()["number"].startswith("T-2028-")


def test_numbers_follow_one_another(opened):
    one, other = opened(), opened()

    assert int(other["number"][-6:]) == int(one["number"][-6:]) + 1


def test_the_same_key_opens_one_ticket(desk, known_customer):
    body = {"customer_id": known_customer(), "subject": "Late", "type": "other", "channel": "web"}
    key = ids.new_id()

    first = desk.post("/v1/tickets", body, as_="agent.zhao", key=key)
    again = desk.post("/v1/tickets", body, as_="agent.zhao", key=key)
    other = desk.post("/v1/tickets", body | {"subject": "Other"}, as_="agent.zhao", key=key)

    assert again.status_code == 201
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json["code"]) == (409, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"type": "wish"}, "type"),
        ({"channel": None}, "channel"),
        ({"colour": "red"}, "colour"),
        ({"customer_id": None}, "customer_id"),
        ({"contact": {"full_name": "李娜", "phone": "+8613800138000"}}, "customer_id"),
        ({"customer_id": None, "contact": {"full_name": "李娜"}}, "contact.email"),
        ({"customer_id": None, "contact": {"full_name": "李娜", "phone": "12"}}, "contact.phone"),
        ({"customer_id": None, "contact": {"full_name": "李娜", "email": "nobody"}}, "contact.email"),
        ({"occurred_at": "2126-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "2026-01-01T00:00:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    ],
)
def test_a_wrong_field_is_named(desk, known_customer, change, field):
    body = {"customer_id": known_customer(), "subject": "Late", "type": "other", "channel": "web"}

    response = desk.post("/v1/tickets", body | change, as_="agent.zhao")

    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == [field]


def test_a_ticket_goes_from_opening_to_closing(desk, opened):
    ticket = opened(priority="high")
    path = f"/v1/tickets/{ticket['id']}"

    desk.post(f"{path}/assign", {"assignee": "agent.novak"}, as_="supervisor.wu")
    waiting = desk.post(f"{path}/reply", {"text": "哪个固件版本？"}, as_="agent.novak").json
    answered = desk.post(f"{path}/messages", {"text": "4.2.1", "channel": "email"}, as_="caller.sun").json
    desk.post(f"{path}/note", {"text": "Same batch as last week."}, as_="agent.novak")
    resolved = desk.post(f"{path}/resolve", {"resolution": "Firmware 4.2.3"}, as_="agent.novak").json
    reopened = desk.post(f"{path}/reopen", {"reason": "Came back"}, as_="agent.novak").json
    desk.post(f"{path}/resolve", {"resolution": "New board"}, as_="agent.novak")
    closed = desk.post(f"{path}/close", as_="agent.novak").json

    assert (waiting["status"], waiting["due_at"], waiting["assignee"]) == ("pending", None, "agent.novak")
    assert (answered["status"], answered["due_at"]) == ("open", answered["resolution_due_at"])
    assert (resolved["status"], reopened["status"], reopened["reopened_count"]) == ("resolved", "open", 1)
    assert closed["status"] == "closed"
    assert [entry["kind"] for entry in closed["entries"]] == [
        "reply", "message", "note", "resolution", "note", "resolution",
    ]  # fmt: skip
    assert desk.get(path, as_="rep.li").json == closed


def test_a_repeated_reply_is_written_once(desk, opened):
    path = f"/v1/tickets/{opened()['id']}"

    first = desk.post(f"{path}/reply", {"text": "We are on it."}, as_="agent.zhao", key="reply-1")
    again = desk.post(f"{path}/reply", {"text": "We are on it."}, as_="agent.zhao", key="reply-1")

    assert again.json == first.json
    assert len(desk.get(path, as_="agent.zhao").json["entries"]) == 1


def test_a_step_that_the_state_forbids_says_what_to_do(desk, opened):
    ticket = opened()

    response = desk.post(f"/v1/tickets/{ticket['id']}/close", as_="agent.zhao")

    assert (response.status_code, response.json["code"]) == (409, "ticket-not-resolved")
    assert "Resolve the ticket" in response.json["detail"]


def test_a_change_needs_the_version_that_was_seen(desk, opened):
    path = f"/v1/tickets/{opened(priority='low')['id']}"

    without = desk.patch(path, {"priority": "urgent"}, as_="agent.zhao")
    changed = desk.patch(path, {"priority": "urgent"}, as_="agent.zhao", if_match='"1"')
    stale = desk.patch(path, {"priority": "low"}, as_="agent.zhao", if_match='"1"')
    stale_step = desk.post(f"{path}/assign", {"assignee": None}, as_="agent.zhao", if_match='"1"')

    assert without.status_code == 428
    assert changed.status_code == 200
    opened_at = clock.from_json(changed.json["opened_at"])
    assert clock.from_json(changed.json["due_at"]) == opened_at + timedelta(hours=1)
    assert stale.status_code == stale_step.status_code == 412


def test_the_list_is_filtered(desk, opened):
    customer_id = ids.new_id()
    mine = opened(customer_id=customer_id, assignee="agent.zhao", priority="urgent")
    nobodys = opened(customer_id=customer_id)
    late = opened(customer_id=customer_id, occurred_at=ago(days=30), assignee="agent.novak", type="dispute")

    def found(query: str) -> list[str]:
        response = desk.get(f"/v1/tickets?customer_id={customer_id}&{query}", as_="agent.zhao")
        return [row["id"] for row in response.json["items"]]

    assert found("") == [late["id"], nobodys["id"], mine["id"]]
    assert found("assignee=me") == [mine["id"]]
    assert found("assignee=none") == [nobodys["id"]]
    assert found("assignee=agent.novak") == [late["id"]]
    assert found("priority=urgent") == [mine["id"]]
    assert found("type=dispute") == [late["id"]]
    assert found("overdue=true") == [late["id"]]
    assert found("overdue=false") == [nobodys["id"], mine["id"]]
    assert found("status=closed") == []


def test_a_list_comes_in_pages(desk, opened):
    customer_id = ids.new_id()
    ids_opened = [opened(customer_id=customer_id)["id"] for _ in range(3)]

    first = desk.get(f"/v1/tickets?customer_id={customer_id}&limit=2", as_="agent.zhao").json
    second = desk.get(f"/v1/tickets?customer_id={customer_id}&limit=2&cursor={first['next']}", as_="agent.zhao").json

    assert [row["id"] for row in first["items"] + second["items"]] == ids_opened[::-1]
    assert second["next"] is None


@pytest.mark.parametrize("asked", ["固件升", "机", "ultrabook", "ULTRA 固件", "ultrabook 升级"])
def test_a_ticket_is_found_by_words_of_its_subject(desk, opened, asked):
    customer_id = ids.new_id()
    ticket = opened(customer_id=customer_id, subject="Ultrabook 固件升级之后死机")

    found = desk.get("/v1/tickets", query_string={"customer_id": customer_id, "q": asked}, as_="agent.zhao")

    assert [row["id"] for row in found.json["items"]] == [ticket["id"]]


def test_a_ticket_is_found_by_its_number(desk, opened):
    ticket = opened()

    found = desk.get("/v1/tickets", query_string={"q": ticket["number"].lower()}, as_="agent.zhao")

    assert [row["id"] for row in found.json["items"]] == [ticket["id"]]


@pytest.mark.parametrize("asked", ["???", "\x00", "不存在的词语"])
def test_a_search_without_a_hit_is_empty(desk, asked):
    assert desk.get("/v1/tickets", query_string={"q": asked}, as_="agent.zhao").json["items"] == []


@pytest.mark.parametrize("query", ["status=lost", "limit=0", "limit=x", "q=", "overdue=maybe", "cursor=x"])
def test_a_wrong_filter_is_refused(desk, query):
    assert desk.get(f"/v1/tickets?{query}", as_="agent.zhao").status_code in (400, 422)


def test_the_latest_ticket_leads_the_overdue_list(desk, opened):
    agent = f"agent.{ids.new_id()}"
    late = opened(assignee=agent, occurred_at=ago(days=10))
    later = opened(assignee=agent, occurred_at=ago(days=20))
    opened(assignee=agent)
    waiting = opened(assignee=agent, occurred_at=ago(days=40))
    desk.post(f"/v1/tickets/{waiting['id']}/reply", {"text": "?"}, as_="agent.zhao")

    first = desk.get(f"/v1/tickets/overdue?assignee={agent}&limit=1", as_="supervisor.wu").json
    second = desk.get(f"/v1/tickets/overdue?assignee={agent}&limit=1&cursor={first['next']}", as_="supervisor.wu").json

    assert [row["id"] for row in first["items"] + second["items"]] == [later["id"], late["id"]]
    assert second["next"] is None


def test_the_overdue_list_reads_its_index_only(desk, opened):
    opened(occurred_at=ago(days=10))
    criteria = {"due_at": {"$type": "date", "$lt": clock.now()}}

    plan = desk.database.tickets.find(criteria).sort([("due_at", 1), ("_id", 1)]).limit(50).explain()

    assert plan["queryPlanner"]["winningPlan"]["inputStage"]["inputStage"]["indexName"] == "due"
    assert plan["executionStats"]["totalDocsExamined"] == plan["executionStats"]["nReturned"]


@pytest.mark.parametrize("person", ["marketer.chen", "operator.kim", "privacy.he", "customer.zhang", "partner.acme"])
def test_who_does_not_work_with_tickets_does_not_see_them(desk, person):
    assert desk.get("/v1/tickets", as_=person).status_code == 403


@pytest.mark.parametrize("person", ["rep.li", "exec.lin", "caller.sun"])
def test_only_the_service_desk_resolves_tickets(desk, opened, person):
    ticket = opened()

    response = desk.post(f"/v1/tickets/{ticket['id']}/resolve", {"resolution": "done"}, as_=person)

    assert response.status_code == 403


def test_without_a_token_nothing_is_shown(desk):
    assert desk.get("/v1/tickets").status_code == 401


def test_an_unknown_ticket_is_not_found(desk):
    assert desk.get("/v1/tickets/nothing", as_="agent.zhao").status_code == 404
    assert desk.post("/v1/tickets/nothing/close", as_="agent.zhao").status_code == 404


def test_a_ticket_says_who_changed_it_last(desk, opened, announced):
    known, asked = opened(as_="agent.zhao"), opened(contact={"full_name": "张伟", "email": "zhang@example.cn"})

    noted = desk.post(f"/v1/tickets/{known['id']}/note", {"text": "…"}, as_="agent.novak").get_json()
    announced(ids.new_id(), intake=[asked["id"]])
    desk.consume()
    matched = desk.get(f"/v1/tickets/{asked['id']}", as_="agent.zhao").get_json()
    listed = desk.get("/v1/tickets", as_="agent.zhao").get_json()["items"]

    assert (known["updated_by"], noted["updated_by"]) == ("agent.zhao", "agent.novak")
    assert matched["updated_by"] == "service:service-desk"
    assert {row["id"]: row["updated_by"] for row in listed}[known["id"]] == "agent.novak"
