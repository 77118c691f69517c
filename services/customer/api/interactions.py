"""Interactions over HTTP: log a touch with a customer, list a customer's, read one."""

from flask import Blueprint, Response

from services.customer import commands
from services.customer.api import views
from services.customer.api.roles import READERS, WRITERS
from services.customer.api.schemas import LogInteraction
from services.customer.repositories import customers, interactions
from shared import aggregates, http, limits
from shared.auth import principal, requires

blueprint = Blueprint("interactions", __name__)


def _created_answer(document: dict) -> Response:
    location = f"/v1/interactions/{document['_id']}"
    return http.answer(views.interaction(document), 201, version=document["version"], location=location)


@blueprint.post("/v1/interactions")
@requires(WRITERS)
@http.idempotent(interactions.COLLECTION, _created_answer)
def log_interaction() -> Response:
    interaction = commands.log_interaction(http.json_body(LogInteraction()), by=principal().id)
    return _created_answer(aggregates.to_document(interaction))


@blueprint.get("/v1/customers/<customer_id>/interactions")
@requires(READERS)
@limits.query(*limits.PAGE)
def list_customer_interactions(customer_id: str) -> Response:
    limit, cursor = http.page_args()
    customers.get(customer_id)
    page = interactions.page_of_customer(customer_id, limit=limit, cursor=cursor)
    return http.answer({"items": [views.interaction(document) for document in page["items"]], "next": page["next"]})


@blueprint.get("/v1/interactions/<interaction_id>")
@requires(READERS)
def get_interaction(interaction_id: str) -> Response:
    interaction = interactions.get(interaction_id)
    return http.answer(views.interaction(aggregates.to_document(interaction)), version=interaction.version)
