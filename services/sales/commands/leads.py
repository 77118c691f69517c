"""Leads: enter, assign, qualify, disqualify and convert."""

from datetime import date

from services.sales import events
from services.sales.commands import access
from services.sales.commands.lines import NewLine, price
from services.sales.domain import lead as rules
from services.sales.domain import line
from services.sales.domain.enquiry import Enquiry
from services.sales.domain.lead import Lead
from services.sales.domain.money import Money
from services.sales.domain.opportunity import QUALIFICATION, Opportunity, StageEntry
from services.sales.repositories import customers, leads, opportunities
from shared import clock, ids, mongo
from shared.auth import Principal

UNKNOWN_AMOUNT = Money(0, "CNY")


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


@mongo.transactional
def convert_lead(
    lead_id: str,
    *,
    caller: Principal,
    expected: int | None,
    customer_id: str | None = None,
    name: str | None = None,
    amount: Money | None = None,
    lines: list[NewLine] | None = None,
    expected_close_on: date | None = None,
) -> tuple[Lead, Opportunity]:
    """The lead is converted and its opportunity opened together, or neither is."""
    at = clock.now()
    lead = _load(lead_id, caller, expected)
    if customer_id is not None and lead.customer_id is None:
        customers.require(customer_id)
        lead = lead.match(customer_id, at=at)
    lead = lead.convert(ids.new_id(), at=at)
    priced = price(lines or [])
    opportunity = Opportunity(
        id=lead.opportunity_id,
        version=1,
        customer_id=lead.customer_id,
        name=name or lead.company_name or lead.full_name,
        stage=QUALIFICATION,
        amount=amount or (line.value(priced) if priced else UNKNOWN_AMOUNT),
        lines=priced,
        expected_close_on=expected_close_on,
        engaged_on=at.date(),
        source=lead.source,
        owner_id=lead.owner_id or caller.id,
        history=[StageEntry(QUALIFICATION, at, caller.id)],
        created_at=at,
        updated_at=at,
        campaign_code=lead.campaign_code,
        partner_id=lead.partner_id,
        lead_id=lead.id,
    )
    lead = leads.save(lead, announce=[events.lead_converted(lead)])
    return lead, opportunities.insert(opportunity, announce=[events.opportunity_opened(opportunity)])


def _load(lead_id: str, caller: Principal, expected: int | None) -> Lead:
    lead = leads.get(lead_id)
    access.check(lead, caller, expected=expected)
    return lead
