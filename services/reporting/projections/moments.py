"""When a fact took place, as the event's own state says. The event's `time` is only when it was recorded."""

import functools
from datetime import date, datetime

from shared import clock
from shared.events import Event

# By event type, the field of the state that holds the time of the fact; the others took place when they were recorded.
MOMENT_OF = {
    "customer.interaction.logged": "occurred_at",
    "sales.lead.received": "received_at",
    "sales.lead.matched": "matched_at",
    "sales.lead.qualified": "qualified_at",
    "sales.lead.disqualified": "closed_at",
    "sales.lead.converted": "closed_at",
    "sales.opportunity.opened": "created_at",
    "sales.opportunity.moved": "stage_since",
    "sales.opportunity.won": "stage_since",
    "sales.opportunity.lost": "stage_since",
    "sales.opportunity.reopened": "stage_since",
    "sales.order.placed": "placed_at",
    "sales.order.confirmed": "confirmed_at",
    "sales.order.shipped": "shipped_at",
    "sales.order.completed": "completed_at",
    "sales.order.cancelled": "cancelled_at",
    "service-desk.interaction.logged": "occurred_at",
    "service-desk.ticket.opened": "opened_at",
    "service-desk.ticket.resolved": "resolved_at",
    "service-desk.ticket.closed": "closed_at",
    "telephony.interaction.logged": "occurred_at",
    "telephony.call.received": "received_at",
    "telephony.call.offered": "offered_at",
    "telephony.call.answered": "answered_at",
    "telephony.call.abandoned": "ended_at",
    "telephony.call.ended": "ended_at",
    "telephony.call.wrapped-up": "wrapped_up_at",
}
# Imported records know only the day.
DAY_OF = {"sales.opportunity.won": "closed_on", "sales.opportunity.lost": "closed_on"}


def moment_of(event: Event) -> datetime:
    """When it was recorded, where the state leaves the time open. Raises KeyError, ValueError or TypeError."""
    name = MOMENT_OF.get(event.type)
    text = None if name is None else event.data[name]
    return event.time if text is None else _moment(text)


def day_of(event: Event) -> date:
    """The day of the fact in the business time zone. Raises as `moment_of` does."""
    name = DAY_OF.get(event.type)
    return clock.business_date(moment_of(event)) if name is None else date.fromisoformat(event.data[name])


@functools.lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    """The entry, the record and the day of an event ask for the same time."""
    return clock.from_json(text)
