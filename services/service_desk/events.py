"""What the service desk publishes: tickets without texts, contacts with customers, and people not yet known."""

from collections.abc import Iterable

from services.service_desk.domain.contact import Contact
from services.service_desk.domain.ticket import Ticket, Touch
from shared import events
from shared.events import Announcement, Event

TICKET_TOPIC = "crm.ticket"
INTERACTION_TOPIC = "crm.interaction"
INTAKE_TOPIC = "crm.intake"
INTAKE_SOURCE = "service-desk-ticket"


def ticket_opened(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.opened", ticket)


def ticket_matched(ticket: Ticket, *, cause: Event) -> Announcement:
    return _announce("service-desk.ticket.matched", ticket, cause=cause)


def ticket_assigned(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.assigned", ticket)


def ticket_changed(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.changed", ticket)


def ticket_replied(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.replied", ticket)


def ticket_message_received(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.message-received", ticket)


def ticket_noted(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.noted", ticket)


def ticket_resolved(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.resolved", ticket)


def ticket_reopened(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.reopened", ticket)


def ticket_closed(ticket: Ticket) -> Announcement:
    return _announce("service-desk.ticket.closed", ticket)


def intake_received(ticket: Ticket, contact: Contact) -> Announcement:
    return events.announce(
        "service-desk.intake.received",
        topic=INTAKE_TOPIC,
        subject=ticket.id,
        customer_id=None,
        data={
            "source": {"source": INTAKE_SOURCE, "id": ticket.id},
            "full_name": contact.full_name,
            "company_name": contact.company_name,
            "email": contact.email,
            "phone": contact.phone,
            "phone_extension": contact.phone_extension,
        },
    )


def interactions_logged(ticket: Ticket, touches: Iterable[Touch], *, cause: Event | None = None) -> list[Announcement]:
    """None while the customer is not known: all contacts are announced at once when the ticket is matched."""
    if ticket.customer_id is None:
        return []
    return [_interaction_logged(ticket.id, ticket.customer_id, touch, cause) for touch in touches]


def _interaction_logged(ticket_id: str, customer_id: str, touch: Touch, cause: Event | None) -> Announcement:
    return events.announce(
        "service-desk.interaction.logged",
        topic=INTERACTION_TOPIC,
        subject=touch.id,
        customer_id=customer_id,
        data={
            "interaction_id": touch.id,
            "customer_id": customer_id,
            "channel": touch.channel,
            "direction": touch.direction,
            "occurred_at": touch.occurred_at,
            "staff_id": touch.staff_id,
            "ticket_id": ticket_id,
        },
        version=1,
        cause=cause,
    )


def _announce(type: str, ticket: Ticket, *, cause: Event | None = None) -> Announcement:
    return events.announce(
        type, topic=TICKET_TOPIC, subject=ticket.id, customer_id=ticket.customer_id, data=_state(ticket), cause=cause
    )


def _state(ticket: Ticket) -> dict:
    return {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "customer_id": ticket.customer_id,
        "status": ticket.status,
        "type": ticket.type,
        "priority": ticket.priority,
        "assignee": ticket.assignee,
        "channel": ticket.channel,
        "order_id": ticket.order_id,
        "product_id": ticket.product_id,
        "call_id": ticket.call_id,
        "opened_at": ticket.opened_at,
        "opened_by": ticket.opened_by,
        "updated_at": ticket.updated_at,
        "sla_policy_id": ticket.policy.id,
        "first_response_due_at": ticket.first_response_due_at,
        "first_responded_at": ticket.first_responded_at,
        "resolution_due_at": ticket.resolution_due_at,
        "clock_stopped_at": ticket.clock_stopped_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        "reopened_count": ticket.reopened_count,
    }
