"""The queue: longest idle agent, longest waiting caller, nobody twice."""

import threading
from datetime import timedelta

import pytest

from services.telephony.commands import agents as agent_commands
from services.telephony.commands import routing
from services.telephony.commands.calls import record_switch_event
from services.telephony.domain.call import Told
from shared import clock
from shared.auth import Principal
from tests.support.telephony import seconds_ago


def call_of(telephony, call_id: str) -> dict:
    return telephony.get(f"/v1/calls/{call_id}", as_="supervisor.wu").get_json()


def figures(telephony) -> dict:
    return telephony.get("/v1/queues/main", as_="supervisor.wu").get_json()


def let_offers_run_out(telephony) -> None:
    telephony.database["calls"].update_many({"status": "offered"}, {"$set": {"offer_expires_at": seconds_ago(0)}})
    with telephony.acting():
        routing.expire_offers(20)


def test_a_call_is_offered_to_the_agent_who_has_been_idle_longest(telephony, switch, be):
    be("caller.okafor", "available")
    be("caller.sun", "available")

    first = call_of(telephony, switch.ring())
    second = call_of(telephony, switch.ring())
    third = call_of(telephony, switch.ring())

    assert [call["agent_id"] for call in (first, second, third)] == ["caller.okafor", "caller.sun", None]
    assert [call["status"] for call in (first, second, third)] == ["offered", "offered", "queued"]


def test_the_switch_learns_who_is_to_be_rung_when_it_asks_again(switch, be):
    waiting = switch.tell("ringing", "sw-1")
    be("caller.sun", "available")
    asked_again = switch.tell("ringing", "sw-1")

    assert waiting.get_json()["command"] == {"action": "queue", "agent_id": None}
    assert asked_again.get_json()["command"] == {"action": "offer", "agent_id": "caller.sun"}


def test_an_agent_who_becomes_free_gets_the_caller_who_has_waited_longest(telephony, switch, be):
    later = switch.ring(at=seconds_ago(10))
    earlier = switch.ring(at=seconds_ago(40))

    desk = be("caller.sun", "available")

    assert desk["call"]["id"] == earlier
    assert call_of(telephony, later)["status"] == "queued"


def test_who_does_not_answer_goes_on_a_break_and_the_call_keeps_its_place(telephony, switch, be):
    be("caller.sun", "available")
    missed = switch.ring(at=seconds_ago(60))
    later = switch.ring(at=seconds_ago(30))

    let_offers_run_out(telephony)
    agent = telephony.get("/v1/agents/me", as_="caller.sun").get_json()
    desk = be("caller.okafor", "available")

    assert (agent["agent"]["state"], agent["agent"]["reason"], agent["call"]) == ("break", "no-answer", None)
    assert desk["call"]["id"] == missed
    assert desk["call"]["offers"] == 2
    assert call_of(telephony, later)["status"] == "queued"


def test_a_call_that_nobody_answers_goes_on_to_the_next_agent_by_itself(telephony, switch, be):
    be("caller.sun", "available")
    be("caller.okafor", "available")
    call_id = switch.ring()

    let_offers_run_out(telephony)

    assert call_of(telephony, call_id)["agent_id"] == "caller.okafor"


def test_an_offer_that_was_answered_in_time_does_not_run_out(telephony, switch, be):
    be("caller.sun", "available")
    call_id = switch.ring()
    telephony.post(f"/v1/calls/{call_id}/answer", as_="caller.sun")

    let_offers_run_out(telephony)

    assert call_of(telephony, call_id)["status"] == "answered"


def test_a_caller_who_gives_up_frees_the_agent_for_the_next(telephony, switch, be):
    be("caller.sun", "available")
    switch.tell("ringing", "sw-1", at=seconds_ago(20))
    waiting = switch.ring(at=seconds_ago(10))

    switch.tell("abandoned", "sw-1")

    assert telephony.get("/v1/agents/me", as_="caller.sun").get_json()["call"]["id"] == waiting


def test_a_caller_who_hangs_up_while_waiting_is_abandoned(telephony, switch):
    call_id = switch.tell("ringing", "sw-1", at=seconds_ago(33)).get_json()["call"]["id"]

    switch.tell("hung_up", "sw-1")
    with telephony.acting():
        routing.settle_closing_calls(0)

    call = call_of(telephony, call_id)
    assert (call["status"], call["talk_s"]) == ("abandoned", 0)
    assert call["wait_s"] == pytest.approx(33, abs=2)


