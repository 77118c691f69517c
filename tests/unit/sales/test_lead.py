"""A lead from received to converted or given up."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.sales.domain import lead as leads
from services.sales.domain.enquiry import Enquiry
from shared.problems import Conflict
from shared.text import search

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENQUIRY = Enquiry("张伟", "上海远大贸易", "zhang@example.com", None, "CRM", "SPRING-2026")


def new_lead() -> leads.Lead:
    return leads.receive(ENQUIRY, id="lead-1", source="partner", at=AT, partner_id="eastgate", external_id="EG-1")


def test_a_new_lead_knows_where_it_came_from():
    lead = new_lead()

    assert (lead.status, lead.version) == ("new", 1)
    assert (lead.source, lead.partner_id, lead.external_id, lead.campaign_code) == (
        "partner",
        "eastgate",
        "EG-1",
        "SPRING-2026",
    )


def test_a_qualified_lead_with_a_customer_can_be_converted():
    lead = new_lead().match("customer-1", at=AT).qualify(at=AT).convert("opportunity-1", at=LATER)

    assert (lead.status, lead.opportunity_id, lead.closed_at) == ("converted", "opportunity-1", LATER)


def test_a_lead_without_a_customer_cannot_be_converted_yet():
    with pytest.raises(Conflict) as refused:
        new_lead().convert("opportunity-1", at=LATER)

    assert refused.value.code == "customer-not-known-yet"


def test_a_lead_is_qualified_only_once():
    with pytest.raises(Conflict, match="qualified"):
        new_lead().qualify(at=AT).qualify(at=LATER)


@pytest.mark.parametrize(
    "step",
    [
        lambda lead: lead.assign("rep.li", at=LATER),
        lambda lead: lead.qualify(at=LATER),
        lambda lead: lead.disqualify("spam", at=LATER),
        lambda lead: lead.convert("opportunity-1", at=LATER),
    ],
)
def test_a_disqualified_lead_stays_as_it_is(step):
    lead = new_lead().disqualify("no-budget", at=AT)

    with pytest.raises(Conflict):
        step(lead)

    assert (lead.disqualify_reason, lead.closed_at) == ("no-budget", AT)


def test_a_repeated_lead_names_the_fields_that_differ():
    again = Enquiry("张伟", "上海远大贸易", "other@example.com", "+8613800138000", "CRM", "SPRING-2026")

    assert leads.differences(new_lead(), again) == ["email", "phone"]
    assert leads.differences(new_lead(), ENQUIRY) == []


def test_a_lead_is_found_by_its_names():
    lead = leads.receive(replace(ENQUIRY, full_name="Anna Kellner"), id="lead-1", source="partner", at=AT)

    assert lead.words == search.terms("Anna Kellner", "上海远大贸易")


def test_a_lead_that_is_given_to_another_customer_says_from_whom_by_whom_and_why():
    lead = new_lead().match("customer-1", at=AT).reassign("customer-2", reason="wrong-person", by="rep.li", at=LATER)

    assert lead.customer_id == "customer-2"
    assert lead.moves == [leads.Move("customer-1", "customer-2", "wrong-person", "rep.li", LATER)]


def test_a_lead_remembers_its_last_twenty_moves():
    lead = new_lead()
    for number in range(25):
        lead = lead.reassign(f"customer-{number}", reason="other", by="rep.li", at=LATER)

    assert [move.to_customer_id for move in lead.moves] == [f"customer-{number}" for number in range(5, 25)]


def test_a_converted_lead_stays_with_its_customer():
    lead = new_lead().match("customer-1", at=AT).convert("opportunity-1", at=LATER)

    with pytest.raises(Conflict, match="is converted"):
        lead.reassign("customer-2", reason="other", by="rep.li", at=LATER)
