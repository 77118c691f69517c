"""The cost ledger over HTTP: add a line, reverse a line."""

from flask import Blueprint, Response

from services.marketing import commands
from services.marketing.api.campaigns import campaign_answer, created_answer
from services.marketing.api.roles import WRITERS
from services.marketing.api.schemas import AddCost
from services.marketing.repositories import campaigns
from shared import aggregates, http
from shared.auth import principal, requires

blueprint = Blueprint("costs", __name__)


@blueprint.post("/v1/campaigns/<campaign_id>/costs")
@requires(WRITERS)
@http.idempotent(campaigns.COLLECTION, created_answer)
def add_cost(campaign_id: str) -> Response:
    fields = http.json_body(AddCost())
    campaign = commands.add_cost(campaign_id, expected=http.if_match(), by=principal().id, **fields)
    return created_answer(aggregates.to_document(campaign))


@blueprint.delete("/v1/campaigns/<campaign_id>/costs/<cost_id>")
@requires(WRITERS)
def reverse_cost(campaign_id: str, cost_id: str) -> Response:
    expected = http.require_if_match()
    campaign = commands.reverse_cost(campaign_id, cost_id, expected=expected, by=principal().id)
    return campaign_answer(aggregates.to_document(campaign))
