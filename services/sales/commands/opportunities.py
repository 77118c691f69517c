"""Opportunities: open, change, move through the stages, reopen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.sales import events
from services.sales.commands import access
from services.sales.commands.lines import NewLine, price
from services.sales.domain import opportunity as rules
from services.sales.domain.opportunity import CLOSED_STAGES, LOST, WON, Opportunity, StageEntry
from services.sales.repositories import customers, opportunities
from shared import clock, ids
from shared.aggregates import Duplicate
from shared.auth import Principal
from shared.events import Announcement
from shared.problems import Forbidden
from shared.text.money import Money

IMPORTERS = {"admin", "importer"}


@dataclass(frozen=True, kw_only=True)
class NewOpportunity:
    """What a caller says about an opportunity that is to be opened or imported."""

    customer_id: str
    name: str
    source: str
    stage: str = rules.PROSPECTING
    amount: Money | None = None
    lines: list[NewLine] | None = None
    expected_close_on: date | None = None
    engaged_on: date | None = None
    closed_on: date | None = None
    lost_reason: str | None = None
    external_ref: str | None = None
    campaign_code: str | None = None
    owner_id: str | None = None

    @property
    def historic(self) -> bool:
        return self.stage in CLOSED_STAGES or self.engaged_on is not None or self.closed_on is not None


def create_opportunity(new: NewOpportunity, *, caller: Principal) -> tuple[Opportunity, bool]:
    """The opportunity, and whether it is new: one with the same source and external_ref may be here already."""
    if new.historic and not caller.roles & IMPORTERS:
        raise Forbidden(
            "Only an admin or importer gives engaged_on, closed_on or a closed stage. Leave them out.",
            code="import-not-allowed",
        )
    opportunity = _opportunity(new, caller)
    announce = [events.opportunity_opened(opportunity)]
    if not opportunity.open:
        announce.append(_moved(opportunity))
    try:
        return opportunities.insert(opportunity, announce=announce), True
    except Duplicate as duplicate:
        if duplicate.index != opportunities.EXTERNAL_REF:
            raise
    known = opportunities.get_by_external_ref(opportunity.source, opportunity.external_ref)
    access.check(known, caller)
    return known, False


def change_opportunity(
    opportunity_id: str, changes: dict[str, Any], *, caller: Principal, expected: int | None
) -> Opportunity:
    opportunity = _load(opportunity_id, caller, expected)
    if "owner_id" in changes:
        changes = changes | {"owner_id": access.owner(changes["owner_id"], caller)}
    if "lines" in changes:
        changes = changes | {"lines": price(changes["lines"])}
    opportunity = opportunity.change(changes, at=clock.now())
    return opportunities.save(opportunity, announce=[events.opportunity_changed(opportunity)])


def move_opportunity(
    opportunity_id: str, stage: str, *, lost_reason: str | None, caller: Principal, expected: int | None
) -> Opportunity:
    opportunity = _load(opportunity_id, caller, expected)
    at = clock.now()
    today = clock.business_date(at)
    opportunity = opportunity.move(stage, lost_reason=lost_reason, at=at, today=today, by=caller.id)
    return opportunities.save(opportunity, announce=[_moved(opportunity)])


def reopen_opportunity(opportunity_id: str, stage: str, *, caller: Principal, expected: int | None) -> Opportunity:
    opportunity = _load(opportunity_id, caller, expected).reopen(stage, at=clock.now(), by=caller.id)
    return opportunities.save(opportunity, announce=[events.opportunity_reopened(opportunity)])


def _moved(opportunity: Opportunity) -> Announcement:
    fact = {WON: events.opportunity_won, LOST: events.opportunity_lost}.get(opportunity.stage, events.opportunity_moved)
    return fact(opportunity)


def _opportunity(new: NewOpportunity, caller: Principal) -> Opportunity:
    at = clock.now()
    today = clock.business_date(at)
    customers.require(new.customer_id)
    rules.check_lost_reason(new.stage, new.lost_reason)
    engaged_on = new.engaged_on or min(new.closed_on or today, today)
    rules.check_dates(stage=new.stage, engaged_on=engaged_on, closed_on=new.closed_on)
    lines = price(new.lines or [])
    return Opportunity(
        id=ids.new_id(),
        version=1,
        customer_id=new.customer_id,
        name=new.name,
        stage=new.stage,
        amount=rules.worth(new.amount, lines),
        lines=lines,
        expected_close_on=new.expected_close_on,
        engaged_on=engaged_on,
        source=new.source,
        owner_id=access.owner(new.owner_id, caller),
        history=[StageEntry(new.stage, at, caller.id)],
        created_at=at,
        updated_at=at,
        closed_on=new.closed_on,
        lost_reason=new.lost_reason,
        external_ref=new.external_ref,
        campaign_code=new.campaign_code,
    )


def _load(opportunity_id: str, caller: Principal, expected: int | None) -> Opportunity:
    opportunity = opportunities.get(opportunity_id)
    access.check(opportunity, caller, expected=expected)
    return opportunity
