"""The consumer loop: applies batches of events, each in one MongoDB transaction that also holds the offsets.

Offsets live with the data, so an event's effect and the mark that it was applied are stored together or not at all. A
process that wakes up after its partitions went to another one finds the marks moved and gives its batch up (it is
fenced). Kafka gets the offsets too, but only so that lag can be seen from outside.

A dependency that is down is waited for. An event that cannot be applied goes to the dead-letter topic with its reason,
and its partition moves on; too many of them in a minute stop the loop, because then the code is wrong, not the events.
"""

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pymongo.errors
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.errors import IllegalStateError, KafkaError
from kafka.structs import OffsetAndMetadata
from pymongo import InsertOne, UpdateOne
from pymongo.database import Database

from shared import aggregates, clock, context, deadletters, events, kafka, logs, metrics, mongo, pacing
from shared.events import Event
from shared.problems import Conflict, Unavailable
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

Handler = Callable[[list[Event]], None]
Handlers = dict[str, Handler]

POLL_MS = 200
LONGEST_PAUSE_SECONDS = 10.0
ATTEMPTS_AT_A_CONFLICT = 3
RETRIES_OF_A_BATCH = 4
MAX_DEAD_LETTERS_A_MINUTE = 20
LAG_SECONDS = 5.0
TELL_SECONDS = 2.0
STUCK_SECONDS = 60.0


class Fenced(Exception):
    """Another process has applied this batch; the partitions are no longer ours, or were rewound."""


class TooManyDeadLetters(Exception):
    """The loop has stopped. Look at the dead letters, mend the cause, restart, and replay them."""


class Stuck(Exception):
    """Records wait but none arrives; the Kafka consumer must be made anew."""


@dataclass(frozen=True)
class Record:
    """One record of the log: an event, or the reason why it is none."""

    partition: TopicPartition
    offset: int
    key: bytes | None
    value: bytes | None
    event: Event | None
    problem: str | None = None