def test_a_call_is_not_settled_before_its_time(telephony, switch):
    call_id = switch.ring()
    switch.tell("hung_up", call_of(telephony, call_id)["switch_call_id"])

    with telephony.acting():
        routing.settle_closing_calls(60)

    assert call_of(telephony, call_id)["status"] == "closing"


def test_a_call_whose_end_was_never_told_leaves_the_queue(telephony, switch):
    forgotten = switch.ring()
    telephony.database["calls"].update_one({"_id": forgotten}, {"$set": {"heard_at": seconds_ago(7200)}})
    waiting = switch.ring()

    with telephony.acting():
        routing.give_up_forgotten_calls(1800)

    assert call_of(telephony, forgotten)["status"] == "abandoned"
    assert call_of(telephony, waiting)["status"] == "queued"


def test_a_caller_whom_the_switch_still_reports_stays_in_the_queue(telephony, switch):
    waiting = switch.tell("ringing", "sw-1", at=seconds_ago(7200)).get_json()["call"]["id"]
    telephony.database["calls"].update_one({"_id": waiting}, {"$set": {"heard_at": seconds_ago(7200)}})
    version = call_of(telephony, waiting)["version"]
    telephony.relay()

    switch.tell("ringing", "sw-1", at=seconds_ago(7200))
    with telephony.acting():
        routing.give_up_forgotten_calls(1800)

    assert (call_of(telephony, waiting)["status"], call_of(telephony, waiting)["version"]) == ("queued", version)
    assert telephony.relay() == []


def test_the_figures_of_the_queue(telephony, switch, be):
    be("caller.sun", "available")
    be("caller.okafor", "break", "lunch")
    offered = switch.ring(at=seconds_ago(90))
    switch.ring(at=seconds_ago(60))
    switch.ring(at=seconds_ago(30))

    before = figures(telephony)
    telephony.post(f"/v1/calls/{offered}/answer", as_="caller.sun")
    after = figures(telephony)

    assert (before["waiting"], before["offered"], before["in_conversation"]) == (2, 1, 0)
    assert before["longest_wait_s"] == pytest.approx(60, abs=2)
    assert before["agents"] == {"offline": 0, "available": 0, "break": 1, "offered": 1, "on-call": 0, "wrap-up": 0}
    assert (after["waiting"], after["offered"], after["in_conversation"], after["agents"]["on-call"]) == (2, 0, 1, 1)


def test_there_is_only_the_main_queue(telephony):
    assert telephony.get("/v1/queues/sales", as_="supervisor.wu").status_code == 404


def test_a_hundred_calls_at_once_and_twenty_agents_never_meet_twice(telephony):
    """Real threads, real transactions: calls ring and agents come in at the same time."""
    together = threading.Barrier(16)
    failures: list[BaseException] = []

    def run(work: list) -> None:
        try:
            with telephony.acting():
                together.wait()
                for step in work:
                    step()
        except BaseException as failure:
            failures.append(failure)

    def ring(number: int):
        now = clock.now()
        told = Told("ringing", at=now - timedelta(seconds=200 - number), heard_at=now)
        return lambda: record_switch_event(
            told, switch_call_id=f"sw-{number}", direction="inbound", caller=None, called=None, offer_seconds=60
        )

    def come_in(number: int):
        agent = Principal(id=f"agent-{number}", name=f"Agent {number}", roles=frozenset())

        def step() -> None:
            agent_commands.choose_state(agent, "available", None, expected=None)
            routing.offer_waiting_calls(60)

        return step

    steps = [ring(number) for number in range(100)] + [come_in(number) for number in range(20)]
    steps.sort(key=lambda step: hash(step))
    threads = [threading.Thread(target=run, args=(steps[number::16],)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with telephony.acting():
        routing.offer_waiting_calls(60)

    calls = list(telephony.database["calls"].find())
    agents = list(telephony.database["agents"].find())
    offered = {call["_id"]: call["agent_id"] for call in calls if call["status"] == "offered"}
    assert not failures
    assert (len(calls), len(agents), len(offered)) == (100, 20, 20)
    assert {agent["call_id"]: agent["_id"] for agent in agents} == offered
    assert all(call["offers"] <= 1 for call in calls)
