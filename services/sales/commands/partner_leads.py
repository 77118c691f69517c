"""Partner intake: one lead, or a batch of them. The same external id of a partner is always the same lead."""

from dataclasses import dataclass, field

from services.sales import events
from services.sales.domain import lead as rules
from services.sales.domain import partner
from services.sales.domain.enquiry import Enquiry
from services.sales.domain.lead import PARTNER, Lead
from services.sales.repositories import leads
from shared import clock, ids
from shared.aggregates import Duplicate
from shared.events import Announcement
from shared.problems import FieldError, Invalid

CREATED, EXISTING, INVALID = "created", "existing", "invalid"


@dataclass(slots=True)
class Row:
    """What became of one row of a batch; `differences` are the fields in which it says something else than the lead."""

    external_id: str | None
    status: str
    enquiry: Enquiry | None = None
    lead: Lead | None = None
    differences: list[str] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def submit_lead(partner_id: str, row: dict, *, country: str) -> tuple[Lead, Enquiry, str]:
    """The lead of this row, what the row says, and `created` or `existing`. Raises Invalid."""
    external_id, enquiry = partner.read_lead(row, country=country)
    lead = _receive(partner_id, external_id, enquiry)
    try:
        return leads.insert(lead, announce=_announcements(lead)), enquiry, CREATED
    except Duplicate as duplicate:
        if duplicate.index != leads.EXTERNAL_ID:
            raise
    return leads.find_by_external_ids(partner_id, [external_id])[external_id], enquiry, EXISTING


def submit_leads(partner_id: str, rows: list, *, country: str) -> list[Row]:
    """What became of each row. All new leads go in together; a row that is wrong does not affect the others."""
    results: list[Row] = []
    fresh: dict[str, tuple[Lead, Row]] = {}
    for row in rows:
        try:
            external_id, enquiry = partner.read_lead(row, country=country)
        except Invalid as problem:
            results.append(Row(_external_id(row), INVALID, errors=problem.errors))
            continue
        result = Row(external_id, EXISTING, enquiry)
        results.append(result)
        if external_id not in fresh:
            fresh[external_id] = (_receive(partner_id, external_id, enquiry), result)
    _store(partner_id, fresh)
    for result in results:
        if result.status == EXISTING:
            result.lead = fresh[result.external_id][1].lead
            result.differences = rules.differences(result.lead, result.enquiry)
    return results


def _store(partner_id: str, fresh: dict[str, tuple[Lead, Row]]) -> None:
    """Insert the leads and note in each row which lead it is now."""
    outcomes = leads.insert_many([(lead, _announcements(lead)) for lead, _ in fresh.values()])
    known_before = []
    for (lead, result), duplicate in zip(fresh.values(), outcomes, strict=True):
        if duplicate is None:
            result.lead, result.status = lead, CREATED
        else:
            known_before.append(lead.external_id)
    if known_before:
        for external_id, lead in leads.find_by_external_ids(partner_id, known_before).items():
            fresh[external_id][1].lead = lead


def _receive(partner_id: str, external_id: str, enquiry: Enquiry) -> Lead:
    return rules.receive(
        enquiry, id=ids.new_id(), source=PARTNER, at=clock.now(), partner_id=partner_id, external_id=external_id
    )


def _announcements(lead: Lead) -> list[Announcement]:
    return [events.lead_received(lead), events.intake_received(lead)]


def _external_id(row: object) -> str | None:
    """The id of a row that is wrong, for the partner to find it again."""
    external_id = row.get("external_id") if isinstance(row, dict) else None
    return external_id[: partner.MAX_EXTERNAL_ID] if isinstance(external_id, str) else None
