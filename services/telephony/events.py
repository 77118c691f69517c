"""What telephony publishes: the call on crm.call, the touch on crm.interaction, and an unknown caller on crm.intake."""

from services.telephony.domain.call import INBOUND, Call
from shared import events
from shared.events import Announcement, Event

CALL_TOPIC, INTERACTION_TOPIC, INTAKE_TOPIC = "crm.call", "crm.interaction", "crm.intake"
INTAKE_SOURCE = "telephony-call"


def call_received(call: Call) -> Announcement:
    return _announce("telephony.call.received", call)


def call_queued(call: Call) -> Announcement:
    return _announce("telephony.call.queued", call)


def call_offered(call: Call) -> Announcement:
    return _announce("telephony.call.offered", call)


def call_answered(call: Call) -> Announcement:
    return _announce("telephony.call.answered", call)


def call_abandoned(call: Call) -> Announcement:
    return _announce("telephony.call.abandoned", call)


def call_ended(call: Call) -> Announcement:
    return _announce("telephony.call.ended", call)


def call_wrapped_up(call: Call) -> Announcement:
    return _announce("telephony.call.wrapped-up", call)


def call_identified(call: Call) -> Announcement:
    return _announce("telephony.call.identified", call)


def call_left(call: Call, former_customer_id: str) -> Announcement:
    """The same fact under the key of the customer who has lost the call, so that this one's events say so in order."""
    return _announce("telephony.call.identified", call, customer_id=former_customer_id)


def call_matched(call: Call, *, cause: Event) -> Announcement:
    return _announce("telephony.call.matched", call, cause=cause)


def interaction_logged(call: Call, *, cause: Event | None = None) -> Announcement:
    """One touch per call, so its version is always 1; the duration is talk time, without waiting."""
    return events.announce(
        "telephony.interaction.logged",
        topic=INTERACTION_TOPIC,
        subject=call.interaction_id,
        customer_id=call.customer_id,
        version=1,
        cause=cause,
        data={
            "interaction_id": call.interaction_id,
            "customer_id": call.customer_id,
            "channel": "call",
            "direction": "in" if call.direction == INBOUND else "out",
            "occurred_at": call.received_at,
            "staff_id": call.agent_id,
            "call_id": call.id,
            "duration_s": call.talk_s,
        },
    )


def intake_received(call: Call) -> Announcement:
    return events.announce(
        "telephony.intake.received",
        topic=INTAKE_TOPIC,
        subject=call.id,
        customer_id=None,
        data={
            "source": {"source": INTAKE_SOURCE, "id": call.id},
            "full_name": None,
            "company_name": None,
            "email": None,
            "phone": call.customer_number,
        },
    )


def _announce(type: str, call: Call, *, customer_id: str | None = None, cause: Event | None = None) -> Announcement:
    key = customer_id or call.customer_id
    return events.announce(type, topic=CALL_TOPIC, subject=call.id, customer_id=key, data=_state(call), cause=cause)


def _state(call: Call) -> dict:
    """Without number, note and the switch's own id, which may contain a number."""
    return {
        "call_id": call.id,
        "direction": call.direction,
        "queue": call.queue,
        "status": call.status,
        "match": call.match,
        "customer_id": call.customer_id,
        "agent_id": call.agent_id,
        "received_at": call.received_at,
        "offered_at": call.offered_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "wrapped_up_at": call.wrapped_up_at,
        "wait_s": call.wait_s,
        "talk_s": call.talk_s,
        "hold_s": call.hold_s,
        "offers": call.offers,
        "disposition": call.disposition,
    }
