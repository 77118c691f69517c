"""Campaigns over HTTP: plan, list, read, change, start, pause and finish."""

from flask import Blueprint, Response, request

from services.marketing import commands
from services.marketing.api import views
from services.marketing.api.roles import READERS, WRITERS
from services.marketing.api.schemas import ChangeCampaign, CreateCampaign
from services.marketing.domain.campaign import CHANNELS, STATUSES, Campaign
from services.marketing.repositories import campaign_results, campaigns
from shared import aggregates, http, limits
from shared.auth import principal, requires
from shared.problems import FieldError, Invalid

MAX_SEARCH_LENGTH = 100

blueprint = Blueprint("campaigns", __name__)


def campaign_answer(document: dict) -> Response:
    return http.answer(views.campaign(document), version=document["version"])


def created_answer(document: dict) -> Response:
    return http.answer(
        views.campaign(document), 201, version=document["version"], location=f"/v1/campaigns/{document['_id']}"
    )


@blueprint.get("/v1/campaigns")
@requires(READERS)
@limits.query("status", "channel", "q", *limits.PAGE)
def list_campaigns() -> Response:
    limit, cursor = http.page_args()
    page = campaigns.page(
        status=http.choice_arg("status", STATUSES),
        channel=http.choice_arg("channel", CHANNELS),
        text=_search_text(),
        limit=limit,
        cursor=cursor,
    )
    counted = campaign_results.find_all(document["code"] for document in page["items"])
    rows = [views.campaign_row(document, counted.get(document["code"], {})) for document in page["items"]]
    return http.answer({"items": rows, "next": page["next"]})


@blueprint.post("/v1/campaigns")
@requires(WRITERS)
@http.idempotent(campaigns.COLLECTION, created_answer)
def create_campaign() -> Response:
    fields = {"owner": principal().id} | http.json_body(CreateCampaign())
    return created_answer(aggregates.to_document(commands.plan_campaign(fields)))


@blueprint.get("/v1/campaigns/<campaign_id>")
@requires(READERS)
def get_campaign(campaign_id: str) -> Response:
    return _answer(campaigns.get(campaign_id))


@blueprint.patch("/v1/campaigns/<campaign_id>")
@requires(WRITERS)
def change_campaign(campaign_id: str) -> Response:
    expected = http.require_if_match()
    return _answer(commands.change_campaign(campaign_id, http.json_body(ChangeCampaign()), expected=expected))


@blueprint.post("/v1/campaigns/<campaign_id>/start")
@requires(WRITERS)
@http.idempotent(campaigns.COLLECTION, campaign_answer)
def start_campaign(campaign_id: str) -> Response:
    return _answer(commands.start_campaign(campaign_id, expected=http.if_match()))


@blueprint.post("/v1/campaigns/<campaign_id>/pause")
@requires(WRITERS)
@http.idempotent(campaigns.COLLECTION, campaign_answer)
def pause_campaign(campaign_id: str) -> Response:
    return _answer(commands.pause_campaign(campaign_id, expected=http.if_match()))


@blueprint.post("/v1/campaigns/<campaign_id>/finish")
@requires(WRITERS)
@http.idempotent(campaigns.COLLECTION, campaign_answer)
def finish_campaign(campaign_id: str) -> Response:
    return _answer(commands.finish_campaign(campaign_id, expected=http.if_match()))


def _answer(campaign: Campaign) -> Response:
    return campaign_answer(aggregates.to_document(campaign))


def _search_text() -> str | None:
    text = request.args.get("q")
    if text is not None and not 1 <= len(text) <= MAX_SEARCH_LENGTH:
        raise Invalid([FieldError("q", "length", f"Must have 1 to {MAX_SEARCH_LENGTH} characters.")])
    return text
