"""The kanban board over HTTP: every stage with its count, its sums and its first cards."""

from datetime import date, timedelta

from flask import Blueprint, Response, request

from services.sales.api import filters, views
from services.sales.api.roles import SALES_READERS
from services.sales.domain.opportunity import STAGES
from services.sales.repositories import customers, opportunities, owned
from shared import clock, http, limits
from shared.auth import principal, requires
from shared.problems import FieldError, Invalid

CLOSED_DAYS = 90
DEFAULT_CARDS, MAX_CARDS = 25, 100

blueprint = Blueprint("pipeline", __name__)


@blueprint.get("/v1/pipeline")
@requires(SALES_READERS)
@limits.query("owner", "closed_since", "cards")
def get_pipeline() -> Response:
    criteria = owned.by(filters.text("owner"), principal())
    closed_since, limit = _closed_since(), http.whole_arg("cards", most=MAX_CARDS) or DEFAULT_CARDS
    totals = opportunities.totals(criteria, closed_since=closed_since)
    cards = {
        stage: opportunities.cards(criteria, stage=stage, closed_since=closed_since, limit=limit)
        for stage in {row["_id"]["stage"] for row in totals}
    }
    names = customers.names(card["customer_id"] for column in cards.values() for card in column)
    return http.answer(
        {"today": clock.today(), "stages": [_column(stage, totals, cards.get(stage, []), names) for stage in STAGES]}
    )


def _column(stage: str, totals: list[dict], cards: list[dict], names: dict[str, str]) -> dict:
    sums = sorted((row for row in totals if row["_id"]["stage"] == stage), key=lambda row: row["_id"]["currency"])
    return {
        "stage": stage,
        "count": sum(row["count"] for row in sums),
        "sums": [{"amount": row["amount"], "currency": row["_id"]["currency"]} for row in sums],
        "cards": [views.opportunity(card, names) for card in cards],
    }


def _closed_since() -> date:
    text = request.args.get("closed_since")
    if text is None:
        return clock.today() - timedelta(days=CLOSED_DAYS)
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Invalid([FieldError("closed_since", "date", "Must be a day such as 2026-11-22.")]) from problem
