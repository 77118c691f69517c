"""What the switch tells late, out of order or of another agent: each fact is announced once, and the right agent is busy."""

import itertools

import pytest

from services.telephony.commands import routing
from shared import clock
from tests.support.telephony import seconds_ago

RANG, ANSWERED, HUNG_UP = seconds_ago(100), seconds_ago(80), seconds_ago(20)
AT = {"ringing": RANG, "answered": ANSWERED, "hung_up": HUNG_UP, "abandoned": HUNG_UP}
FACTS_OF_A_TALK = {"received", "answered", "ended"}


def tell_all(switch, order, **how) -> None:
    for event in order:
        switch.tell(event, "sw-1", number=None, at=AT[event], **how)


def told(telephony) -> list:
    return [event for event in telephony.relay() if event.topic == "crm.call"]


def facts(events) -> list[str]:
    return [event.type.removeprefix("telephony.call.") for event in events]


def desk(telephony, agent: str) -> dict:
    return telephony.get("/v1/agents/me", as_=agent).get_json()


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
@pytest.mark.parametrize("order", list(itertools.permutations(["ringing", "answered", "hung_up"])), ids="-".join)
def test_in_whatever_order_a_talk_is_told_its_answer_and_its_end_are_announced_once(
    telephony, switch, order, direction
):
    tell_all(switch, order, direction=direction)

    events = told(telephony)
    assert sorted(set(facts(events)) - {"queued"}) == sorted(FACTS_OF_A_TALK)
    assert [facts(events).count(fact) for fact in ("answered", "ended", "abandoned")] == [1, 1, 0]
    assert facts(events).index("answered") < facts(events).index("ended")
    newest = events[-1]
    assert newest.data["answered_at"] == clock.to_json(ANSWERED)
    assert newest.data["ended_at"] == clock.to_json(HUNG_UP)
    assert newest.data["talk_s"] == 60


@pytest.mark.parametrize("order", [["hung_up"], ["ringing", "hung_up"], ["hung_up", "ringing"], ["hung_up", "hung_up"]])
def test_a_call_of_which_only_the_end_is_told_is_abandoned_once(telephony, switch, order):
    tell_all(switch, order)
    with telephony.acting():
        routing.settle_closing_calls(0)
        routing.settle_closing_calls(0)

    told_facts = facts(told(telephony))
    assert (told_facts.count("abandoned"), told_facts.count("answered"), told_facts.count("ended")) == (1, 0, 0)


def test_who_answers_has_the_call_and_the_agent_it_was_offered_to_is_free_for_the_next(telephony, switch, be):
    be("caller.sun", "available")
    switch.tell("ringing", "sw-1", number=None)
    be("caller.okafor", "available")

    answer = switch.tell("answered", "sw-1", number=None, agent_id="caller.okafor").get_json()

    call_id = answer["call"]["id"]
    assert answer["command"] == {"action": "connect", "agent_id": "caller.okafor"}
    assert desk(telephony, "caller.okafor")["agent"]["state"] == "on-call"
    assert desk(telephony, "caller.okafor")["call"]["id"] == call_id
    assert (desk(telephony, "caller.sun")["agent"]["state"], desk(telephony, "caller.sun")["call"]) == (
        "available",
        None,
    )
    assert next(event for event in told(telephony) if "answered" in event.type).data["agent_id"] == "caller.okafor"

    switch.tell("hung_up", "sw-1", number=None)
    wrapped_up = telephony.post(f"/v1/calls/{call_id}/wrap-up", {"disposition": "other"}, as_="caller.okafor")

    assert wrapped_up.status_code == 200
    assert desk(telephony, "caller.okafor")["agent"]["state"] == "available"


def test_who_answers_another_call_than_the_one_that_rings_there_leaves_that_one_to_the_next_agent(
    telephony, switch, be
):
    be("caller.sun", "available")
    be("caller.okafor", "available")
    switch.tell("ringing", "sw-1", number=None, at=RANG)
    switch.tell("ringing", "sw-2", number=None, at=ANSWERED)

    switch.tell("answered", "sw-1", number=None, agent_id="caller.okafor")

    other = switch.tell("ringing", "sw-2", number=None, at=ANSWERED).get_json()
    assert other["command"] == {"action": "offer", "agent_id": "caller.sun"}
    assert desk(telephony, "caller.okafor")["call"]["switch_call_id"] == "sw-1"


def test_a_talk_whose_answer_was_told_after_its_end_waits_for_the_agents_wrap_up(telephony, switch, be):
    be("caller.sun", "available")
    tell_all(switch, ["ringing", "hung_up"])

    tell_all(switch, ["answered"], agent_id="caller.sun")

    assert desk(telephony, "caller.sun")["agent"]["state"] == "wrap-up"


def test_an_old_talk_does_not_come_back_to_its_agent_when_the_caller_is_recognised(telephony, switch, be):
    be("caller.sun", "offline")
    tell_all(switch, ["ringing", "answered", "hung_up"], agent_id="caller.sun")
    be("caller.sun", "available")
    telephony.database["customers"].insert_one({"_id": "customer-1", "version": 1, "name": "王芳", "phones": []})
    call_id = telephony.get("/v1/calls", as_="supervisor.wu").get_json()["items"][0]["id"]

    telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": "customer-1"}, as_="caller.sun")

    assert desk(telephony, "caller.sun")["agent"]["state"] == "available"
