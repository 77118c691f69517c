"""Partner intake over HTTP: one lead, a batch of leads, and what became of them."""

from urllib.parse import quote

from flask import Blueprint, Response

from services.sales.api import views
from services.sales.api.partner_access import by_key, country_of, own_partner, tell_pace
from services.sales.api.roles import PARTNERS
from services.sales.api.schemas import LeadBatch
from services.sales.commands import partner_leads as commands
from services.sales.commands.partner_leads import CREATED, EXISTING, INVALID
from services.sales.domain.lead import STATUSES, differences
from services.sales.repositories import leads
from shared import aggregates, http, limits
from shared.auth import authenticated_by
from shared.problems import NotFound

blueprint = Blueprint("partner_leads", __name__)
blueprint.after_request(tell_pace)

_BATCH = LeadBatch()


def created_answer(document: dict) -> Response:
    location = f"/v1/partners/{document['partner_id']}/leads/{quote(document['external_id'], safe='')}"
    return http.answer(views.partner_lead(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/partners/<partner_id>/leads")
@authenticated_by("partnerKey", by_key, or_roles=PARTNERS)
@own_partner
@limits.query("status", *limits.PAGE)
def list_partner_leads(partner_id: str) -> Response:
    limit, cursor = http.page_args()
    criteria = {"partner_id": partner_id}
    if status := http.choice_arg("status", STATUSES):
        criteria["status"] = status
    page = leads.page(criteria, text=None, limit=limit, cursor=cursor)
    return http.answer({"items": [views.partner_lead(document) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/partners/<partner_id>/leads")
@authenticated_by("partnerKey", by_key, or_roles=PARTNERS)
@own_partner
@http.idempotent(leads.COLLECTION, created_answer)
def submit_partner_lead(partner_id: str) -> Response:
    lead, enquiry, status = commands.submit_lead(partner_id, http.json_object(), country=country_of(partner_id))
    document = aggregates.to_document(lead)
    if status == CREATED:
        return created_answer(document)
    body = views.partner_lead(document) | {"differences": differences(lead, enquiry)}
    return http.answer(body, version=lead.version)


@blueprint.post("/v1/partners/<partner_id>/leads/batch")
@authenticated_by("partnerKey", by_key, or_roles=PARTNERS)
@own_partner
@limits.batch
@http.idempotent_by("an external_id is always the same lead: the same batch again creates nothing")
def submit_partner_leads(partner_id: str) -> Response:
    results = commands.submit_leads(partner_id, http.json_body(_BATCH)["leads"], country=country_of(partner_id))
    statuses = [result.status for result in results]
    counts = {status: statuses.count(status) for status in (CREATED, EXISTING, INVALID)}
    rows = [views.partner_lead_row(row, result) for row, result in enumerate(results)]
    return http.answer({"results": rows, **counts})


@blueprint.get("/v1/partners/<partner_id>/leads/<path:external_id>")
@authenticated_by("partnerKey", by_key, or_roles=PARTNERS)
@own_partner
def get_partner_lead(partner_id: str, external_id: str) -> Response:
    lead = leads.find_by_external_ids(partner_id, [external_id]).get(external_id)
    if lead is None:
        raise NotFound("You have sent no lead with this external_id. Check it, or look for it in your list.")
    return http.answer(views.partner_lead(aggregates.to_document(lead)), version=lead.version)
