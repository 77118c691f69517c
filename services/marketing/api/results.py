"""Results over HTTP: what a campaign brought in, and the codes that no campaign has."""

from flask import Blueprint, Response

from services.marketing.api import views
from services.marketing.api.roles import READERS
from services.marketing.repositories import campaign_results, campaigns
from shared import http, limits
from shared.auth import requires

blueprint = Blueprint("results", __name__)


@blueprint.get("/v1/campaigns/<campaign_id>/results")
@requires(READERS)
def get_campaign_results(campaign_id: str) -> Response:
    campaign = campaigns.get(campaign_id)
    counted = campaign_results.find_all([campaign.code]).get(campaign.code, {})
    return http.answer(views.campaign_results(campaign.id, campaign.code, campaign.cost, counted))


@blueprint.get("/v1/unknown-campaign-codes")
@requires(READERS)
@limits.query(*limits.PAGE)
def list_unknown_campaign_codes() -> Response:
    limit, cursor = http.page_args()
    page = campaign_results.page_of_others(campaigns.codes(), limit=limit, cursor=cursor)
    return http.answer({"items": [views.unknown_code(counted) for counted in page["items"]], "next": page["next"]})
