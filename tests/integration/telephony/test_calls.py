"""A call from the first ring to the wrap-up, as agents and readers see it and as other services hear of it."""

import pytest

from shared import ids
from tests.support.telephony import seconds_ago


@pytest.fixture
def ringing(switch, be) -> str:
    """A call that is offered to caller.sun."""
    be("caller.sun", "available")
    return switch.ring(number=None, at=seconds_ago(60))


@pytest.fixture
def answered(telephony, ringing) -> str:
    assert telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.sun").status_code == 200
    return ringing


@pytest.fixture
def ended(telephony, answered) -> str:
    assert telephony.post(f"/v1/calls/{answered}/hang-up", as_="caller.sun").status_code == 200
    return answered


def desk(telephony, agent: str) -> dict:
    return telephony.get("/v1/agents/me", as_=agent).get_json()


def test_a_call_goes_from_ring_to_wrap_up_and_the_agent_is_free_again(telephony, ringing):
    states = [desk(telephony, "caller.sun")["agent"]["state"]]
    telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.sun")
    states.append(desk(telephony, "caller.sun")["agent"]["state"])
    telephony.post(f"/v1/calls/{ringing}/hang-up", as_="caller.sun")
    states.append(desk(telephony, "caller.sun")["agent"]["state"])
    body = {"disposition": "answered-question", "note": "张伟问了交货日期"}
    wrapped_up = telephony.post(f"/v1/calls/{ringing}/wrap-up", body, as_="caller.sun")
    states.append(desk(telephony, "caller.sun")["agent"]["state"])

    assert states == ["offered", "on-call", "wrap-up", "available"]
    call = wrapped_up.get_json()
    assert (call["status"], call["disposition"], call["note"]) == (
        "wrapped-up",
        "answered-question",
        "张伟问了交货日期",
    )
    assert call["wait_s"] >= 60
    assert call["talk_s"] < 60


def test_each_step_is_told_to_the_others_in_order_and_without_personal_data(telephony, ringing):
    for step, body in (("answer", None), ("hang-up", None), ("wrap-up", {"disposition": "other", "note": "secret"})):
        telephony.post(f"/v1/calls/{ringing}/{step}", body, as_="caller.sun")

    told = [event for event in telephony.relay() if event.subject == ringing]
    assert [event.type.removeprefix("telephony.call.") for event in told] == [
        "received",
        "queued",
        "offered",
        "answered",
        "ended",
        "wrapped-up",
    ]
    assert [event.version for event in told] == [1, 1, 2, 3, 4, 5]
    assert "secret" not in str([event.data for event in told])
    assert told[-1].actor == "caller.sun"


def test_the_wrap_up_needs_a_code_of_the_list(telephony, ended):
    without = telephony.post(f"/v1/calls/{ended}/wrap-up", {"note": "fine"}, as_="caller.sun")
    invented = telephony.post(f"/v1/calls/{ended}/wrap-up", {"disposition": "fine"}, as_="caller.sun")

    assert (without.status_code, invented.status_code) == (422, 422)


def test_the_next_caller_is_offered_with_the_wrap_up(telephony, switch, ended):
    waiting = switch.ring()

    telephony.post(f"/v1/calls/{ended}/wrap-up", {"disposition": "other"}, as_="caller.sun")

    assert desk(telephony, "caller.sun")["call"]["id"] == waiting


def test_a_reloaded_page_or_a_second_tab_finds_the_same_call(telephony, answered):
    first, second = desk(telephony, "caller.sun"), desk(telephony, "caller.sun")

    assert first == second
    assert first["call"]["id"] == answered


def test_only_the_offered_agent_answers_and_only_the_owner_goes_on(telephony, ringing, be):
    be("caller.okafor", "available")

    stolen = telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.okafor")
    telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.sun")
    foreign = telephony.post(f"/v1/calls/{ringing}/hang-up", as_="caller.okafor")
    helped = telephony.post(f"/v1/calls/{ringing}/hang-up", as_="supervisor.wu")

    assert (stolen.status_code, stolen.get_json()["code"]) == (409, "call-not-offered")
    assert (foreign.status_code, helped.status_code) == (403, 200)


