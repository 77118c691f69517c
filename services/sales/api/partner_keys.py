"""The keys of a partner over HTTP: list, read, make and revoke."""

from flask import Blueprint, Response

from services.sales.api import views
from services.sales.api.roles import PARTNER_WRITERS
from services.sales.commands import partners as commands
from services.sales.repositories import partner_keys, partners
from shared import aggregates, http, limits
from shared.auth import principal, requires

blueprint = Blueprint("partner_keys", __name__)


def created_answer(document: dict, key: str | None = None) -> Response:
    """`key` is there once: a replayed answer cannot show it again."""
    location = f"/v1/partners/{document['partner_id']}/keys/{document['_id']}"
    view = views.partner_key(document) | {"key": key}
    return http.answer(view, 201, version=document["version"], location=location)


@blueprint.get("/v1/partners/<partner_id>/keys")
@requires(PARTNER_WRITERS)
@limits.query(*limits.PAGE)
def list_partner_keys(partner_id: str) -> Response:
    limit, cursor = http.page_args()
    partners.get(partner_id)
    page = partner_keys.page(partner_id, limit=limit, cursor=cursor)
    return http.answer({"items": [views.partner_key(document) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/partners/<partner_id>/keys")
@requires(PARTNER_WRITERS)
@http.idempotent(partner_keys.COLLECTION, created_answer)
def create_partner_key(partner_id: str) -> Response:
    stored, key = commands.create_partner_key(partner_id, by=principal().id)
    return created_answer(aggregates.to_document(stored), key)


@blueprint.get("/v1/partners/<partner_id>/keys/<key_id>")
@requires(PARTNER_WRITERS)
def get_partner_key(partner_id: str, key_id: str) -> Response:
    key = partner_keys.get(partner_id, key_id)
    return http.answer(views.partner_key(aggregates.to_document(key)), version=key.version)


@blueprint.delete("/v1/partners/<partner_id>/keys/<key_id>")
@requires(PARTNER_WRITERS)
def revoke_partner_key(partner_id: str, key_id: str) -> Response:
    commands.revoke_partner_key(partner_id, key_id, expected=http.require_if_match())
    return http.no_content()
