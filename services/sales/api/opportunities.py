"""Opportunities over HTTP: list, read, open, change, move and reopen."""

from flask import Blueprint, Response

from services.sales.api import filters, views
from services.sales.api.roles import IMPORTERS, SALES_READERS, SALES_WRITERS
from services.sales.api.schemas import ChangeOpportunity, CreateOpportunity, MoveOpportunity, ReopenOpportunity
from services.sales.commands import access
from services.sales.commands import opportunities as commands
from services.sales.commands.opportunities import NewOpportunity
from services.sales.domain.opportunity import STAGES, Opportunity
from services.sales.repositories import customers, opportunities, owned
from shared import aggregates, http, limits
from shared.auth import principal, requires

blueprint = Blueprint("opportunities", __name__)

_CREATE, _CHANGE, _MOVE, _REOPEN = CreateOpportunity(), ChangeOpportunity(), MoveOpportunity(), ReopenOpportunity()


def opportunity_view(document: dict) -> dict:
    return views.opportunity(document, customers.names([document["customer_id"]]))


def opportunity_answer(document: dict) -> Response:
    return http.answer(opportunity_view(document), version=document["version"])


def created_answer(document: dict) -> Response:
    location = f"/v1/opportunities/{document['_id']}"
    return http.answer(opportunity_view(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/opportunities")
@requires(SALES_READERS | IMPORTERS)
@limits.query("stage", "owner", "customer_id", "campaign_code", "source", *limits.PAGE)
def list_opportunities() -> Response:
    limit, cursor = http.page_args()
    criteria = filters.without_none(
        {
            "stage": http.choice_arg("stage", STAGES),
            "customer_id": filters.text("customer_id"),
            "campaign_code": filters.code("campaign_code"),
            "source": filters.slug("source"),
        }
    ) | owned.by(filters.text("owner"), principal())
    page = opportunities.page(criteria, limit=limit, cursor=cursor)
    names = customers.names(document["customer_id"] for document in page["items"])
    rows = [views.opportunity(document, names) for document in page["items"]]
    return http.answer({"items": rows, "next": page["next"]})


@blueprint.post("/v1/opportunities")
@requires(SALES_WRITERS | IMPORTERS)
@http.idempotent(opportunities.COLLECTION, created_answer, allow=access.check_document)
def create_opportunity() -> Response:
    new = NewOpportunity(**http.json_body(_CREATE))
    opportunity, is_new = commands.create_opportunity(new, caller=principal())
    document = aggregates.to_document(opportunity)
    return created_answer(document) if is_new else opportunity_answer(document)


@blueprint.get("/v1/opportunities/<opportunity_id>")
@requires(SALES_READERS)
def get_opportunity(opportunity_id: str) -> Response:
    opportunity = opportunities.get(opportunity_id)
    access.check(opportunity, principal())
    return _answer(opportunity)


@blueprint.patch("/v1/opportunities/<opportunity_id>")
@requires(SALES_WRITERS)
def change_opportunity(opportunity_id: str) -> Response:
    expected = http.require_if_match()
    changes = http.json_body(_CHANGE)
    return _answer(commands.change_opportunity(opportunity_id, changes, caller=principal(), expected=expected))


@blueprint.post("/v1/opportunities/<opportunity_id>/move")
@requires(SALES_WRITERS)
@http.idempotent(opportunities.COLLECTION, opportunity_answer, allow=access.check_document)
def move_opportunity(opportunity_id: str) -> Response:
    body = http.json_body(_MOVE)
    return _answer(commands.move_opportunity(opportunity_id, **body, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/opportunities/<opportunity_id>/reopen")
@requires(SALES_WRITERS)
@http.idempotent(opportunities.COLLECTION, opportunity_answer, allow=access.check_document)
def reopen_opportunity(opportunity_id: str) -> Response:
    stage = http.json_body(_REOPEN)["stage"]
    return _answer(commands.reopen_opportunity(opportunity_id, stage, caller=principal(), expected=http.if_match()))


def _answer(opportunity: Opportunity) -> Response:
    return opportunity_answer(aggregates.to_document(opportunity))
