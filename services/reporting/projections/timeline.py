"""The timeline: what an event adds to it. An entry has the event's id, so an event adds itself once only."""

from collections.abc import Iterable
from datetime import datetime

from services.reporting.projections.kinds import INTERACTION_FACTS, KINDS, facts_of, is_left, kind_of
from services.reporting.projections.moments import moment_of
from services.reporting.projections.source import lag_ms, text_of
from shared import clock
from shared.events import Event


def entry_of(event: Event, applied_at: datetime) -> dict | None:
    """The entry as the API answers it, or None for an event without a place on a timeline.

    Older events of a customer are compacted away in the log, and a rebuild must make the same entries. So a customer's
    events add one entry only, the registration, and each of them can add it because all of them say when that was.
    """
    kind, data = kind_of(event), event.data
    id, type, version, actor = event.id, event.type, event.version, event.actor
    at, channel = text_of(moment_of(event)), None
    if kind == "customer":
        id, type, version, actor = f"{event.subject}:1", "customer.customer.registered", 1, None
        at, facts = _time(data["created_at"]), facts_of(data, ("kind",))
    elif kind == "interaction":
        at, channel, facts = _time(data["occurred_at"]), data["channel"], facts_of(data, INTERACTION_FACTS)
    elif kind in KINDS:
        channel = "call" if kind == "call" else None
        facts = {"status": data[KINDS[kind].status], **facts_of(data, KINDS[kind].facts)}
        if is_left(event):
            facts["customer_id"] = data["customer_id"]
    else:
        return None
    return {
        "id": id,
        "at": at,
        "kind": kind,
        "type": type,
        "channel": channel,
        "subject": event.subject,
        "version": version,
        "actor": actor,
        "facts": facts,
        "applied_at": text_of(applied_at),
        "lag_ms": lag_ms(event, applied_at),
    }


def newest_first(entries: Iterable[dict]) -> list[dict]:
    return sorted(entries, key=lambda entry: (entry["at"], entry["id"]), reverse=True)


def _time(text: str) -> str:
    return clock.to_json(clock.from_json(text))
