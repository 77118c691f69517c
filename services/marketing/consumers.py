"""Kafka in: leads, opportunities and orders are counted for the campaign that they name.

Who a lead's customer is changes none of these counts, so `sales.lead.matched` and `sales.lead.reassigned` are not among
them.
"""

from services.marketing import commands
from services.marketing.domain.contribution import LEADS, OPPORTUNITIES, ORDERS, Contribution, normal_code
from shared.events import Event
from shared.text import money
from shared.text.money import Money

TOPICS = ["crm.lead", "crm.opportunity", "crm.order"]


def lead_changed(events: list[Event]) -> None:
    commands.count(_contribution(event, LEADS, status=event.data["status"]) for event in events)


def opportunity_changed(events: list[Event]) -> None:
    commands.count(_contribution(event, OPPORTUNITIES, status=event.data["stage"]) for event in events)


def order_changed(events: list[Event]) -> None:
    commands.count(
        _contribution(event, ORDERS, status=event.data["status"], amount=money.of_fact(event.data["total"]))
        for event in events
    )


def _contribution(event: Event, kind: str, *, status: str, amount: Money | None = None) -> Contribution:
    return Contribution(
        id=event.subject,
        version=event.version,
        kind=kind,
        campaign_code=normal_code(event.data["campaign_code"]),
        status=status,
        amount=amount,
        at=event.time,
    )


HANDLERS = {
    "sales.lead.received": lead_changed,
    "sales.lead.assigned": lead_changed,
    "sales.lead.qualified": lead_changed,
    "sales.lead.disqualified": lead_changed,
    "sales.lead.converted": lead_changed,
    "sales.opportunity.opened": opportunity_changed,
    "sales.opportunity.changed": opportunity_changed,
    "sales.opportunity.moved": opportunity_changed,
    "sales.opportunity.won": opportunity_changed,
    "sales.opportunity.lost": opportunity_changed,
    "sales.opportunity.reopened": opportunity_changed,
    "sales.order.placed": order_changed,
    "sales.order.confirmed": order_changed,
    "sales.order.shipped": order_changed,
    "sales.order.completed": order_changed,
    "sales.order.cancelled": order_changed,
}
