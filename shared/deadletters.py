"""Dead letters: events that could not be applied, kept with the reason, and the replay that really runs their handler."""

import base64
import logging
from typing import TYPE_CHECKING

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata
from pymongo.database import Database
from pymongo.errors import OperationFailure

from shared import clock, events, kafka, logs, mongo
from shared.settings import ServiceSettings

if TYPE_CHECKING:
    from shared.consumer import Handlers, Record

logger = logging.getLogger(__name__)

ACKNOWLEDGED_SECONDS = 30
QUIET_POLLS = 10


class Writer:
    """Appends to the service's own dead-letter topic, `<service>.dlq`."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._producer: KafkaProducer | None = None

    def write(self, record: "Record", problem: Exception, *, attempts: int = 1) -> None:
        """Returns when the broker has it. Raises KafkaError."""
        self.append(
            {
                "reason": type(problem).__name__,
                "error": _reason(problem),
                "topic": record.partition.topic.removeprefix(self._settings.kafka_topic_prefix),
                "partition": record.partition.partition,
                "offset": record.offset,
                "attempts": attempts,
                "failed_at": clock.to_json(clock.now()),
                "key": record.key.decode(errors="replace") if record.key else None,
                "value": base64.b64encode(record.value or b"").decode(),
            }
        )

    def append(self, letter: dict) -> None:
        if self._producer is None:
            self._producer = kafka.producer(self._settings)
        key = (letter["key"] or "").encode()
        self._producer.send(_topic(self._settings), key=key, value=orjson.dumps(letter)).get(ACKNOWLEDGED_SECONDS)

    def close(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            kafka.discard(producer)


def replay(settings: ServiceSettings, database: Database, handlers: "Handlers") -> tuple[int, int]:
    """Run the handlers of all dead letters that wait now. Answers how many were applied and how many failed again.

    One that fails again goes to the end of the topic with its new reason and one more attempt.
    """
    from shared.consumer import apply_batch

    applied = failed = 0
    writer = Writer(settings)
    client = kafka.consumer(settings, group=f"{settings.topic(settings.kebab)}.dlq-replay")
    try:
        with mongo.bind(database):
            for letter, done in _waiting(settings, client):
                try:
                    event = events.decode(base64.b64decode(letter["value"]), topic=letter["topic"])
                    apply_batch(handlers, [event])
                    applied += 1
                except Exception as problem:  # The reason goes back into the letter.
                    failed += 1
                    logger.warning("replay_failed", extra={"offset": letter["offset"], "problem": logs.told(problem)})
                    again = {"reason": type(problem).__name__, "error": _reason(problem)}
                    again |= {"attempts": letter["attempts"] + 1, "failed_at": clock.to_json(clock.now())}
                    writer.append(letter | again)
                done()
    finally:
        client.close(autocommit=False, timeout_ms=5000)
        writer.close()
    return applied, failed


def listing(settings: ServiceSettings) -> list[dict]:
    """The dead letters that wait, without marking them as done."""
    client = kafka.consumer(settings, group=f"{settings.topic(settings.kebab)}.dlq-replay")
    try:
        return [letter for letter, _ in _waiting(settings, client)]
    finally:
        client.close(autocommit=False, timeout_ms=5000)


def _waiting(settings: ServiceSettings, client: KafkaConsumer):
    """Each letter between the last replay and the end of the topic as it is now, with a function that marks it done."""
    topic = _topic(settings)
    partitions = [TopicPartition(topic, number) for number in sorted(client.partitions_for_topic(topic) or [])]
    client.assign(partitions)
    ends = client.end_offsets(partitions)
    for partition in partitions:
        position = client.committed(partition)
        if position is None:
            client.seek_to_beginning(partition)
        else:
            client.seek(partition, position)
    quiet = 0
    while quiet < QUIET_POLLS and any(client.position(partition) < end for partition, end in ends.items()):
        polled = client.poll(timeout_ms=500, max_records=50)
        quiet = 0 if polled else quiet + 1
        for partition, messages in polled.items():
            for message in messages:
                if message.offset >= ends[partition]:
                    continue
                mark = {partition: OffsetAndMetadata(message.offset + 1, "", -1)}
                yield orjson.loads(message.value), lambda mark=mark: client.commit(mark)


def _reason(problem: Exception) -> str:
    """Without the documents that a database error carries; the event itself is in the letter."""
    if isinstance(problem, OperationFailure):
        return f"{type(problem).__name__} with code {problem.code}"
    return str(problem)[:2000]


def _topic(settings: ServiceSettings) -> str:
    return settings.topic(f"{settings.kebab}.dlq")
