"""GET one customer's 360-degree view and timeline."""

from flask import Blueprint, Response, request

from services.reporting.api import roles, shapes, sight
from services.reporting.projections.kinds import ENTRY_KINDS
from services.reporting.repositories import campaigns, timeline, views
from shared import http, limits
from shared.auth import principal, requires
from shared.problems import FieldError, Forbidden, Invalid, NotFound

blueprint = Blueprint("customers", __name__)

MAX_CHANNEL_LENGTH = 40


@blueprint.get("/v1/customers/<customer_id>/360")
@requires(roles.EVERYONE)
def get_customer_360(customer_id: str) -> Response:
    view = views.find(customer_id)
    if view is None:
        raise NotFound(
            f"No event has named the customer {customer_id[:100]} yet. Check the id, or wait a moment if it is new.",
            code="customer-not-seen",
        )
    answered = shapes.customer_360(view, campaigns.statuses(), sight.of(principal()))
    return http.answer(answered, version=answered["version"])


@blueprint.get("/v1/customers/<customer_id>/timeline")
@requires(roles.EVERYONE)
@limits.query("kind", "channel", *limits.PAGE)
def list_customer_timeline(customer_id: str) -> Response:
    limit, cursor = http.page_args()
    kind, seen = http.choice_arg("kind", ENTRY_KINDS), sight.of(principal())
    if kind is not None and not seen.sees(kind):
        raise Forbidden(f"Your role does not see entries of kind {kind}. Choose another kind.", code="kind-withheld")
    criteria = seen.entries(lambda: views.find(customer_id))
    page = timeline.page(customer_id, criteria, kind=kind, channel=_channel(), limit=limit, cursor=cursor)
    return http.answer(page)


def _channel() -> str | None:
    channel = request.args.get("channel")
    if channel is not None and not 1 <= len(channel) <= MAX_CHANNEL_LENGTH:
        raise Invalid([FieldError("channel", "length", f"Must have 1 to {MAX_CHANNEL_LENGTH} characters.")])
    return channel
