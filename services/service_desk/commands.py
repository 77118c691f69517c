"""Every write of the service desk: the steps of a ticket, its match with a customer, and the service policies."""

from datetime import datetime
from typing import Any

from services.service_desk import events
from services.service_desk.domain.sla import SlaPolicy, choose_policy
from services.service_desk.domain.ticket import MESSAGE, NOTE, REPLY, RESOLUTION, Entry, Ticket, open_ticket, touch_of
from services.service_desk.repositories import customers, sla_policies, ticket_numbers, tickets
from shared import clock, http, ids
from shared.events import Event


def create_ticket(fields: dict[str, Any], *, by: str, occurred_at: datetime | None) -> Ticket:
    """Open a ticket under the policy that fits its type and the customer's tier.

    Raises Conflict for a customer who is not known here.
    """
    now = clock.now()
    customer_id = fields.get("customer_id")
    tier = customers.tier_of(customer_id) if customer_id else None
    ticket = open_ticket(
        id=ids.new_id(),
        number=ticket_numbers.next_number(clock.business_date(now).year),
        opening_id=ids.new_id(),
        policy=choose_policy(sla_policies.all_policies(), type=fields["type"], tier=tier),
        opened_by=by,
        opened_at=occurred_at or now,
        recorded_at=now,
        **fields,
    )
    announce = [events.ticket_opened(ticket), *events.interactions_logged(ticket, ticket.opening_touch())]
    if ticket.contact:
        announce.append(events.intake_received(ticket, ticket.contact))
    return tickets.insert(ticket, announce=announce)


def change_ticket(ticket_id: str, changes: dict[str, Any], *, expected: int | None) -> Ticket:
    ticket = _load(ticket_id, expected).change(changes, at=clock.now())
    return tickets.save(ticket, announce=[events.ticket_changed(ticket)])


def assign_ticket(ticket_id: str, assignee: str | None, *, expected: int | None) -> Ticket:
    ticket = _load(ticket_id, expected).assign(assignee, at=clock.now())
    return tickets.save(ticket, announce=[events.ticket_assigned(ticket)])


def reply_to_ticket(
    ticket_id: str,
    *,
    expected: int | None,
    by: str,
    text: str,
    channel: str,
    next_status: str,
    call_id: str | None,
) -> Ticket:
    now = clock.now()
    entry = Entry(ids.new_id(), REPLY, text, author=by, occurred_at=now, channel=channel, call_id=call_id)
    ticket = _load(ticket_id, expected).reply(entry, next_status=next_status, at=now)
    logged = events.interactions_logged(ticket, touch_of(entry))
    return tickets.save(ticket, announce=[events.ticket_replied(ticket), *logged])


def receive_message(
    ticket_id: str,
    *,
    expected: int | None,
    by: str,
    text: str,
    channel: str,
    occurred_at: datetime | None,
    call_id: str | None,
) -> Ticket:
    now = clock.now()
    moment = occurred_at or now
    entry = Entry(ids.new_id(), MESSAGE, text, author=by, occurred_at=moment, channel=channel, call_id=call_id)
    ticket = _load(ticket_id, expected).receive(entry, at=now)
    logged = events.interactions_logged(ticket, touch_of(entry))
    return tickets.save(ticket, announce=[events.ticket_message_received(ticket), *logged])


def note_ticket(ticket_id: str, text: str, *, expected: int | None, by: str) -> Ticket:
    now = clock.now()
    ticket = _load(ticket_id, expected).note(Entry(ids.new_id(), NOTE, text, author=by, occurred_at=now), at=now)
    return tickets.save(ticket, announce=[events.ticket_noted(ticket)])


def resolve_ticket(ticket_id: str, resolution: str, *, expected: int | None, by: str) -> Ticket:
    now = clock.now()
    entry = Entry(ids.new_id(), RESOLUTION, resolution, author=by, occurred_at=now)
    ticket = _load(ticket_id, expected).resolve(entry, at=now)
    return tickets.save(ticket, announce=[events.ticket_resolved(ticket)])


def reopen_ticket(ticket_id: str, reason: str, *, expected: int | None, by: str) -> Ticket:
    now = clock.now()
    ticket = _load(ticket_id, expected).reopen(Entry(ids.new_id(), NOTE, reason, author=by, occurred_at=now), at=now)
    return tickets.save(ticket, announce=[events.ticket_reopened(ticket)])


def close_ticket(ticket_id: str, *, expected: int | None) -> Ticket:
    ticket = _load(ticket_id, expected).close(at=clock.now())
    return tickets.save(ticket, announce=[events.ticket_closed(ticket)])


def match_tickets(answers: dict[str, Event]) -> None:
    """Give each ticket the customer of the event that answers its intake; a ticket that has one keeps it.

    The contacts that took place before the customer was known are announced now.
    """
    now = clock.now()
    for ticket_id in tickets.unmatched(answers):
        cause = answers[ticket_id]
        ticket = tickets.get(ticket_id).match(cause.subject, at=now)
        logged = events.interactions_logged(ticket, ticket.touches(), cause=cause)
        tickets.save(ticket, announce=[events.ticket_matched(ticket, cause=cause), *logged])


def change_sla_policy(policy_id: str, changes: dict[str, Any], *, expected: int | None) -> SlaPolicy:
    """Tickets that are open keep the policy as it was. Raises Invalid for impossible opening hours."""
    policy = sla_policies.get(policy_id)
    http.check_version(policy, expected)
    return sla_policies.save(policy.change(changes))


def _load(ticket_id: str, expected: int | None) -> Ticket:
    ticket = tickets.get(ticket_id)
    http.check_version(ticket, expected)
    return ticket
