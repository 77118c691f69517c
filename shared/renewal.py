"""Renewal: bring what older versions of the code derived, such as search terms, into the form of this one.

A document that is saved gets its derived fields anew anyway; this is for those that nobody saves. It may run beside the
service, be broken off and run again: a document that somebody saved meanwhile is left alone.

Copies of another service's records (`shared/copies.py`) hold too little for that, so their events are read again.
"""

from collections.abc import Callable
from typing import Any

from kafka import TopicPartition
from pymongo import UpdateOne
from pymongo.database import Database

from shared import events, kafka, mongo
from shared.aggregates import PUBLIC
from shared.consumer import Handlers, apply_batch
from shared.events import Event
from shared.settings import ServiceSettings

WINDOW = 500
POLL_MS = 500
QUIET_POLLS = 60

Derive = Callable[[dict], dict[str, Any]]
"""From a document, the derived fields by their dotted names."""


def renew(database: Database, collection: str, derive: Derive) -> tuple[int, int]:
    """How many documents were looked at, and how many of them changed. Versions stay, and nothing is announced."""
    looked_at = changed = 0
    last: dict[str, Any] = {}
    while documents := list(database[collection].find(last, PUBLIC).sort("_id").limit(WINDOW)):
        updates = [update for document in documents if (update := _update(document, derive(document))) is not None]
        if updates:
            changed += database[collection].bulk_write(updates, ordered=False).modified_count
        looked_at += len(documents)
        last = {"_id": {"$gt": documents[-1]["_id"]}}
    return looked_at, changed


def _update(document: dict, derived: dict[str, Any]) -> UpdateOne | None:
    different = {name: value for name, value in derived.items() if _at(document, name) != value}
    if not different:
        return None
    return UpdateOne({"_id": document["_id"], "version": document["version"]}, {"$set": different})


def _at(document: dict, name: str) -> Any:
    found: Any = document
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def read_again(settings: ServiceSettings, database: Database, topic: str, handlers: Handlers) -> int:
    """How many events of the topic, up to its end as it is now, were given to their handlers once more.

    The consumer goes on meanwhile. Raises KafkaError, and TimeoutError when the broker gives no more before that end.
    """
    client = kafka.consumer(settings, group=settings.topic(f"{settings.kebab}.renewal"))
    name, applied, quiet = settings.topic(topic), 0, 0
    try:
        partitions = [TopicPartition(name, number) for number in sorted(client.partitions_for_topic(name) or [])]
        client.assign(partitions)
        client.seek_to_beginning(*partitions)
        ends = client.end_offsets(partitions)
        while any(client.position(partition) < end for partition, end in ends.items()):
            polled = client.poll(timeout_ms=POLL_MS, max_records=WINDOW)
            batch = [event for messages in polled.values() for message in messages for event in _event(topic, message)]
            with mongo.bind(database):
                apply_batch(handlers, batch)
            applied += len(batch)
            quiet = 0 if polled else quiet + 1
            if quiet == QUIET_POLLS:
                raise TimeoutError(f"The broker has given nothing of {name} for long. Run this again when it is well.")
    finally:
        client.close(autocommit=False, timeout_ms=5000)
    return applied


def _event(topic: str, message: Any) -> list[Event]:
    """One, or none of a tombstone and of what lies on the dead-letter topic as unreadable."""
    try:
        return [events.decode(message.value, topic=topic)] if message.value else []
    except events.UnreadableEvent:
        return []