def test_a_step_twice_is_harmless_or_says_what_is_wrong(telephony, ended):
    again = telephony.post(f"/v1/calls/{ended}/hang-up", as_="caller.sun")
    telephony.post(f"/v1/calls/{ended}/wrap-up", {"disposition": "other"}, as_="caller.sun")
    twice = telephony.post(f"/v1/calls/{ended}/wrap-up", {"disposition": "other"}, as_="caller.sun")

    assert again.status_code == 200
    assert (twice.status_code, twice.get_json()["code"]) == (409, "call-not-to-wrap-up")


def test_the_same_wrap_up_sent_again_with_its_key_is_answered_again(telephony, switch, ended):
    waiting = switch.ring()
    body = {"disposition": "other"}

    first = telephony.post(f"/v1/calls/{ended}/wrap-up", body, as_="caller.sun", key="wrap-up-1")
    again = telephony.post(f"/v1/calls/{ended}/wrap-up", body, as_="caller.sun", key="wrap-up-1")
    other = telephony.post(f"/v1/calls/{ended}/wrap-up", body | {"note": "x"}, as_="caller.sun", key="wrap-up-1")

    assert desk(telephony, "caller.sun")["call"]["id"] == waiting
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")


def test_a_step_based_on_an_old_read_is_refused(telephony, ringing):
    assert telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.sun", if_match='"1"').status_code == 412
    assert telephony.post(f"/v1/calls/{ringing}/answer", as_="caller.sun", if_match='"2"').status_code == 200


def test_an_agent_with_a_call_cannot_go_on_a_break(telephony, ringing):
    etag = telephony.get("/v1/agents/me", as_="caller.sun").headers["ETag"]

    answer = telephony.put("/v1/agents/me/state", {"state": "break"}, as_="caller.sun", if_match=etag)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "agent-has-call")


def test_a_state_is_changed_only_by_who_has_seen_it(telephony):
    first = telephony.put("/v1/agents/me/state", {"state": "available"}, as_="caller.sun")
    blind = telephony.put("/v1/agents/me/state", {"state": "offline"}, as_="caller.sun")
    stale = telephony.put("/v1/agents/me/state", {"state": "offline"}, as_="caller.sun", if_match='"0"')
    seen = telephony.put("/v1/agents/me/state", {"state": "offline"}, as_="caller.sun", if_match=first.headers["ETag"])

    assert [answer.status_code for answer in (first, blind, stale, seen)] == [200, 428, 412, 200]


def test_a_reason_belongs_to_a_break(telephony):
    answer = telephony.put("/v1/agents/me/state", {"state": "available", "reason": "lunch"}, as_="caller.sun")

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "reason")


def test_who_never_worked_here_is_offline(telephony):
    answer = telephony.get("/v1/agents/me", as_="caller.sun")

    assert answer.headers["ETag"] == '"0"'
    assert answer.get_json()["agent"]["state"] == "offline"


def test_the_supervisor_sees_all_agents(telephony, be):
    be("caller.sun", "available")
    be("caller.okafor", "break", "training")

    listed = telephony.get("/v1/agents", as_="supervisor.wu").get_json()["items"]
    pausing = telephony.get("/v1/agents?state=break", as_="supervisor.wu").get_json()["items"]

    assert [(agent["id"], agent["state"]) for agent in listed] == [
        ("caller.okafor", "break"),
        ("caller.sun", "available"),
    ]
    assert [agent["reason"] for agent in pausing] == ["training"]
    assert telephony.get("/v1/agents", as_="caller.sun").status_code == 403


def test_an_outbound_call_keeps_its_agent_busy_until_the_wrap_up(telephony, switch, be):
    be("caller.sun", "available")
    call_id = switch.ring(direction="outbound", agent_id="caller.sun", number=None)
    waiting = switch.ring()

    dialing = desk(telephony, "caller.sun")
    switch_call_id = dialing["call"]["switch_call_id"]
    switch.tell("answered", switch_call_id, direction="outbound", number=None)
    switch.tell("hung_up", switch_call_id, direction="outbound", number=None)
    ended = desk(telephony, "caller.sun")

    assert (dialing["agent"]["state"], dialing["call"]["id"]) == ("on-call", call_id)
    assert (ended["agent"]["state"], ended["call"]["id"]) == ("wrap-up", call_id)
    assert telephony.get(f"/v1/calls/{waiting}", as_="supervisor.wu").get_json()["status"] == "queued"


