"""The timeline: what an event adds to it. An entry has the event's id, so an event adds itself once only."""

from collections.abc import Iterable
from datetime import datetime

from services.reporting.projections.kinds import INTERACTION_FACTS, KINDS, facts_of, kind_of
from services.reporting.projections.source import lag_ms, text_of
from shared import clock
from shared.events import Event


def entry_of(event: Event, applied_at: datetime) -> dict | None:
    """The entry as the API answers it, or None for an event without a place on a timeline.

    Older events of a customer are compacted away in the log, and a rebuild must make the same entries. So a customer's
    events add one entry only, the registration, and each of them can add it because all of them say when that was.
    """
    kind = kind_of(event)
    entry = {
        "id": event.id,
        "at": text_of(event.time),
        "kind": kind,
        "type": event.type,
        "channel": None,
        "subject": event.subject,
        "version": event.version,
        "actor": event.actor,
        "applied_at": text_of(applied_at),
        "lag_ms": lag_ms(event, applied_at),
    }
    if kind == "customer":
        return entry | {
            "id": f"{event.subject}:1",
            "at": _time(event.data["created_at"]),
            "type": "customer.customer.registered",
            "version": 1,
            "actor": None,
            "facts": facts_of(event.data, ("kind",)),
        }
    if kind == "interaction":
        at, facts = _time(event.data["occurred_at"]), facts_of(event.data, INTERACTION_FACTS)
        return entry | {"at": at, "channel": event.data["channel"], "facts": facts}
    if kind in KINDS:
        facts = {"status": event.data[KINDS[kind].status]} | facts_of(event.data, KINDS[kind].facts)
        return entry | {"channel": "call" if kind == "call" else None, "facts": facts}
    return None


def newest_first(entries: Iterable[dict]) -> list[dict]:
    return sorted(entries, key=lambda entry: (entry["at"], entry["id"]), reverse=True)


def _time(text: str) -> str:
    return clock.to_json(clock.from_json(text))
