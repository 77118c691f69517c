"""GET what happened by day."""

from datetime import date, timedelta

from flask import Blueprint, Response, request

from services.reporting.api import roles
from services.reporting.api.shapes import by_channel, money_list
from services.reporting.projections.daily import CHANNELS, COUNTERS, VALUES
from services.reporting.repositories import daily
from shared import clock, http, limits
from shared.auth import requires
from shared.problems import FieldError, Invalid

blueprint = Blueprint("dashboards", __name__)

DEFAULT_DAYS, MAX_DAYS = 30, 366


@blueprint.get("/v1/dashboards/daily")
@requires(roles.DASHBOARDS)
@limits.query("from", "to", "days")
def get_daily_dashboard() -> Response:
    first, last = _range()
    counts = daily.between(first.isoformat(), last.isoformat())
    total: dict = {}
    for of_day in counts.values():
        daily.add_to(total, of_day)
    days = [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]
    return http.answer(
        {
            "from": first,
            "to": last,
            "time_zone": clock.business_zone().key,
            "days": [{"day": day} | _counts(counts.get(day, {})) for day in days],
            "total": _counts(total),
        }
    )


def _counts(counts: dict) -> dict:
    """Every counter, with zero where nothing was counted."""
    return (
        {name: counts.get(name, 0) for name in COUNTERS}
        | {name: money_list(counts.get(name, {})) for name in VALUES}
        | {CHANNELS: by_channel(counts.get(CHANNELS, {}))}
    )


def _range() -> tuple[date, date]:
    """The first and the last day. Raises Invalid."""
    number, first, last = http.whole_arg("days", most=MAX_DAYS), _day("from"), _day("to") or clock.today()
    if number is not None and first is not None:
        raise Invalid([FieldError("days", "one-of", "Give `from` or `days`, not both.")])
    if first is None:
        number = number or DEFAULT_DAYS
        first = max(last, date.min + timedelta(days=number)) - timedelta(days=number - 1)
    if first > last:
        raise Invalid([FieldError("from", "order", "Must not be after `to`.")])
    if (last - first).days >= MAX_DAYS:
        raise Invalid([FieldError("from", "range", f"Ask for at most {MAX_DAYS} days at once.")])
    return first, last


def _day(name: str) -> date | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Invalid([FieldError(name, "date", "Must be a day such as 2027-03-02.")]) from problem
