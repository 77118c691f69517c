"""The rules of a call."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.telephony.domain import switch
from services.telephony.domain.call import Call, Told, first_ring
from shared.problems import Conflict

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def told(event: str, second: float = 0, agent_id: str | None = None) -> Told:
    at = START + timedelta(seconds=second)
    return Told(event, at=at, heard_at=at, agent_id=agent_id)


def ring(first: Told | None = None, **different) -> Call:
    fields = {
        "id": "call-1",
        "interaction_id": "interaction-1",
        "switch_call_id": "sw-1",
        "direction": "inbound",
        "queue": "main",
        "customer_number": "+8613812345678",
        "line_number": "+862161234567",
        "customer_ids": ["customer-1"],
    }
    return first_ring(**(fields | different), told=first or told("ringing"))


def offered(second: float = 8) -> Call:
    return ring().offer("caller.sun", at=START + timedelta(seconds=second), seconds=20)


def hear_all(call: Call, *events: Told) -> Call:
    for event in events:
        call = call.hear(event)
    return call


@pytest.mark.parametrize(
    ("number", "customer_ids", "match", "customer_id", "candidates"),
    [
        ("+8613812345678", ["a"], "known", "a", ()),
        ("+8613812345678", ["a", "b"], "choice", None, ("a", "b")),
        ("+8613812345678", [], "unknown", None, ()),
        (None, [], "withheld", None, ()),
    ],
)
def test_a_number_says_who_calls_only_when_one_customer_has_it(number, customer_ids, match, customer_id, candidates):
    call = ring(customer_number=number, customer_ids=customer_ids)

    assert (call.match, call.customer_id, call.candidates) == (match, customer_id, candidates)


def test_waiting_and_talking_are_counted_apart():
    call = hear_all(offered(), told("answered", 12), told("hung_up", 132.9))

    assert (call.status, call.wait_s, call.talk_s) == ("ended", 12, 120)


def test_time_on_hold_is_part_of_the_talk_and_also_counted_alone():
    call = hear_all(
        offered(), told("answered", 10), told("held", 20), told("resumed", 35), told("held", 50), told("hung_up", 60)
    )

    assert (call.talk_s, call.hold_s) == (50, 25)


def test_ringing_three_times_is_one_call_that_waits():
    call = ring()

    assert hear_all(call, told("ringing"), told("ringing", 1), told("ringing", 2)) == call


def test_a_caller_of_whom_the_switch_still_tells_is_heard_again_but_not_every_second():
    call = ring()

    assert not call.heard_again(told("ringing", 1))
    assert call.heard_again(told("ringing", 900))


def test_a_repeated_end_does_not_put_off_the_decision_what_it_meant():
    closing = offered().hear(told("hung_up", 30))

    assert closing.hear(told("hung_up", 90)) == closing
    assert not closing.heard_again(told("hung_up", 90))


def test_a_late_ringing_event_corrects_the_wait():
    call = ring(told("answered", 12), customer_ids=[])

    call = call.hear(told("ringing", 2))

    assert call.wait_s == 10


@pytest.mark.parametrize("first", ["answered", "hung_up"])
def test_answered_and_hung_up_may_come_in_either_order(first):
    events = {"answered": told("answered", 12), "hung_up": told("hung_up", 72)}
    second = "hung_up" if first == "answered" else "answered"

    call = hear_all(offered(), events[first], events[second])

    assert (call.status, call.wait_s, call.talk_s, call.agent_id) == ("ended", 12, 60, "caller.sun")


def test_an_end_without_any_answer_is_an_abandoned_call():
    call = offered().hear(told("hung_up", 30)).settle()

    assert (call.status, call.agent_id, call.wait_s, call.talk_s) == ("abandoned", None, 30, 0)


def test_what_is_over_stays_over_whatever_the_switch_repeats():
    over = offered().hear(told("abandoned", 30))

    again = hear_all(
        over, told("ringing", 1), told("answered", 31), told("held", 32), told("resumed", 33), told("hung_up", 34)
    )

    assert again == over


def test_a_caller_who_left_while_the_agent_picked_up_leaves_an_ended_call():
    call = offered().answer("caller.sun", at=START + timedelta(seconds=10)).hear(told("abandoned", 9))

    assert (call.status, call.talk_s) == ("ended", 0)


def test_only_the_agent_to_whom_it_is_offered_can_answer():
    with pytest.raises(Conflict):
        offered().answer("caller.okafor", at=START)


def test_answering_twice_changes_nothing():
    answered = offered().answer("caller.sun", at=START + timedelta(seconds=10))

    assert answered.answer("caller.sun", at=START + timedelta(seconds=11)) is answered


def test_a_requeued_call_keeps_its_place_and_remembers_the_offer():
    call = offered().requeue()

    assert (call.status, call.received_at, call.agent_id, call.offers) == ("queued", START, None, 1)


def test_an_answer_that_comes_just_after_the_offer_ran_out_counts_for_its_agent():
    call = offered().requeue().hear(told("answered", 29))

    assert (call.status, call.agent_id) == ("answered", "caller.sun")


@pytest.mark.parametrize(
    "before",
    [
        offered(),
        offered().requeue(),
        offered().hear(told("hung_up", 40)),
        offered().answer("caller.sun", at=START + timedelta(seconds=10)),
    ],
    ids=["offered", "waiting again", "heard of its end", "answered in the browser"],
)
def test_a_call_is_of_the_agent_who_answered_whoever_it_was_offered_to(before):
    call = before.hear(told("answered", 12, agent_id="caller.okafor"))

    assert call.agent_id == "caller.okafor"
    assert switch.command(call)["agent_id"] in ("caller.okafor", None)


def test_an_answer_that_names_nobody_is_of_the_agent_it_was_offered_to():
    assert offered().hear(told("answered", 12)).agent_id == "caller.sun"


def test_a_ringing_call_cannot_be_hung_up_by_the_agent():
    with pytest.raises(Conflict):
        offered().hang_up(at=START)


def test_a_call_is_wrapped_up_once_and_only_when_it_has_ended():
    ended = hear_all(offered(), told("answered", 12), told("hung_up", 60))
    wrapped_up = ended.wrap_up("order-taken", None, at=START + timedelta(seconds=70))

    assert wrapped_up.status == "wrapped-up"
    with pytest.raises(Conflict):
        offered().wrap_up("other", None, at=START)
    with pytest.raises(Conflict):
        wrapped_up.wrap_up("other", None, at=START)


def test_a_call_goes_into_a_history_when_it_is_over_and_the_customer_is_known():
    unknown = ring(customer_ids=[]).hear(told("abandoned", 5))

    assert not unknown.to_be_logged
    assert unknown.match_with("customer-2").to_be_logged
    assert not unknown.match_with("customer-2").log().to_be_logged


def test_the_customer_that_the_agent_chose_is_kept_when_the_match_comes_later():
    call = ring(customer_ids=["a", "b"]).identify("b")

    assert call.match_with("a").customer_id == "b"
    assert (call.match, call.candidates) == ("known", ())


def test_a_logged_call_stays_with_its_customer():
    logged = ring().hear(told("abandoned", 5)).log()

    with pytest.raises(Conflict):
        logged.identify("customer-2")


def test_an_outbound_call_belongs_to_the_agent_who_dials():
    call = ring(told("ringing", agent_id="caller.sun"), direction="outbound")

    assert (call.status, call.agent_id) == ("dialing", "caller.sun")
    assert call.hear(told("abandoned", 20)).agent_id == "caller.sun"


@pytest.mark.parametrize(
    ("call", "action"),
    [
        (ring(), "queue"),
        (offered(), "offer"),
        (hear_all(offered(), told("answered", 12)), "connect"),
        (hear_all(offered(), told("answered", 12), told("held", 13)), "connect"),
        (hear_all(offered(), told("answered", 12), told("hung_up", 13)), "hang-up"),
        (ring(told("ringing"), direction="outbound"), "none"),
    ],
)
def test_the_switch_is_told_what_fits_the_state(call, action):
    assert switch.command(call)["action"] == action


@given(st.permutations(["ringing", "ringing", "answered", "answered", "hung_up", "hung_up"]))
def test_the_order_and_number_of_the_switchs_reports_does_not_matter(order):
    seconds = {"ringing": 0, "answered": 12, "hung_up": 72}
    first, *rest = [told(event, seconds[event], agent_id="caller.sun") for event in order]

    call = hear_all(ring(first), *rest)

    assert (call.status, call.wait_s, call.talk_s, call.agent_id) == ("ended", 12, 60, "caller.sun")
