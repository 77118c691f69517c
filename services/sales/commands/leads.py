"""Leads: enter, assign, qualify, disqualify and convert."""

from dataclasses import dataclass
from datetime import date

from services.sales import events
from services.sales.commands import access
from services.sales.commands.lines import NewLine, price
from services.sales.domain import lead as rules
from services.sales.domain.enquiry import Enquiry
from services.sales.domain.lead import Lead
from services.sales.domain.opportunity import Opportunity, of_lead, worth
from services.sales.repositories import customers, leads, opportunities
from shared import clock, ids, mongo
from shared.auth import Principal
from shared.text.money import Money

UNKNOWN_AMOUNT = Money(0, "CNY")


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What a caller says about the opportunity that a lead becomes.

    `customer_id` is whose it is, if not that of the customer whom the lead was matched with; `reason` says why.
    """

    customer_id: str | None = None
    reason: str = "other"
    name: str | None = None
    amount: Money | None = None
    lines: list[NewLine] | None = None
    expected_close_on: date | None = None


def create_lead(enquiry: Enquiry, *, source: str, owner_id: str | None, caller: Principal) -> Lead:
    owner_id = access.owner(owner_id, caller)
    lead = rules.receive(enquiry, id=ids.new_id(), source=source, at=clock.now(), owner_id=owner_id)
    return leads.insert(lead, announce=[events.lead_received(lead), events.intake_received(lead)])


def assign_lead(lead_id: str, owner_id: str, *, caller: Principal, expected: int | None) -> Lead:
    lead = _load(lead_id, caller, expected)
    lead = lead.assign(access.owner(owner_id, caller) or owner_id, at=clock.now())
    return leads.save(lead, announce=[events.lead_assigned(lead)])


def qualify_lead(lead_id: str, *, caller: Principal, expected: int | None) -> Lead:
    lead = _load(lead_id, caller, expected).qualify(at=clock.now())
    return leads.save(lead, announce=[events.lead_qualified(lead)])


def disqualify_lead(lead_id: str, reason: str, *, caller: Principal, expected: int | None) -> Lead:
    lead = _load(lead_id, caller, expected).disqualify(reason, at=clock.now())
    return leads.save(lead, announce=[events.lead_disqualified(lead)])


def reassign_lead(lead_id: str, customer_id: str, reason: str, *, caller: Principal, expected: int | None) -> Lead:
    """Raises NotFound, PreconditionFailed, and Conflict for a customer who is not known or a lead that is converted."""
    return _reassigned(_load(lead_id, caller, expected), customer_id, reason, caller=caller)


def _reassigned(lead: Lead, customer_id: str, reason: str, *, caller: Principal) -> Lead:
    """A lead that is this customer's already is left as it is."""
    if customer_id == lead.customer_id:
        return lead
    customers.require(customer_id)
    moved = lead.reassign(customer_id, reason=reason, by=caller.id, at=clock.now())
    return leads.save(moved, announce=events.lead_reassigned(moved))


@mongo.transactional
def convert_lead(
    lead_id: str, conversion: Conversion, *, caller: Principal, expected: int | None
) -> tuple[Lead, Opportunity]:
    """The lead is moved to the customer named, converted, and its opportunity opened together, or nothing is."""
    at = clock.now()
    lead = _load(lead_id, caller, expected)
    if conversion.customer_id is not None:
        lead.require_open("converted")
        lead = _reassigned(lead, conversion.customer_id, conversion.reason, caller=caller)
    lead = lead.convert(ids.new_id(), at=at)
    lines = price(conversion.lines or [])
    opportunity = of_lead(
        lead,
        name=conversion.name,
        amount=worth(conversion.amount or (None if lines else UNKNOWN_AMOUNT), lines),
        lines=lines,
        expected_close_on=conversion.expected_close_on,
        at=at,
        today=clock.business_date(at),
        by=caller.id,
    )
    lead = leads.save(lead, announce=[events.lead_converted(lead)])
    return lead, opportunities.insert(opportunity, announce=[events.opportunity_opened(opportunity)])


def _load(lead_id: str, caller: Principal, expected: int | None) -> Lead:
    lead = leads.get(lead_id)
    access.check(lead, caller, expected=expected)
    return lead
