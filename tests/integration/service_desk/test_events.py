"""What the service desk announces, and what it learns about customers, on a real Kafka."""

from collections import Counter

from shared import ids


def test_every_step_announces_the_whole_state_of_the_ticket(desk, opened):
    ticket = opened()
    path = f"/v1/tickets/{ticket['id']}"
    desk.post(f"{path}/assign", {"assignee": "agent.novak"}, as_="agent.zhao")
    desk.post(f"{path}/reply", {"text": "?"}, as_="agent.zhao")
    desk.post(f"{path}/messages", {"text": "!", "channel": "email"}, as_="agent.zhao")
    desk.post(f"{path}/note", {"text": "…"}, as_="agent.zhao")
    desk.patch(path, {"priority": "urgent"}, as_="agent.zhao", if_match='"5"')
    desk.post(f"{path}/resolve", {"resolution": "ok"}, as_="agent.zhao")
    desk.post(f"{path}/reopen", {"reason": "no"}, as_="agent.zhao")
    desk.post(f"{path}/resolve", {"resolution": "ok"}, as_="agent.zhao")
    last = desk.post(f"{path}/close", as_="agent.zhao").json

    events = [event for event in desk.relay() if event.subject == ticket["id"]]

    assert [event.type.removeprefix("service-desk.ticket.") for event in events] == [
        "opened", "assigned", "replied", "message-received", "noted", "changed", "resolved", "reopened", "resolved",
        "closed",
    ]  # fmt: skip
    assert [event.version for event in events] == list(range(1, 11))
    assert {event.customer_id for event in events} == {ticket["customer"]["id"]}
    state = events[-1].data
    assert {name: last[name] for name in state if name in last} == {name: state[name] for name in state if name in last}
    assert not any(text in str(events) for text in (ticket["subject"], "text", "description"))


def test_every_contact_is_one_interaction(desk, opened):
    ticket = opened(channel="chat")
    path = f"/v1/tickets/{ticket['id']}"
    desk.post(f"{path}/reply", {"text": "?", "channel": "sms"}, as_="agent.novak")
    desk.post(f"{path}/messages", {"text": "!", "channel": "email"}, as_="caller.sun")
    desk.post(f"{path}/note", {"text": "internal"}, as_="agent.zhao")

    logged = [event for event in desk.relay() if event.topic == "crm.interaction"]

    assert [(event.data["channel"], event.data["direction"], event.data["staff_id"]) for event in logged] == [
        ("chat", "in", "agent.zhao"), ("sms", "out", "agent.novak"), ("email", "in", "caller.sun"),
    ]  # fmt: skip
    assert {event.data["ticket_id"] for event in logged} == {ticket["id"]}
    assert len({event.id for event in logged}) == 3


def test_a_call_that_telephony_logs_is_not_logged_again(desk, opened):
    ticket = opened(channel="call", call_id=ids.new_id())
    desk.post(
        f"/v1/tickets/{ticket['id']}/reply", {"text": "…", "channel": "call", "call_id": ids.new_id()}, as_="agent.zhao"
    )

    assert [event for event in desk.relay() if event.topic == "crm.interaction"] == []


def test_somebody_new_gets_a_customer_and_the_contacts_so_far_are_logged(desk, opened, announced):
    contact = {"full_name": "李娜", "company_name": "", "email": " Li.Na@Example.com", "phone": "138 0013 8000"}
    ticket = opened(contact=contact, channel="web", type="complaint")
    path = f"/v1/tickets/{ticket['id']}"
    desk.post(f"{path}/reply", {"text": "…"}, as_="agent.zhao")
    before = desk.relay()
    customer_id = ids.new_id()

    announced(customer_id, name="李娜", tier=None, intake=["another", ticket["id"]])
    desk.consume()

    known = desk.get(path, as_="agent.zhao").json
    after = desk.relay()
    assert Counter(event.topic for event in before) == {"crm.ticket": 2, "crm.intake": 1}
    assert next(event.data for event in before if event.topic == "crm.intake") == {
        "source": {"source": "service-desk-ticket", "id": ticket["id"]},
        "full_name": "李娜", "company_name": None, "email": "li.na@example.com", "phone": "+8613800138000",
        "phone_extension": None,
    }  # fmt: skip
    assert (ticket["contact_name"], known["contact_name"], known["contact"]) == ("李娜", None, None)
    assert known["customer"] == {"id": customer_id, "name": "李娜", "tier": None}
    assert [event.type for event in after] == [
        "service-desk.ticket.matched", "service-desk.interaction.logged", "service-desk.interaction.logged",
    ]  # fmt: skip
    assert {event.customer_id for event in after} == {customer_id}
    assert after[0].causation_id == f"{customer_id}:1"


def test_an_answer_that_comes_again_changes_nothing(desk, opened, announced):
    ticket = opened(contact={"full_name": "Amelia Novak", "phone": "+442079460123"})
    customer_id = ids.new_id()
    announced(customer_id, intake=[ticket["id"]])
    desk.consume()
    desk.relay()

    announced(customer_id, intake=[ticket["id"]])
    announced(ids.new_id(), intake=[ticket["id"]])
    desk.consume()

    assert desk.relay() == []
    assert desk.get(f"/v1/tickets/{ticket['id']}", as_="agent.zhao").json["customer"]["id"] == customer_id


def test_a_ticket_shows_the_newest_name_of_its_customer(desk, opened, announced):
    customer_id = ids.new_id()
    ticket = opened(customer_id=customer_id)
    announced(customer_id, name="Maria Jones", version=3)
    announced(customer_id, name="Maria Garcia", version=2, tier="B")
    desk.consume()

    rows = desk.get(f"/v1/tickets?customer_id={customer_id}", as_="agent.zhao").json["items"]

    assert [row["customer"] for row in rows] == [{"id": customer_id, "name": "Maria Jones", "tier": "A"}]
    assert rows[0]["id"] == ticket["id"]


def test_the_ticket_of_a_known_customer_gets_the_policy_of_the_tier(desk, opened, announced):
    customer_id = ids.new_id()
    announced(customer_id, tier="A")
    desk.consume()

    ticket = opened(customer_id=customer_id, type="question")

    assert ticket["customer"]["tier"] == "A"
    assert ticket["sla_policy_id"] == "office-hours"
