"""Who is calling: known by number, chosen by the agent or recognised later; and every call is logged exactly once."""

import itertools

import pytest

from services.telephony.commands import routing
from tests.support.telephony import customer_event, seconds_ago

ZHANG, HUGHES = "019579d2-77a5-7d3e-bb80-5f4a1f0d3b11", "019579d2-77a5-7d3e-bb80-5f4a1f0d3b12"
MOBILE, OFFICE, NOBODYS = "+8613812345678", "+862161234568", "+8613987654321"
VERSIONS = itertools.count(1)


@pytest.fixture
def customers(telephony) -> None:
    """Zhang Wei and Eleanor Hughes share the office's number."""
    version = next(VERSIONS)
    telephony.publish(
        customer_event(ZHANG, name="张伟", phones=[MOBILE, OFFICE], version=version),
        customer_event(HUGHES, name="Eleanor Hughes", phones=[OFFICE], version=version),
    )
    telephony.consume()


def call_of(telephony, call_id: str) -> dict:
    return telephony.get(f"/v1/calls/{call_id}", as_="supervisor.wu").get_json()


def touches(telephony, call_id: str) -> list[dict]:
    return [event["data"] for event in telephony.read_topic("crm.interaction") if event["data"]["call_id"] == call_id]


def hang_up_everything(telephony, switch, call_id: str) -> None:
    switch.tell("abandoned", call_of(telephony, call_id)["switch_call_id"])


@pytest.mark.parametrize("shown", [MOBILE, "13812345678", "+86 138 1234 5678"])
def test_a_caller_whose_number_one_customer_has_is_known_at_once(telephony, switch, customers, shown):
    call = call_of(telephony, switch.ring(number=shown))

    assert (call["match"], call["customer"]) == ("known", {"customer_id": ZHANG, "name": "张伟"})


def test_a_caller_whose_number_several_have_is_a_choice(telephony, switch, customers):
    call = call_of(telephony, switch.ring(number=OFFICE))

    assert (call["match"], call["customer"]) == ("choice", None)
    assert [candidate["name"] for candidate in call["candidates"]] == ["张伟", "Eleanor Hughes"]


def test_a_switchboards_number_is_nobody_for_certain_who_has_an_extension_behind_it(telephony, switch):
    number, version = "+861065529988", next(VERSIONS)
    extension = f"{number};ext=12"
    telephony.publish(customer_event(ZHANG, name="张伟", phones=[extension], version=version))
    telephony.consume()
    telephony.relay()

    call = call_of(telephony, switch.ring(number=number))

    assert (call["match"], call["customer"]) == ("choice", None)
    assert [candidate["customer_id"] for candidate in call["candidates"]] == [ZHANG]
    assert [event for event in telephony.relay() if event.topic == "crm.intake"] == []


def test_the_agent_chooses_who_it_is(telephony, switch, be, customers):
    be("caller.sun", "available")
    call_id = switch.ring(number=OFFICE)
    telephony.post(f"/v1/calls/{call_id}/answer", as_="caller.sun")

    chosen = telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": HUGHES}, as_="caller.sun")

    assert chosen.get_json()["customer"] == {"customer_id": HUGHES, "name": "Eleanor Hughes"}
    assert chosen.get_json()["candidates"] == []
    last = telephony.relay()[-1]
    assert (last.type, last.customer_id) == ("telephony.call.identified", HUGHES)


def test_the_agent_can_only_choose_a_customer_of_whom_telephony_has_heard(telephony, switch, be):
    be("caller.sun", "available")
    call_id = switch.ring(number=OFFICE)

    answer = telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": "nobody"}, as_="caller.sun")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "customer-not-known-yet")


def test_an_unknown_caller_is_announced_once_and_a_withheld_number_never(telephony, switch):
    unknown = switch.tell("ringing", "sw-1", number=NOBODYS).get_json()["call"]["id"]
    switch.tell("ringing", "sw-1", number=NOBODYS)
    switch.tell("ringing", "sw-2", number=None)

    intake = [event for event in telephony.relay() if event.topic == "crm.intake"]
    assert [event.data for event in intake] == [
        {
            "source": {"source": "telephony-call", "id": unknown},
            "full_name": None,
            "company_name": None,
            "email": None,
            "phone": NOBODYS,
        }
    ]


def test_the_customer_services_answer_is_attached_to_the_call(telephony, switch, be):
    be("caller.sun", "available")
    call_id = switch.ring(number=NOBODYS)
    before = telephony.get("/v1/agents/me", as_="caller.sun").get_json()
    cause = telephony.publish(customer_event("customer-new", name="新客户", phones=[NOBODYS], intake=[call_id]))[0]

    telephony.consume()

    desk = telephony.get("/v1/agents/me", as_="caller.sun").get_json()
    assert (before["call"]["match"], before["call"]["customer"]) == ("unknown", None)
    assert desk["call"]["customer"] == {"customer_id": "customer-new", "name": "新客户"}
    assert desk["agent"]["version"] > before["agent"]["version"], "the agent's screen must hear of it"
    last = telephony.relay()[-1]
    assert (last.type, last.customer_id) == ("telephony.call.matched", "customer-new")
    assert last.causation_id == cause.id


