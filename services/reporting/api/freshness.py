"""GET how far the views are behind the log."""

import math
from datetime import datetime, timedelta

from flask import Blueprint, Response

from services.reporting.api import roles
from services.reporting.repositories import freshness
from shared import clock, http
from shared.auth import requires

blueprint = Blueprint("freshness", __name__)

WINDOW_SECONDS = 900


@blueprint.get("/v1/freshness")
@requires(roles.FRESHNESS)
def get_freshness() -> Response:
    now = clock.now()
    seen = freshness.all_topics()
    lag, measured_at = freshness.find_lag()
    since = now - timedelta(seconds=WINDOW_SECONDS)
    samples = {topic: _recent(seen.get(topic, []), since) for topic in sorted(lag.keys() | seen.keys())}
    topics = [
        {
            "topic": topic,
            "lag_events": lag.get(topic),
            "lag_measured_at": measured_at if topic in lag else None,
            "last_event": _last([part["last"] for part in seen.get(topic, [])]),
        }
        | _latency(samples[topic])
        for topic in samples
    ]
    overall = _latency(sorted(ms for of_topic in samples.values() for ms in of_topic))
    return http.answer({"at": now, "window_s": WINDOW_SECONDS, "overall": overall, "topics": topics})


def _recent(parts: list[dict], since: datetime) -> list[int]:
    return sorted(sample["ms"] for part in parts for sample in part["samples"] if sample["at"] >= since)


def _last(sources: list[dict]) -> dict | None:
    return max(sources, key=lambda source: (source["time"], source["event_id"]), default=None)


def _latency(ordered_ms: list[int]) -> dict:
    return {"p50_ms": _rank(ordered_ms, 0.50), "p95_ms": _rank(ordered_ms, 0.95), "samples": len(ordered_ms)}


def _rank(ordered: list[int], share: float) -> int | None:
    """The nearest-rank percentile: the smallest value that at least this share of the values does not exceed."""
    return ordered[math.ceil(len(ordered) * share) - 1] if ordered else None
