"""A caller's number is shown as contracts/vectors say, and a short one makes nobody a customer."""

import pytest

from tests.support import vectors
from tests.support.telephony import customer_event

PHONES = vectors.of("phones")
ZHANG = "019579d2-77a5-7d3e-bb80-5f4a1f0d3b11"


def call_of(telephony, call_id: str) -> dict:
    return telephony.get(f"/v1/calls/{call_id}", as_="supervisor.wu").get_json()


def test_a_caller_is_shown_as_the_vectors_say(telephony, switch):
    for one in PHONES["shown"]:
        call = call_of(telephony, switch.ring(number=one["written"]))

        assert call["customer_number"] == one["shown"], one
        assert (call["match"] == "withheld") == (one["shown"] is None)


def test_a_number_of_any_notation_is_that_of_the_customer(telephony, switch):
    chinese = [one for one in PHONES["read"] if one["country"] == "CN" and len(one["written"]) <= 40]
    telephony.publish(customer_event(ZHANG, name="张伟", phones=sorted({one["number"] for one in chinese})))
    telephony.consume()

    for one in chinese:
        call = call_of(telephony, switch.ring(number=one["written"]))
        assert (call["customer_number"], call["match"]) == (one["number"], "known"), one


def test_a_short_or_internal_number_is_never_announced_as_somebody_new(telephony, switch):
    telephony.relay()
    short = [one["written"] for one in PHONES["shown"] if one["shown"] and not one["shown"].startswith("+")]
    for number in short:
        switch.ring(number=number)
        switch.tell("ringing", f"out-{number}", number=number, direction="outbound", agent_id="caller.sun")

    assert len(short) >= 8
    assert [event for event in telephony.relay() if event.topic == "crm.intake"] == []


@pytest.mark.parametrize("blank", vectors.of("texts")["blank"])
def test_a_blank_choice_of_a_customer_is_refused(telephony, switch, blank):
    call_id = switch.ring(number="10086")

    answer = telephony.post(f"/v1/calls/{call_id}/identify", {"customer_id": blank}, as_="caller.sun")

    assert [(error["field"], error["rule"]) for error in answer.get_json()["errors"]] == [("customer_id", "blank")]