def test_what_the_agent_chose_wins_over_a_later_match(telephony, switch, be, customers):
    be("caller.sun", "available")
    call_id = switch.ring(number=NOBODYS)
    telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": HUGHES}, as_="caller.sun")
    telephony.publish(customer_event("customer-other", name="别人", phones=[NOBODYS], intake=[call_id]))

    telephony.consume()

    assert call_of(telephony, call_id)["customer"]["customer_id"] == HUGHES


def test_a_customer_who_loses_a_call_is_told_so_too(telephony, switch, be, customers):
    be("caller.sun", "available")
    call_id = switch.ring(number=MOBILE)
    telephony.relay()

    telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": HUGHES}, as_="caller.sun")

    told = [(event.type, event.customer_id, event.data["customer_id"]) for event in telephony.relay()]
    assert told == [("telephony.call.identified", HUGHES, HUGHES), ("telephony.call.identified", ZHANG, HUGHES)]


def test_an_older_state_of_a_customer_changes_nothing(telephony, switch):
    telephony.publish(
        customer_event("customer-moved", name="New Number", phones=["+8613711112222"], version=3),
        customer_event("customer-moved", name="Old Number", phones=["+8613711113333"], version=2),
    )

    telephony.consume()

    assert call_of(telephony, switch.ring(number="+8613711113333"))["match"] == "unknown"
    assert call_of(telephony, switch.ring(number="+8613711112222"))["customer"]["name"] == "New Number"


class TestInteraction:
    """Each call of a known customer is one touch, with its talk time."""

    def test_a_conversation_is_logged_when_it_ends(self, telephony, switch, be, customers):
        be("caller.sun", "available")
        call_id = switch.ring(number=MOBILE, at=seconds_ago(100))
        switch_call_id = call_of(telephony, call_id)["switch_call_id"]
        switch.tell("answered", switch_call_id, at=seconds_ago(90))
        switch.tell("hung_up", switch_call_id, at=seconds_ago(30))
        telephony.post(f"/v1/calls/{call_id}/wrap-up", {"disposition": "other"}, as_="caller.sun")
        telephony.relay()

        logged = touches(telephony, call_id)

        assert len(logged) == 1
        assert (logged[0]["customer_id"], logged[0]["duration_s"], logged[0]["staff_id"]) == (ZHANG, 60, "caller.sun")
        assert (logged[0]["channel"], logged[0]["direction"]) == ("call", "in")

    def test_an_abandoned_call_is_a_touch_without_talk(self, telephony, switch, customers):
        call_id = switch.ring(number=MOBILE)
        switch_call_id = call_of(telephony, call_id)["switch_call_id"]
        for _ in range(3):
            switch.tell("hung_up", switch_call_id)
            with telephony.acting():
                routing.settle_closing_calls(0)
        telephony.relay()

        logged = touches(telephony, call_id)

        assert [(touch["duration_s"], touch["staff_id"]) for touch in logged] == [(0, None)]

    def test_a_caller_who_is_recognised_after_the_end_is_logged_then(self, telephony, switch):
        call_id = switch.ring(number="+8613655556666")
        hang_up_everything(telephony, switch, call_id)
        telephony.relay()
        before = touches(telephony, call_id)
        recognised = customer_event("customer-late", name="迟到", phones=["+8613655556666"], intake=[call_id])
        again = customer_event("customer-late", name="迟到", phones=["+8613655556666"], intake=[call_id], version=2)
        telephony.publish(recognised, recognised, again)

        telephony.consume()
        telephony.relay()

        assert before == []
        assert [touch["customer_id"] for touch in touches(telephony, call_id)] == ["customer-late"]

    def test_a_call_of_a_choice_is_logged_when_the_agent_chose(self, telephony, switch, be, customers):
        be("caller.sun", "available")
        call_id = switch.ring(number=OFFICE)
        telephony.post(f"/v1/calls/{call_id}/answer", as_="caller.sun")
        telephony.post(f"/v1/calls/{call_id}/hang-up", as_="caller.sun")
        telephony.relay()
        before = touches(telephony, call_id)

        telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": HUGHES}, as_="caller.sun")
        changed = telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": ZHANG}, as_="caller.sun")
        telephony.relay()

        assert before == []
        assert [touch["customer_id"] for touch in touches(telephony, call_id)] == [HUGHES]
        assert (changed.status_code, changed.get_json()["code"]) == (409, "call-already-logged")

    def test_calls_and_touches_of_a_customer_have_the_customers_key(self, telephony, switch, customers):
        call_id = switch.ring(number=MOBILE)
        hang_up_everything(telephony, switch, call_id)

        told = [event for event in telephony.relay() if call_id in (event.subject, event.data.get("call_id"))]

        assert {event.customer_id for event in told} == {ZHANG}
        assert [event.type for event in told][-2:] == ["telephony.call.abandoned", "telephony.interaction.logged"]
