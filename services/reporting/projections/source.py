"""Provenance: which event something comes from, when that happened and how long it took to be seen."""

import functools
from datetime import datetime

from shared import clock
from shared.events import Event


def source_of(event: Event, applied_at: datetime) -> dict:
    """As views keep it and the API answers it; times are texts, which sort like the times."""
    return {
        "event_id": event.id,
        "type": event.type,
        "time": text_of(event.time),
        "applied_at": text_of(applied_at),
        "lag_ms": lag_ms(event, applied_at),
    }


@functools.lru_cache(maxsize=4096)
def text_of(moment: datetime) -> str:
    """RFC 3339. An event's time is needed in several places, and the time of a batch in all of its events."""
    return clock.to_json(moment)


def lag_ms(event: Event, applied_at: datetime) -> int:
    """Whole milliseconds from happening to being seen; not below zero where two clocks differ."""
    return max(0, round((applied_at - event.time).total_seconds() * 1000))
