"""The outbox relay: publishes the events that wait in the aggregates' documents and removes what the broker has.

It publishes at least once and in the order of each aggregate's versions. Each window of events is one Kafka
transaction of a producer whose transactional id belongs to the service, so a relay that wakes up after its successor
took over is fenced by the broker and can publish nothing.
"""

import logging
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pymongo.errors
from kafka import KafkaProducer
from kafka.errors import KafkaError
from pymongo import UpdateOne, WriteConcern
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from shared import clock, kafka, logs, metrics, pacing
from shared.leases import Lease
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

WINDOW_EVENTS = 500
RETRY_SECONDS = 0.1
STANDBY_SECONDS = 1.0
PUBLISH_SECONDS = 30
LONGEST_PAUSE_SECONDS = 10.0


class PublishFailed(Exception):
    """At least one event of the window was not acknowledged; nothing of the window counts as published."""


@dataclass(frozen=True)
class Pending:
    """One document's waiting events, oldest first."""

    collection: str
    id: str
    version: int
    entries: list[dict]
    whole: bool
    """False where the window had no room for all of them."""


class Relay:
    """`step` does one window; `run` goes on until `stop` is set."""

    def __init__(self, settings: ServiceSettings, database: Database, aggregates: list[str]) -> None:
        self._settings = settings
        # A write that a new primary would not know must not be published: it would be undone, and its version used again.
        # And what this relay has cleared must not be read once more from a new primary that is a little behind: a causally
        # consistent session waits for its own writes.
        self.session = database.client.start_session(causal_consistency=True)
        self._collections = {
            name: database.get_collection(
                name, read_concern=ReadConcern("majority"), write_concern=WriteConcern("majority")
            )
            for name in aggregates
        }
        self.lease = Lease(database, "relay", owner=f"{socket.gethostname()}:{os.getpid()}")
        self.producer: KafkaProducer | None = None
        self._producer_epoch: int | None = None
        self._first = 0

    def run(self, stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        pause = RETRY_SECONDS
        while not stop.is_set():
            beat()
            started = time.monotonic()
            try:
                published = self.step()
                if published is None:
                    stop.wait(STANDBY_SECONDS)
                elif published < WINDOW_EVENTS // 2:
                    stop.wait(pacing.rest_after(time.monotonic() - started))
                pause = RETRY_SECONDS
            except (KafkaError, PublishFailed, pymongo.errors.PyMongoError) as problem:
                metrics.outbox_failures.labels(self._settings.kebab).inc()
                logger.warning("relay_failed", extra={"problem": logs.told(problem), "retry_seconds": pause})
                self._discard_producer()
                self._watch_the_wait()
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self.close()

    def step(self) -> int | None:
        """Publish one window. Answers the number of events, or None where another process leads."""
        leading = self.lease.hold()
        metrics.relay_leader.labels(self._settings.kebab).set(int(leading))
        if not leading:
            metrics.outbox_oldest.labels(self._settings.kebab).set(0.0)  # Whoever leads measures it.
            self._discard_producer()
            return None
        # First the producer, then the reading: who took over before we read has cleared what it published, and who
        # takes over after we read fences this producer. So a stale window is never published behind a newer one.
        producer = self.ready_producer()
        window = self.pending()
        if not window:
            return 0
        self.publish(producer, window)
        self.clear(window)
        return sum(len(pending.entries) for pending in window)

    def pending(self) -> list[Pending]:
        """Up to a window of events that wait, those that wait longest first."""
        window: list[Pending] = []
        room = WINDOW_EVENTS
        oldest = None
        names = list(self._collections)
        self._first += 1
        for turn in range(len(names)):
            name = names[(self._first + turn) % len(names)]
            if room <= 0:
                break
            for document in (
                self._collections[name]
                .find(
                    {"_pending": {"$exists": True}}, {"version": 1, "_outbox": 1, "_pending": 1}, session=self.session
                )
                .sort("_pending")
                .limit(room)
            ):
                entries = document["_outbox"][: max(room, 1)]
                whole = len(entries) == len(document["_outbox"])
                window.append(Pending(name, document["_id"], document["version"], entries, whole))
                room -= len(entries)
                oldest = min(oldest or document["_pending"], document["_pending"])
                if room <= 0:
                    break
        age = (clock.now() - oldest).total_seconds() if oldest else 0.0
        metrics.outbox_oldest.labels(self._settings.kebab).set(max(age, 0.0))
        return window

    def _watch_the_wait(self) -> None:
        """While nothing can be published, what waits grows older, and the metric must say so."""
        with suppress(pymongo.errors.PyMongoError):
            self.pending()

    def publish(self, producer: KafkaProducer, window: list[Pending]) -> None:
        """Send the window as one transaction. Raises PublishFailed or KafkaError; the producer is then of no more use."""
        deadline = time.monotonic() + PUBLISH_SECONDS
        producer.begin_transaction()
        sent = [
            (
                entry["t"],
                producer.send(
                    self._settings.topic(entry["t"]),
                    key=entry["k"].encode(),
                    value=entry["b"],
                    headers=_headers(entry["b"]),
                ),
            )
            for pending in window
            for entry in pending.entries
        ]
        producer.flush(PUBLISH_SECONDS)
        failed = [future.exception for _, future in sent if not future.succeeded()]
        if failed:
            # A commit was seen to succeed although a record had expired, so only the futures decide.
            raise PublishFailed(f"{len(failed)} of {len(sent)} events were not acknowledged: {failed[0]!r}")
        kafka.commit(producer, within_seconds=max(deadline - time.monotonic(), 1))
        for topic, _ in sent:
            metrics.outbox_published.labels(self._settings.kebab, topic).inc()

    def clear(self, window: list[Pending]) -> None:
        """Remove published entries. A document that got new ones meanwhile keeps those."""
        by_version: dict[tuple[str, int], list[Pending]] = defaultdict(list)
        rest: dict[str, list[Pending]] = defaultdict(list)
        for pending in window:
            if pending.whole:
                by_version[pending.collection, pending.version].append(pending)
            else:
                rest[pending.collection].append(pending)
        # An entry is only ever added together with a new version. So one update empties all documents that still have
        # the version that was read, at a third of what an update for each of them costs.
        for (name, version), alike in by_version.items():
            emptied = self._collections[name].update_many(
                {"_id": {"$in": [pending.id for pending in alike]}, "version": version},
                {"$unset": {"_outbox": 1, "_pending": 1}},
                session=self.session,
            )
            if emptied.matched_count < len(alike):
                rest[name] += alike
        for name, changed in rest.items():
            writes = [_shorten(pending) for pending in changed]
            self._collections[name].bulk_write(writes, ordered=False, session=self.session)

    def close(self) -> None:
        """Finish and hand over at once."""
        self._discard_producer()
        try:
            self.lease.release()
        except pymongo.errors.PyMongoError as problem:
            logger.warning("lease_not_released", extra={"problem": logs.told(problem)})

    def ready_producer(self) -> KafkaProducer:
        if self.producer is None or self._producer_epoch != self.lease.epoch:
            self._discard_producer()
            self.producer = kafka.producer(self._settings, transactional_id=self._transactional_id())
            self._producer_epoch = self.lease.epoch
            # Takes over the id: aborts what a predecessor left open and fences it.
            self.producer.init_transactions()
        return self.producer

    def _transactional_id(self) -> str:
        return self._settings.topic(f"crm-relay-{self._settings.kebab}")

    def _discard_producer(self) -> None:
        if self.producer is not None:
            producer, self.producer = self.producer, None
            kafka.discard(producer)


def _headers(event: bytes) -> list[tuple[str, bytes]]:
    headers = [("content-type", b"application/cloudevents+json")]
    start = event.find(b'"traceparent":"')
    if 0 <= start < 1000:
        start += len(b'"traceparent":"')
        headers.append(("traceparent", event[start : event.index(b'"', start)]))
    return headers


def _shorten(pending: Pending) -> UpdateOne:
    published = [entry["i"] for entry in pending.entries]
    remaining = {"$filter": {"input": "$_outbox", "cond": {"$not": [{"$in": ["$$this.i", published]}]}}}
    return UpdateOne(
        {"_id": pending.id, "_outbox": {"$exists": True}},
        [
            {"$set": {"_outbox": remaining}},
            {"$set": {"_pending": {"$cond": [{"$eq": ["$_outbox", []]}, "$$REMOVE", "$_pending"]}}},
            {"$set": {"_outbox": {"$cond": [{"$eq": ["$_outbox", []]}, "$$REMOVE", "$_outbox"]}}},
        ],
    )
