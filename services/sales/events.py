"""What sales publishes: facts about leads, opportunities and orders, and the contact details of new leads."""

from datetime import date

from services.sales.domain.lead import Lead
from services.sales.domain.line import Line
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.order import Order
from shared import events
from shared.events import Announcement, Event
from shared.text.money import Money

LEAD_TOPIC = "crm.lead"
INTAKE_TOPIC = "crm.intake"
OPPORTUNITY_TOPIC = "crm.opportunity"
ORDER_TOPIC = "crm.order"
INTAKE_SOURCE = "sales-lead"


def intake_received(lead: Lead) -> Announcement:
    """Asks the customer service whose lead this is."""
    return events.announce(
        "sales.intake.received",
        topic=INTAKE_TOPIC,
        subject=lead.id,
        customer_id=None,
        data={
            "source": {"source": INTAKE_SOURCE, "id": lead.id},
            "full_name": lead.full_name,
            "company_name": lead.company_name,
            "email": lead.email,
            "phone": lead.phone,
            "phone_extension": lead.phone_extension,
            "partner_id": lead.partner_id,
        },
    )


def lead_received(lead: Lead) -> Announcement:
    return _lead("sales.lead.received", lead)


def lead_matched(lead: Lead, *, cause: Event) -> Announcement:
    return _lead("sales.lead.matched", lead, cause=cause)


def lead_reassigned(lead: Lead) -> list[Announcement]:
    """Under the key of the customer who has it now, and of the one who has lost it: so each customer's events say so in
    their order.
    """
    former = lead.moves[-1].from_customer_id
    told = [_lead("sales.lead.reassigned", lead)]
    return told if former is None else [*told, _lead("sales.lead.reassigned", lead, customer_id=former)]


def lead_assigned(lead: Lead) -> Announcement:
    return _lead("sales.lead.assigned", lead)


def lead_qualified(lead: Lead) -> Announcement:
    return _lead("sales.lead.qualified", lead)


def lead_disqualified(lead: Lead) -> Announcement:
    return _lead("sales.lead.disqualified", lead)


def lead_converted(lead: Lead) -> Announcement:
    return _lead("sales.lead.converted", lead)


def opportunity_opened(opportunity: Opportunity) -> Announcement:
    return _opportunity("sales.opportunity.opened", opportunity)


def opportunity_changed(opportunity: Opportunity) -> Announcement:
    return _opportunity("sales.opportunity.changed", opportunity)


def opportunity_moved(opportunity: Opportunity) -> Announcement:
    return _opportunity("sales.opportunity.moved", opportunity)


def opportunity_won(opportunity: Opportunity) -> Announcement:
    return _opportunity("sales.opportunity.won", opportunity)


def opportunity_lost(opportunity: Opportunity) -> Announcement:
    return _opportunity("sales.opportunity.lost", opportunity)


def opportunity_reopened(opportunity: Opportunity) -> Announcement:
    closed = opportunity.history[-2].stage
    return _opportunity("sales.opportunity.reopened", opportunity, reopened_from=closed)


def order_placed(order: Order) -> Announcement:
    return _order("sales.order.placed", order)


def order_confirmed(order: Order) -> Announcement:
    return _order("sales.order.confirmed", order)


def order_shipped(order: Order) -> Announcement:
    return _order("sales.order.shipped", order)


def order_completed(order: Order) -> Announcement:
    return _order("sales.order.completed", order)


def order_cancelled(order: Order) -> Announcement:
    return _order("sales.order.cancelled", order)


def _lead(type: str, lead: Lead, *, customer_id: str | None = None, cause: Event | None = None) -> Announcement:
    data = {
        "lead_id": lead.id,
        "status": lead.status,
        "source": lead.source,
        "partner_id": lead.partner_id,
        "campaign_code": lead.campaign_code,
        "owner_id": lead.owner_id,
        "customer_id": lead.customer_id,
        "opportunity_id": lead.opportunity_id,
        "disqualify_reason": lead.disqualify_reason,
        "received_at": lead.received_at,
        "matched_at": lead.matched_at,
        "qualified_at": lead.qualified_at,
        "closed_at": lead.closed_at,
        "moves": [
            {
                "from_customer_id": move.from_customer_id,
                "to_customer_id": move.to_customer_id,
                "reason": move.reason,
                "by": move.by,
                "at": move.at,
            }
            for move in lead.moves
        ],
        "updated_at": lead.updated_at,
    }
    return events.announce(
        type, topic=LEAD_TOPIC, subject=lead.id, customer_id=customer_id or lead.customer_id, data=data, cause=cause
    )


def _opportunity(type: str, opportunity: Opportunity, **more: str) -> Announcement:
    data = {
        "opportunity_id": opportunity.id,
        "customer_id": opportunity.customer_id,
        "stage": opportunity.stage,
        "amount": _money(opportunity.amount),
        "lines": [_line(line) for line in opportunity.lines],
        "expected_close_on": _day(opportunity.expected_close_on),
        "engaged_on": _day(opportunity.engaged_on),
        "closed_on": _day(opportunity.closed_on),
        "lost_reason": opportunity.lost_reason,
        "source": opportunity.source,
        "campaign_code": opportunity.campaign_code,
        "partner_id": opportunity.partner_id,
        "lead_id": opportunity.lead_id,
        "owner_id": opportunity.owner_id,
        "stage_since": opportunity.history[-1].at,
        "created_at": opportunity.created_at,
        "updated_at": opportunity.updated_at,
    }
    return events.announce(
        type, topic=OPPORTUNITY_TOPIC, subject=opportunity.id, customer_id=opportunity.customer_id, data=data | more
    )


def _order(type: str, order: Order) -> Announcement:
    data = {
        "order_id": order.id,
        "number": order.number,
        "status": order.status,
        "customer_id": order.customer_id,
        "opportunity_id": order.opportunity_id,
        "campaign_code": order.campaign_code,
        "partner_id": order.partner_id,
        "source": order.source,
        "owner_id": order.owner_id,
        "lines": [_line(line) for line in order.lines],
        "total": _money(order.total),
        "cancel_reason": order.cancel_reason,
        "placed_at": order.placed_at,
        "confirmed_at": order.confirmed_at,
        "shipped_at": order.shipped_at,
        "completed_at": order.completed_at,
        "cancelled_at": order.cancelled_at,
        "updated_at": order.updated_at,
    }
    return events.announce(type, topic=ORDER_TOPIC, subject=order.id, customer_id=order.customer_id, data=data)


def _line(line: Line) -> dict:
    return {
        "product_id": line.product_id,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": _money(line.unit_price),
    }


def _money(money: Money) -> dict:
    return {"amount": money.amount, "currency": money.currency}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