class TestReading:
    """Who sees which calls."""

    @pytest.fixture
    def calls(self, telephony, switch, answered) -> dict[str, str]:
        missed_id = ids.new_id()
        missed = switch.tell("ringing", missed_id, number=None).get_json()["call"]["id"]
        switch.tell("abandoned", missed_id, number=None)
        return {"mine": answered, "missed": missed, "waiting": switch.ring(number=None)}

    def ids_for(self, telephony, person: str, query: str = "") -> set[str]:
        return {call["id"] for call in telephony.get(f"/v1/calls{query}", as_=person).get_json()["items"]}

    def test_agents_see_their_own_calls_and_the_missed_ones(self, telephony, calls):
        assert self.ids_for(telephony, "caller.sun") == {calls["mine"], calls["missed"]}
        assert self.ids_for(telephony, "caller.okafor") == {calls["missed"]}
        assert telephony.get(f"/v1/calls/{calls['mine']}", as_="caller.okafor").status_code == 404

    def test_supervisors_and_service_agents_see_all(self, telephony, calls):
        assert self.ids_for(telephony, "supervisor.wu") == set(calls.values())
        assert self.ids_for(telephony, "agent.zhao") == set(calls.values())

    @pytest.mark.parametrize("person", ["rep.li", "manager.wang", "exec.lin"])
    def test_others_see_the_calls_of_known_customers(self, telephony, calls, person):
        telephony.database["calls"].update_one({"_id": calls["missed"]}, {"$set": {"customer_id": "customer-1"}})

        assert self.ids_for(telephony, person) == {calls["missed"]}
        assert telephony.get(f"/v1/calls/{calls['mine']}", as_=person).status_code == 404

    @pytest.mark.parametrize("person", ["marketer.chen", "operator.kim", "partner.acme", "customer.zhang"])
    def test_nobody_else_sees_any(self, telephony, person):
        assert telephony.get("/v1/calls", as_=person).status_code == 403

    def test_the_missed_list_has_what_nobody_answered(self, telephony, calls):
        assert self.ids_for(telephony, "caller.okafor", "?missed=true") == {calls["missed"]}
        assert self.ids_for(telephony, "supervisor.wu", "?missed=true") == {calls["missed"]}
        assert self.ids_for(telephony, "supervisor.wu", "?missed=true&status=answered") == set()

    def test_filters_and_pages(self, telephony, calls):
        assert self.ids_for(telephony, "supervisor.wu", "?status=queued") == {calls["waiting"]}
        assert self.ids_for(telephony, "supervisor.wu", "?agent_id=caller.sun") == {calls["mine"]}
        assert self.ids_for(telephony, "supervisor.wu", "?direction=outbound") == set()
        first = telephony.get("/v1/calls?limit=2", as_="supervisor.wu").get_json()
        rest = telephony.get(f"/v1/calls?limit=2&cursor={first['next']}", as_="supervisor.wu").get_json()
        assert [call["id"] for call in first["items"] + rest["items"]] == sorted(calls.values(), reverse=True)
        assert rest["next"] is None

    @pytest.mark.parametrize(
        "query", ["status=lost", "direction=up", "missed=yes", "limit=0", f"customer_id={'x' * 101}"]
    )
    def test_a_wrong_filter_is_named(self, telephony, query):
        answer = telephony.get(f"/v1/calls?{query}", as_="supervisor.wu")

        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["field"] == query.split("=")[0]


def test_calls_and_agents_keep_who_changed_them_last(telephony, switch, be):
    be("caller.sun", "available")
    call_id = switch.ring()

    assert telephony.database["calls"].find_one({"_id": call_id})["updated_by"] == "switch"
    assert telephony.database["agents"].find_one({"_id": "caller.sun"})["updated_by"] == "switch"
