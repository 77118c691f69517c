"""The leads inbox over HTTP: list, read, enter, assign, qualify, disqualify and convert."""

from flask import Blueprint, Response

from services.sales.api import filters, views
from services.sales.api.opportunities import opportunity_view
from services.sales.api.roles import LEAD_READERS, SALES_WRITERS
from services.sales.api.schemas import AssignLead, ConvertLead, CreateLead, DisqualifyLead, ReassignLead
from services.sales.commands import access
from services.sales.commands import leads as commands
from services.sales.commands.leads import Conversion
from services.sales.domain.lead import SOURCES, STATUSES, Lead
from services.sales.repositories import customers, leads, opportunities, owned
from shared import aggregates, http, limits
from shared.auth import principal, requires

blueprint = Blueprint("leads", __name__)

_CREATE, _ASSIGN, _REASSIGN = CreateLead(), AssignLead(), ReassignLead()
_DISQUALIFY, _CONVERT = DisqualifyLead(), ConvertLead()


def lead_view(document: dict) -> dict:
    return views.lead(document, customers.names([document["customer_id"]]))


def lead_answer(document: dict) -> Response:
    return http.answer(lead_view(document), version=document["version"])


def created_answer(document: dict) -> Response:
    location = f"/v1/leads/{document['_id']}"
    return http.answer(lead_view(document), 201, version=document["version"], location=location)


def converted_answer(document: dict) -> Response:
    opportunity = aggregates.to_document(opportunities.get(document["opportunity_id"]))
    return http.answer(
        {"lead": lead_view(document), "opportunity": opportunity_view(opportunity)}, version=document["version"]
    )


@blueprint.get("/v1/leads")
@requires(LEAD_READERS)
@limits.query("status", "source", "partner_id", "campaign_code", "owner", "q", *limits.PAGE)
def list_leads() -> Response:
    limit, cursor = http.page_args()
    criteria = filters.without_none(
        {
            "status": http.choice_arg("status", STATUSES),
            "source": http.choice_arg("source", SOURCES),
            "partner_id": filters.slug("partner_id"),
            "campaign_code": filters.code("campaign_code"),
        }
    ) | owned.by(filters.text("owner"), principal())
    page = leads.page(criteria, text=filters.text("q"), limit=limit, cursor=cursor)
    names = customers.names(document["customer_id"] for document in page["items"])
    return http.answer({"items": [views.lead(document, names) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/leads")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, created_answer, allow=access.check_document)
def create_lead() -> Response:
    lead = commands.create_lead(caller=principal(), **http.json_body(_CREATE))
    return created_answer(aggregates.to_document(lead))


@blueprint.get("/v1/leads/<lead_id>")
@requires(LEAD_READERS)
def get_lead(lead_id: str) -> Response:
    lead = leads.get(lead_id)
    access.check(lead, principal())
    return _answer(lead)


@blueprint.post("/v1/leads/<lead_id>/assign")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, lead_answer, allow=access.check_document)
def assign_lead(lead_id: str) -> Response:
    owner_id = http.json_body(_ASSIGN)["owner_id"]
    return _answer(commands.assign_lead(lead_id, owner_id, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/leads/<lead_id>/reassign")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, lead_answer, allow=access.check_document)
def reassign_lead(lead_id: str) -> Response:
    body = http.json_body(_REASSIGN)
    return _answer(commands.reassign_lead(lead_id, **body, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/leads/<lead_id>/qualify")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, lead_answer, allow=access.check_document)
def qualify_lead(lead_id: str) -> Response:
    return _answer(commands.qualify_lead(lead_id, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/leads/<lead_id>/disqualify")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, lead_answer, allow=access.check_document)
def disqualify_lead(lead_id: str) -> Response:
    reason = http.json_body(_DISQUALIFY)["reason"]
    return _answer(commands.disqualify_lead(lead_id, reason, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/leads/<lead_id>/convert")
@requires(SALES_WRITERS)
@http.idempotent(leads.COLLECTION, converted_answer, allow=access.check_document)
def convert_lead(lead_id: str) -> Response:
    conversion = Conversion(**http.json_body(_CONVERT))
    lead, _ = commands.convert_lead(lead_id, conversion, caller=principal(), expected=http.if_match())
    return converted_answer(aggregates.to_document(lead))


def _answer(lead: Lead) -> Response:
    return lead_answer(aggregates.to_document(lead))