class Consumer:
    """`step` applies one batch; `run` goes on until `stop` is set. Call both from one thread."""

    def __init__(
        self,
        settings: ServiceSettings,
        database: Database,
        topics: list[str],
        handlers: Handlers,
        *,
        instance: str = "",
    ) -> None:
        self._settings = settings
        self._database = database
        self._offsets = database["_offsets"]
        self._topics = topics
        self._handlers = handlers
        self._instance = instance
        self._kafka: KafkaConsumer | None = None
        self._next: dict[TopicPartition, int] = {}
        self._untold: set[TopicPartition] = set()
        self._reassigned, self.joined = threading.Event(), threading.Event()
        self._dead: deque[float] = deque()
        self._lag_read = self._told = self._busy = 0.0
        self._progress = time.monotonic()
        self._dead_letters = deadletters.Writer(settings)
        self.halted: str | None = None
        self.assigned = False
        self.settled = False
        """Its partitions are known. Where a group has more members than partitions, that is none for some."""

    @property
    def group(self) -> str:
        return self._settings.topic(self._settings.kebab)

    def run(self, stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        pause = 0.5
        with mongo.bind(self._database):
            while not stop.is_set():
                beat()
                try:
                    applied = self.step(stop, beat)
                    self._watch()
                    pause = 0.5
                    if 0 < applied < kafka.BATCH_EVENTS // 4:
                        stop.wait(pacing.rest_after(self._busy))
                except (KafkaError, Stuck, IllegalStateError, pymongo.errors.PyMongoError) as problem:
                    logger.warning("consumer_failed", extra={"problem": logs.told(problem), "retry_seconds": pause})
                    self.close()
                    stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                except TooManyDeadLetters as problem:
                    self.halted = str(problem)
                    logger.critical("consumer_halted", extra={"problem": str(problem)})
                    self.close()
                    while not stop.wait(1.0):
                        beat()
        self.close()

    def step(self, stop: threading.Event | None = None, beat: Callable[[], None] = lambda: None) -> int:
        """Poll once and apply what came. Answers the number of records that are done with."""
        client = self._client()
        records = self.poll()
        if not records:
            self._tell_kafka(client)
            return 0
        started = time.monotonic()
        try:
            self._apply_until_done(records, stop or threading.Event(), beat)
        except Fenced as problem:
            metrics.consumer_fenced.labels(self._settings.kebab).inc()
            logger.warning("consumer_fenced", extra={"problem": str(problem)})
            self._reassigned.set()
            return 0
        self._progress = time.monotonic()
        self._busy = self._progress - started
        self._tell_kafka(client)
        return len(records)

    def poll(self) -> list[Record]:
        """What comes now and is not applied yet; nothing in the moment in which partitions are assigned anew."""
        client = self._client()
        _complete_join(client)
        polled = client.poll(timeout_ms=POLL_MS, max_records=kafka.BATCH_EVENTS)
        if self._reassigned.is_set():
            self._reassigned.clear()
            self._take_positions(client)
            return []
        return self._unapplied(polled)

    def close(self) -> None:
        """Leave the group. The offsets need nothing: they are in the database."""
        self.assigned = self.settled = False
        self.joined.clear()
        if self._kafka is not None:
            client, self._kafka = self._kafka, None
            try:
                client.close(autocommit=False, timeout_ms=5000)
            except KafkaError as problem:
                logger.warning("consumer_not_closed", extra={"problem": logs.told(problem)})
        self._dead_letters.close()

    def lag(self) -> dict[str, int]:
        """Records not applied yet, by topic, of the partitions that this process has."""
        client = self._client()
        partitions = list(client.assignment())
        ends = client.end_offsets(partitions) if partitions else {}
        lag = dict.fromkeys(self._topics, 0)
        for partition, end in ends.items():
            topic = partition.topic.removeprefix(self._settings.kafka_topic_prefix)
            lag[topic] += max(end - client.position(partition), 0)
        return lag

    def _client(self) -> KafkaConsumer:
        if self._kafka is None:
            self._kafka = kafka.consumer(self._settings, group=self.group, instance=self._instance)
            self._next = {}
            names = [self._settings.topic(topic) for topic in self._topics]
            for name in names:
                # Read before joining: a leader assigns no partition of a topic that it does not know yet, and a static
                # member that comes back may then wait for long until somebody causes the next rebalance.
                self._kafka.partitions_for_topic(name)
            self._kafka.subscribe(names, listener=_Reassignment(self._reassigned, self.joined))
            self._progress = time.monotonic()
        return self._kafka

    def _take_positions(self, client: KafkaConsumer) -> None:
        """Start every partition that we have now where the database says."""
        partitions = sorted(client.assignment())
        names = {self._offset_id(partition): partition for partition in partitions}
        stored = {row["_id"]: row["next"] for row in self._offsets.find({"_id": {"$in": list(names)}})}
        self._next = {partition: stored.get(name, 0) for name, partition in names.items()}
        self._untold.clear()
        self._untold.update(partition for partition, position in self._next.items() if position)
        for partition, position in self._next.items():
            if position:
                client.seek(partition, position)
            else:
                client.seek_to_beginning(partition)
        self.assigned = bool(partitions)
        self.settled = self.assigned or self._is_spare(client)
        logger.info("partitions_assigned", extra={"partitions": len(partitions)})

    def _is_spare(self, client: KafkaConsumer) -> bool:
        """A member to whom nothing is left, which is not the same as topics that are not there yet."""
        names = [self._settings.topic(topic) for topic in self._topics]
        return self.joined.is_set() and all(client.partitions_for_topic(name) for name in names)

    def _offset_id(self, partition: TopicPartition) -> str:
        return f"{partition.topic}-{partition.partition}"

    def _unapplied(self, polled: dict[TopicPartition, list]) -> list[Record]:
        records = []
        for partition, messages in polled.items():
            expected = self._next.get(partition)
            if expected is None:
                continue  # Lost in a rebalance between the poll and now.
            topic = partition.topic.removeprefix(self._settings.kafka_topic_prefix)
            for message in messages:
                if message.offset < expected:
                    metrics.consumer_skipped.labels(self._settings.kebab, topic).inc()
                    continue
                records.append(_read(message, topic, partition))
        return records

    def _apply_until_done(self, records: list[Record], stop: threading.Event, beat: Callable[[], None]) -> None:
        """Apply the batch, waiting for dependencies; single out what cannot be applied. Raises Fenced."""
        pause, conflicts, retries = 0.2, 0, 0
        while True:
            beat()
            try:
                self.apply(records)
                return
            except Fenced:
                raise
            except (pymongo.errors.DuplicateKeyError, aggregates.Duplicate, Conflict) as problem:
                # Somebody else wrote the same at the same time; the next attempt finds it.
                conflicts += 1
                if conflicts >= ATTEMPTS_AT_A_CONFLICT:
                    return self._single_out(records, problem, stop, beat)
            except (pymongo.errors.PyMongoError, Unavailable) as problem:
                retries += 1
                if not (is_passing(problem) or (_is_duplicate(problem) and retries < ATTEMPTS_AT_A_CONFLICT)):
                    return self._single_out(records, problem, stop, beat)
                if retries >= RETRIES_OF_A_BATCH and len(records) > 1:
                    # It may be too much for one transaction's lifetime on a machine that is slow just now.
                    return self._by_halves(records, stop, beat)
                metrics.consumer_retries.labels(self._settings.kebab).inc()
                logger.warning("batch_retried", extra={"problem": logs.told(problem), "retry_seconds": pause})
                self._wait(pause, stop)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception as problem:  # A handler may fail in any way; the event is then set aside, never lost.
                return self._single_out(records, problem, stop, beat)

    def _wait(self, seconds: float, stop: threading.Event) -> None:
        """Stay a member of the group without taking more records."""
        client = self._client()
        assigned = list(client.assignment())
        client.pause(*assigned)
        stop.wait(seconds)
        client.poll(timeout_ms=0)
        if self._reassigned.is_set():
            raise Fenced("the partitions were assigned anew while a dependency was down")
        client.resume(*assigned)
        if stop.is_set():
            raise Fenced("stopping; the batch is left to the next process")

    def _single_out(
        self, records: list[Record], problem: Exception, stop: threading.Event, beat: Callable[[], None]
    ) -> None:
        if len(records) == 1:
            self._set_aside(records[0], problem)
            return
        logger.warning("batch_singled_out", extra={"events": len(records), "problem": logs.told(problem)})
        # A single event that cannot be applied costs a few attempts, not one transaction for each of the others.
        self._by_halves(records, stop, beat)

    def _by_halves(self, records: list[Record], stop: threading.Event, beat: Callable[[], None]) -> None:
        middle = len(records) // 2
        for half in (records[:middle], records[middle:]):
            self._apply_until_done(half, stop, beat)

    def _set_aside(self, record: Record, problem: Exception) -> None:
        now = time.monotonic()
        while self._dead and self._dead[0] < now - 60:
            self._dead.popleft()
        if len(self._dead) >= MAX_DEAD_LETTERS_A_MINUTE:
            raise TooManyDeadLetters(
                f"{len(self._dead)} events in a minute could not be applied; the last: {logs.told(problem)}"
            )
        self._dead.append(now)
        topic = record.partition.topic.removeprefix(self._settings.kafka_topic_prefix)
        self._dead_letters.write(record, problem)
        metrics.dead_letters.labels(self._settings.kebab, topic).inc()
        event_id = record.event.id if record.event else None
        logger.error(
            "event_set_aside",
            extra={"topic": topic, "offset": record.offset, "event": event_id, "problem": logs.told(problem)},
        )
        self._commit_positions([record])

    def apply(self, records: list[Record]) -> None:
        unreadable = next((record for record in records if record.problem), None)
        if unreadable is not None:
            raise events.UnreadableEvent(unreadable.problem)
        started = time.perf_counter()
        batch = [record.event for record in records if record.event is not None]
        apply_batch(self._handlers, batch, before=lambda: self._move(records))
        self.advance(records)
        done = clock.now()
        service = self._settings.kebab
        metrics.batch_seconds.labels(service).observe(time.perf_counter() - started)
        for topic, of_topic in itertools.groupby(batch, key=lambda event: event.topic):
            of_topic = list(of_topic)
            metrics.consumed.labels(service, topic).inc(len(of_topic))
            observe = metrics.freshness.labels(service, topic).observe
            for event in of_topic:
                observe(max((done - event.time).total_seconds(), 0.0))

    def _commit_positions(self, records: list[Record]) -> None:
        mongo.transactional(self._move)(records)
        self.advance(records)

    def _move(self, records: list[Record]) -> None:
        """Within the batch's transaction: the marks must still be where we read them, then they move. Raises Fenced."""
        ends = {self._offset_id(partition): (partition, end) for partition, end in _ends(records).items()}
        marks = mongo.collection(self._offsets.name)
        # Read and compared here, they stay so until the commit, or the transaction fails.
        stored = {row["_id"]: row["next"] for row in marks.find({"_id": {"$in": list(ends)}})}
        moved = [name for name, (partition, _) in ends.items() if stored.get(name, 0) != self._next[partition]]
        if moved:
            raise Fenced(f"{len(moved)} of {len(ends)} partitions were moved by another process")
        updates = [
            UpdateOne({"_id": name}, {"$set": {"next": end}}) for name, (_, end) in ends.items() if name in stored
        ]
        inserts = [InsertOne({"_id": name, "next": end}) for name, (_, end) in ends.items() if name not in stored]
        try:
            marks.bulk_write(updates + inserts, ordered=False)
        except pymongo.errors.BulkWriteError as problem:
            if problem.details["writeErrors"][0]["code"] == aggregates.DUPLICATE_KEY:
                raise Fenced("another process started these partitions") from problem
            raise

    def advance(self, records: list[Record]) -> None:
        ends = _ends(records)
        self._next |= ends
        self._untold |= ends.keys()

    def _tell_kafka(self, client: KafkaConsumer) -> None:
        """Now and then, because the broker needs as long for it as for the batch's records."""
        if not self._untold or time.monotonic() - self._told < TELL_SECONDS:
            return
        self._told = time.monotonic()
        untold = self._untold & client.assignment()
        self._untold.clear()
        try:
            client.commit_async(
                {
                    partition: OffsetAndMetadata(max(self._next[partition], client.position(partition)), "", -1)
                    for partition in untold
                },
                callback=self._told_kafka,
            )
        except (KafkaError, IllegalStateError) as problem:
            self._untold.update(untold)
            logger.info("offsets_not_told", extra={"problem": logs.told(problem)})

    def _told_kafka(self, offsets: dict[TopicPartition, OffsetAndMetadata], answer: object) -> None:
        if isinstance(answer, Exception):
            self._untold.update(offsets)

    def _watch(self) -> None:
        """Measure lag now and then. Raises Stuck when records wait and none arrives for a minute."""
        if time.monotonic() - self._lag_read < LAG_SECONDS or not self.assigned:
            return
        self._lag_read = time.monotonic()
        lag = self.lag()
        for topic, waiting in lag.items():
            metrics.consumer_lag.labels(self._settings.kebab, topic).set(waiting)
        if not any(lag.values()):
            self._progress = time.monotonic()
        elif time.monotonic() - self._progress > STUCK_SECONDS:
            raise Stuck(f"{sum(lag.values())} records wait, and none has arrived for {STUCK_SECONDS:.0f} s")


def apply_batch(handlers: Handlers, batch: Iterable[Event], *, before: Callable[[], None] = lambda: None) -> None:
    """Give each handler its events of the batch, in log order, all in one transaction that begins with `before`."""
    by_handler: dict[Handler, list[Event]] = {}
    for event in batch:
        if (handler := handlers.get(event.type)) is not None:
            by_handler.setdefault(handler, []).append(event)
    _apply_in_transaction(before, by_handler)


@mongo.transactional
def _apply_in_transaction(before: Callable[[], None], by_handler: dict[Handler, list[Event]]) -> None:
    before()
    for handler, batch in by_handler.items():
        first = batch[0]
        token = context.begin(
            context.Work(first.correlation_id or first.id, causation_id=first.id, traceparent=first.traceparent)
        )
        try:
            handler(batch)
        finally:
            context.end(token)


def _complete_join(client: KafkaConsumer) -> None:
    """kafka-python 3.0.12 forgets a join that changed metadata caused when the poll that began it times out first.

    The partitions then stay marked as about to be revoked, and nothing is read from them. Asking for the join again
    lets the next poll complete it.
    """
    if client._coordinator is not None and client._coordinator.rejoining:
        client._coordinator.request_rejoin()


def _read(message, topic: str, partition: TopicPartition) -> Record:
    if message.value is None:
        # A tombstone only tells the broker to forget; what it means was said by the event before it.
        return Record(partition, message.offset, message.key, None, None)
    try:
        event = events.decode(message.value, topic=topic, partition=message.partition, offset=message.offset)
    except events.UnreadableEvent as problem:
        return Record(partition, message.offset, message.key, message.value, None, str(problem))
    return Record(partition, message.offset, message.key, message.value, event)


def _ends(records: list[Record]) -> dict[TopicPartition, int]:
    ends: dict[TopicPartition, int] = {}
    for record in records:
        ends[record.partition] = max(ends.get(record.partition, 0), record.offset + 1)
    return ends


def _is_duplicate(problem: Exception) -> bool:
    """A bulk write that met what somebody else wrote at the same time; the next attempt finds it."""
    return isinstance(problem, pymongo.errors.BulkWriteError) and any(
        error["code"] == aggregates.DUPLICATE_KEY for error in problem.details["writeErrors"]
    )


def is_passing(problem: Exception) -> bool:
    """True when a dependency is to blame and not the event: the same again may work."""
    if not isinstance(problem, pymongo.errors.PyMongoError):
        return isinstance(problem, Unavailable)
    if isinstance(problem, pymongo.errors.BulkWriteError | pymongo.errors.WriteError):
        return problem.has_error_label("TransientTransactionError")
    return (
        problem.timeout
        or isinstance(problem, pymongo.errors.ConnectionFailure | pymongo.errors.ExecutionTimeout)
        or problem.has_error_label("TransientTransactionError")
        or problem.has_error_label("UnknownTransactionCommitResult")
        or problem.has_error_label("RetryableWriteError")
    )


class _Reassignment(ConsumerRebalanceListener):
    """Only sets flags: the listener runs on the client's own thread and must not call it."""

    def __init__(self, reassigned: threading.Event, joined: threading.Event) -> None:
        self._reassigned, self._joined = reassigned, joined

    def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        self._joined.clear()
        self._reassigned.set()

    def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        self._joined.set()
        self._reassigned.set()
