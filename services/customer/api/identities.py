"""Identities over HTTP: link another system's id to a customer, resolve it, and remove it."""

from flask import Blueprint, Response, request

from services.customer import commands
from services.customer.api import views
from services.customer.api.customers import answer_with, customer_answer
from services.customer.api.roles import IMPORTERS, READERS, WRITERS
from services.customer.api.schemas import LinkIdentity
from services.customer.repositories import customers
from shared import aggregates, http, limits
from shared.auth import principal, requires
from shared.problems import FieldError, Invalid

blueprint = Blueprint("identities", __name__)


@blueprint.post("/v1/identities/link")
@requires(WRITERS | IMPORTERS)
@http.idempotent(customers.COLLECTION, customer_answer)
def link_identity() -> Response:
    body = http.json_body(LinkIdentity())
    customer = commands.link_identity(
        body["customer_id"],
        source=body["source"],
        external_id=body["id"],
        evidence=body["evidence"],
        by=principal().id,
    )
    return answer_with(customer)


@blueprint.get("/v1/identities/resolve")
@requires(READERS | IMPORTERS)
@limits.query("source", "id")
def resolve_identity() -> Response:
    source, external_id = _argument("source"), _argument("id")
    document = aggregates.to_document(customers.get_by_identity(source, external_id))
    identity = next(one for one in document["identities"] if (one["source"], one["id"]) == (source, external_id))
    return http.answer({"customer": views.customer(document), "identity": identity})


@blueprint.delete("/v1/customers/<customer_id>/identities/<source>/<path:external_id>")
@requires(WRITERS)
def unlink_identity(customer_id: str, source: str, external_id: str) -> Response:
    expected = http.require_if_match()
    return answer_with(commands.unlink_identity(customer_id, source=source, external_id=external_id, expected=expected))


def _argument(name: str) -> str:
    value = request.args.get(name, "")
    if not value:
        raise Invalid([FieldError(name, "required", "Name the source and the id in it.")])
    return value
