"""Partners over HTTP: list, read and add."""

from flask import Blueprint, Response

from services.sales.api import views
from services.sales.api.roles import PARTNER_READERS, PARTNER_WRITERS
from services.sales.api.schemas import CreatePartner
from services.sales.commands import partners as commands
from services.sales.repositories import partners
from shared import aggregates, http, limits
from shared.auth import requires

blueprint = Blueprint("partners", __name__)

_CREATE = CreatePartner()


def created_answer(document: dict) -> Response:
    location = f"/v1/partners/{document['_id']}"
    return http.answer(views.partner(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/partners")
@requires(PARTNER_READERS)
@limits.query(*limits.PAGE)
def list_partners() -> Response:
    limit, cursor = http.page_args()
    page = partners.page(limit=limit, cursor=cursor)
    return http.answer({"items": [views.partner(document) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/partners")
@requires(PARTNER_WRITERS)
@http.idempotent(partners.COLLECTION, created_answer)
def create_partner() -> Response:
    return created_answer(aggregates.to_document(commands.create_partner(**http.json_body(_CREATE))))


@blueprint.get("/v1/partners/<partner_id>")
@requires(PARTNER_READERS)
def get_partner(partner_id: str) -> Response:
    partner = partners.get(partner_id)
    return http.answer(views.partner(aggregates.to_document(partner)), version=partner.version)
