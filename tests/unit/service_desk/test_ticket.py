"""A ticket: what each step allows, and what it does to the clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.service_desk.domain.business_time import add_working_time, working_time
from services.service_desk.domain.contact import Contact
from services.service_desk.domain.sla import AROUND_THE_CLOCK, OFFICE_HOURS
from services.service_desk.domain.ticket import (
    CLOSED,
    MAX_CONVERSATION_BYTES,
    MAX_ENTRIES,
    MESSAGE,
    NOTE,
    OPEN,
    PENDING,
    REPLY,
    RESOLUTION,
    RESOLVED,
    Entry,
    Ticket,
    open_ticket,
)
from shared.aggregates import to_document
from shared.problems import Conflict

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
HOUR = timedelta(hours=1)


def a_ticket(**fields) -> Ticket:
    given = {"policy": AROUND_THE_CLOCK, "type": "defect", "channel": "email", "priority": "high", "customer_id": "c1"}
    return open_ticket(
        id="t1", number="T-2026-000001", opening_id="o1", opened_by="agent.zhao", opened_at=MONDAY, recorded_at=MONDAY,
        subject="打印机无法联网", **given | fields,
    )  # fmt: skip


def an_entry(kind: str, *, at: datetime = MONDAY, id: str = "e1", **fields) -> Entry:
    channel = "email" if kind in (REPLY, MESSAGE) else None
    return Entry(id, kind, "…", "agent.zhao", at, **{"channel": channel} | fields)


def reply(ticket: Ticket, at: datetime, *, next_status: str = PENDING) -> Ticket:
    return ticket.reply(an_entry(REPLY, at=at), next_status=next_status, at=at)


def receive(ticket: Ticket, at: datetime) -> Ticket:
    return ticket.receive(an_entry(MESSAGE, at=at), at=at)


def resolve(ticket: Ticket, at: datetime) -> Ticket:
    return ticket.resolve(an_entry(RESOLUTION, at=at), at=at)


def reopen(ticket: Ticket, at: datetime) -> Ticket:
    return ticket.reopen(an_entry(NOTE, at=at), at=at)


def test_a_new_ticket_is_due_for_its_first_response():
    ticket = a_ticket()

    assert ticket.first_response_due_at == MONDAY + 2 * HOUR
    assert ticket.resolution_due_at == MONDAY + 24 * HOUR
    assert ticket.due_at == ticket.first_response_due_at


def test_the_first_reply_stops_the_first_response_clock_and_later_ones_do_not():
    ticket = reply(a_ticket(), MONDAY + HOUR)

    again = reply(ticket, MONDAY + 2 * HOUR)

    assert ticket.first_responded_at == again.first_responded_at == MONDAY + HOUR


def test_a_ticket_that_waits_for_the_customer_has_no_due_time():
    ticket = reply(a_ticket(), MONDAY + HOUR)

    assert ticket.status == PENDING
    assert ticket.due_at is None


def test_the_time_of_waiting_is_added_to_the_due_time():
    waiting = reply(a_ticket(), MONDAY + HOUR)

    answered = receive(waiting, MONDAY + 31 * HOUR)

    assert answered.status == OPEN
    assert answered.due_at == MONDAY + (24 + 30) * HOUR


def test_only_office_hours_of_waiting_are_added_in_office_hours():
    waiting = reply(a_ticket(policy=OFFICE_HOURS, type="question"), MONDAY + HOUR)
    due_before = waiting.resolution_due_at

    answered = receive(waiting, MONDAY + 15 * HOUR)

    assert answered.resolution_due_at == add_working_time(OFFICE_HOURS.calendar, due_before, 7 * HOUR)


def test_a_reply_that_keeps_the_ticket_open_keeps_the_clock_running():
    ticket = reply(a_ticket(), MONDAY + HOUR, next_status=OPEN)

    assert ticket.status == OPEN
    assert ticket.due_at == MONDAY + 24 * HOUR


def test_a_higher_priority_brings_the_due_times_forward():
    ticket = a_ticket(priority="low").change({"priority": "urgent"}, at=MONDAY + HOUR)

    assert ticket.first_response_due_at == MONDAY + HOUR
    assert ticket.resolution_due_at == MONDAY + 8 * HOUR


def test_a_given_first_response_keeps_its_due_time_when_the_priority_changes():
    ticket = reply(a_ticket(), MONDAY + HOUR).change({"priority": "urgent"}, at=MONDAY + 2 * HOUR)

    assert ticket.first_response_due_at == MONDAY + 2 * HOUR
    assert ticket.resolution_due_at == MONDAY + 8 * HOUR


def test_a_message_reopens_a_resolved_ticket():
    ticket = receive(resolve(a_ticket(), MONDAY + HOUR), MONDAY + 10 * HOUR)

    assert (ticket.status, ticket.reopened_count, ticket.resolved_at) == (OPEN, 1, None)
    assert ticket.resolution_due_at == MONDAY + (24 + 9) * HOUR


def test_a_reopened_ticket_gets_back_the_time_in_which_it_was_resolved():
    ticket = reopen(resolve(a_ticket(), MONDAY + HOUR), MONDAY + 101 * HOUR)

    assert ticket.reopened_count == 1
    assert ticket.due_at == ticket.first_response_due_at == MONDAY + (2 + 100) * HOUR


def test_a_ticket_is_closed_only_when_resolved():
    with pytest.raises(Conflict, match="Resolve the ticket"):
        a_ticket().close(at=MONDAY)

    closed = resolve(a_ticket(), MONDAY + HOUR).close(at=MONDAY + 2 * HOUR)

    assert (closed.status, closed.closed_at) == (CLOSED, MONDAY + 2 * HOUR)


@pytest.mark.parametrize(
    "step",
    [
        lambda ticket: reply(ticket, MONDAY),
        lambda ticket: receive(ticket, MONDAY),
        lambda ticket: resolve(ticket, MONDAY),
        lambda ticket: reopen(ticket, MONDAY),
        lambda ticket: ticket.note(an_entry(NOTE), at=MONDAY),
        lambda ticket: ticket.assign("agent.novak", at=MONDAY),
        lambda ticket: ticket.change({"priority": "low"}, at=MONDAY),
        lambda ticket: ticket.close(at=MONDAY),
    ],
)
def test_a_closed_ticket_stays_as_it_is(step):
    closed = resolve(a_ticket(), MONDAY).close(at=MONDAY)

    with pytest.raises(Conflict, match="Open a new ticket"):
        step(closed)


def test_a_resolved_ticket_is_reopened_before_it_is_answered():
    resolved = resolve(a_ticket(), MONDAY)

    with pytest.raises(Conflict, match="Reopen it first"):
        reply(resolved, MONDAY)
    with pytest.raises(Conflict, match="Reopen it first"):
        resolve(resolved, MONDAY)


def test_an_open_ticket_cannot_be_reopened():
    with pytest.raises(Conflict, match="Only a resolved ticket"):
        reopen(a_ticket(), MONDAY)


def test_a_conversation_has_an_end():
    ticket = a_ticket()
    for number in range(MAX_ENTRIES):
        ticket = ticket.note(an_entry(NOTE, id=f"e{number}"), at=MONDAY)

    with pytest.raises(Conflict, match="open a new ticket"):
        ticket.note(an_entry(NOTE), at=MONDAY)


def test_long_texts_end_a_conversation_before_the_database_refuses_it():
    ticket = a_ticket()
    longest = replace(an_entry(NOTE), text="长" * 10_000)
    for _ in range(MAX_CONVERSATION_BYTES // 30_000):
        ticket = ticket.note(longest, at=MONDAY)

    with pytest.raises(Conflict, match="MiB of text"):
        ticket.note(longest, at=MONDAY)
    assert len(bson.encode(to_document(ticket))) < 4 * 1024 * 1024


def test_every_contact_with_the_customer_is_one_touch():
    ticket = receive(reply(a_ticket(customer_id=None, contact=Contact("李娜", phone="+8613800138000")), MONDAY), MONDAY)
    ticket = ticket.note(an_entry(NOTE), at=MONDAY)

    assert [touch.direction for touch in ticket.touches()] == ["in", "out", "in"]


def test_a_call_is_logged_by_telephony_and_not_again_here():
    ticket = a_ticket(channel="call", call_id="call-1")
    ticket = ticket.reply(an_entry(REPLY, call_id="call-2", channel="call"), next_status=OPEN, at=MONDAY)

    assert list(ticket.touches()) == []


def test_an_internal_ticket_is_no_contact_with_the_customer():
    assert list(a_ticket(channel="internal").touches()) == []


def test_the_contact_is_forgotten_when_the_customer_is_known():
    ticket = a_ticket(customer_id=None, contact=Contact("李娜", phone="+8613800138000")).match("c9", at=MONDAY)

    assert (ticket.customer_id, ticket.contact) == ("c9", None)


@given(
    policy=st.sampled_from([AROUND_THE_CLOCK, OFFICE_HOURS]),
    waits=st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 3000)), min_size=1, max_size=6),
    stop=st.sampled_from([reply, resolve]),
)
def test_however_often_it_waits_the_promised_working_time_is_left(policy, waits, stop):
    ticket = reply(a_ticket(policy=policy), MONDAY, next_status=OPEN)
    now = MONDAY
    for busy, waiting in waits:
        now += timedelta(minutes=busy)
        left_before = _left(ticket, now)
        ticket = stop(ticket, now)
        now += timedelta(minutes=waiting)
        ticket = receive(ticket, now)

        assert _left(ticket, now) == left_before


def _left(ticket: Ticket, now: datetime) -> timedelta:
    """Working time until the solution is due; negative when it is late."""
    calendar = ticket.policy.calendar
    return working_time(calendar, now, ticket.resolution_due_at) - working_time(calendar, ticket.resolution_due_at, now)


@given(st.lists(st.sampled_from(["reply", "receive", "resolve", "reopen", "close", "urgent", "low"]), max_size=12))
def test_the_clock_runs_exactly_while_the_ticket_is_open(steps):
    ticket, now = a_ticket(), MONDAY
    for step in steps:
        now += HOUR
        ticket = _try(ticket, step, now)

        assert (ticket.status == OPEN) == (ticket.due_at is not None) == (ticket.clock_stopped_at is None)
        assert (ticket.status in (RESOLVED, CLOSED)) == (ticket.resolved_at is not None)
        assert ticket.resolution_due_at >= MONDAY + 8 * HOUR


def _try(ticket: Ticket, step: str, now: datetime) -> Ticket:
    steps = {
        "reply": lambda: reply(ticket, now),
        "receive": lambda: receive(ticket, now),
        "resolve": lambda: resolve(ticket, now),
        "reopen": lambda: reopen(ticket, now),
        "close": lambda: ticket.close(at=now),
        "urgent": lambda: ticket.change({"priority": "urgent"}, at=now),
        "low": lambda: ticket.change({"priority": "low"}, at=now),
    }
    try:
        return steps[step]()
    except Conflict:
        return ticket
