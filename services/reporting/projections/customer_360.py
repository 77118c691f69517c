"""The projector: one batch of events becomes changes of the views, the timeline, the counters by day and the freshness.

All of it is written in the batch's transaction. An event that has its entry on the timeline was applied before and is
dropped; events of customers and campaigns are told apart by their versions instead, because the log keeps only their
latest. So the result depends on the set of the events and not on their order.
"""

from collections import defaultdict, deque
from datetime import datetime

from services.reporting.projections import daily as counting
from services.reporting.projections.fold import Items, distinct, fold, parts_to_fold
from services.reporting.projections.kinds import KINDS, kind_of
from services.reporting.projections.source import lag_ms, source_of
from services.reporting.projections.timeline import entry_of
from services.reporting.repositories import (
    campaigns,
    daily,
    freshness,
    overflow_items,
    rebuilds,
    timeline,
    views,
)
from services.reporting.repositories.field_names import key_of
from services.reporting.repositories.views import Changes
from shared import clock
from shared.events import Event

SAMPLES_OF_A_BATCH = 5


def apply(events: list[Event]) -> None:
    """Raises AutoReconnect during a switch, and for an event that cannot be applied ValueError or the like."""
    rebuilds.refuse_during_switch()
    at = clock.now()
    batch = distinct(checked(event) for event in events)
    _apply_campaigns([event for event in batch if kind_of(event) == "campaign"], at)
    _apply_to_customers([event for event in batch if kind_of(event) != "campaign"], at)
    _note_freshness(batch, at)


def checked(event: Event) -> Event:
    """What all else relies on. Raises ValueError, KeyError or TypeError."""
    texts = (event.id, event.subject) if event.customer_id is None else (event.id, event.subject, event.customer_id)
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("id, subject and customerid must be texts")
    if type(event.version) is not int or event.version < 1:
        raise ValueError("version must be a whole number from 1")
    if event.time.tzinfo is None:
        raise ValueError("time must have a time zone")
    if (kind := KINDS.get(kind_of(event))) is not None:
        # Also where a newer event of the record is in the batch, so that it does not depend on the batch what is refused.
        status = event.data[kind.status]
        deque(kind.counts(status, status not in kind.closed, event.data), maxlen=0)
    return event


def _apply_to_customers(events: list[Event], at: datetime) -> None:
    entries = {event.id: entry_of(event, at) for event in events}
    known = timeline.known({entry["id"] for entry in entries.values()})
    fresh = [event for event in events if kind_of(event) == "customer" or event.id not in known]
    new: dict[str | None, dict[str, dict]] = defaultdict(dict)
    by_customer: dict[str, list[Event]] = defaultdict(list)
    for event in fresh:
        if (entry := entries[event.id])["id"] not in known:
            new[event.customer_id][entry["id"]] = entry
        if event.customer_id is not None:
            by_customer[event.customer_id].append(event)
    timeline.insert(new)
    daily.add(_counts_by_day(fresh))
    changes = _folded(by_customer, new, at)
    views.change(changes)
    overflow_items.move(changes)


def _folded(
    by_customer: dict[str, list[Event]], new_entries: dict[str | None, dict[str, dict]], at: datetime
) -> dict[str, Changes]:
    kinds = {kind_of(event) for of_customer in by_customer.values() for event in of_customer}
    stored = views.find_parts(by_customer, {part for kind in kinds for part in parts_to_fold(kind)})
    changes = {}
    for customer_id, events in by_customer.items():
        view = stored.get(customer_id, {})
        entries = list(new_entries.get(customer_id, {}).values())
        overflow = _overflow(customer_id, view, events)
        changes[customer_id] = fold(view, events, entries=entries, applied_at=at, overflow=overflow)
    return changes


def _overflow(customer_id: str, view: dict, events: list[Event]) -> dict[str, Items]:
    """What the fold must know of the records outside the view; nothing for the many customers who have none there."""
    touched: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if (kind := KINDS.get(kind_of(event))) and view.get(kind.block, {}).get("overflow"):
            touched[kind.block].add(key_of(event.subject))
    return {
        block: overflow_items.find(
            customer_id, block, keys=keys, highest=len(keys & view[block].get("items", {}).keys())
        )
        for block, keys in touched.items()
    }


def _counts_by_day(events: list[Event]) -> dict[tuple[str, int], dict[str, int]]:
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for event in events:
        if (counted := counting.counts_of(event)) is not None:
            day, added = counted
            for name, amount in added.items():
                counts[day, event.partition][name] += amount
    return counts


def _apply_campaigns(events: list[Event], at: datetime) -> None:
    if not events:
        return
    for event in events:
        if not all(isinstance(event.data[name], str) for name in ("code", "status")):
            raise ValueError("code and status of a campaign must be texts")
    campaigns.keep_newest(
        [
            {
                "_id": event.subject,
                "version": event.version,
                "code": event.data["code"],
                "status": event.data["status"],
                "source": source_of(event, at),
            }
            for event in events
        ]
    )


def _note_freshness(events: list[Event], at: datetime) -> None:
    by_place: dict[int, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        by_place[event.partition][event.topic].append(event)
    freshness.add(
        {
            partition: {
                topic: (source_of(of_topic[-1], at), _samples(of_topic, at)) for topic, of_topic in topics.items()
            }
            for partition, topics in by_place.items()
        }
    )


def _samples(events: list[Event], at: datetime) -> list[dict]:
    """How long these events took, or evenly spread ones of them when there are many."""
    step = -(-len(events) // SAMPLES_OF_A_BATCH)
    return [{"at": at, "ms": lag_ms(event, at)} for event in events[::step]]
