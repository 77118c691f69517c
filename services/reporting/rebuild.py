"""Rebuild: project the whole log from its beginning into new collections, compare them with the live ones, and switch.

`python -m services.reporting.rebuild [--switch]`. The live projector goes on meanwhile. It waits only for the moment in
which the rebuilt collections reach exactly its offsets, what differed is compared once more, and they change places. A
rebuild that is broken off, also by a database or broker that is away, changes nothing; if it is broken off between two
renames, the projector waits until the command with `--switch` has run again.

The switch mends wrong views, so it is made whether documents differ or not. Which ones differ is told before, and
nowhere kept. The exit status is 1 when documents differ and stay so.
"""

import argparse
import logging
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from pymongo.collection import Collection
from pymongo.database import Database

from services.reporting import comparison
from services.reporting.comparison import Difference
from services.reporting.config import ReportingSettings
from services.reporting.consumers import HANDLERS
from services.reporting.lag import partitions_of
from services.reporting.repositories import INDEXES, PROJECTED, freshness, offsets, rebuilds
from shared import consumer, events, kafka, logs, mongo
from shared.events import Event

logger = logging.getLogger(__name__)

SUFFIX = "_rebuilt"
POLL_MS = 500
BATCH_EVENTS = 1000
QUIET_POLLS = 60


class LogTooShort(Exception):
    """The log does not give the events that the live views were made from."""


class Aside:
    """The database as the projector sees it during a rebuild: each name means the collection beside the live one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.client = database.client

    def __getitem__(self, name: str) -> Collection:
        return self._database[name + SUFFIX]

    def get_collection(self, name: str, **options: Any) -> Collection:
        return self._database.get_collection(name + SUFFIX, **options)


class Rebuild:
    """Reads the log by its own positions, outside the group of the live projector."""

    def __init__(self, settings: ReportingSettings, database: Database) -> None:
        self._database = database
        self._settings = settings
        self._client: KafkaConsumer = kafka.consumer(settings, group=settings.topic("reporting.rebuild"))
        self._partitions = partitions_of(self._client, settings)
        self.applied = self.refused = 0

    def prepare(self) -> None:
        """Empty collections beside the live ones, and the beginning of the log."""
        self.clear()
        mongo.ensure_indexes(self._database, {name + SUFFIX: models for name, models in INDEXES.items()})
        self._client.assign(self._partitions)
        self._client.seek_to_beginning(*self._partitions)

    def catch_up(self) -> None:
        """Apply everything up to where the live projector is now, and nothing beyond. Raises LogTooShort."""
        with mongo.bind(self._database):
            ends = offsets.find_all()
        quiet = 0
        while behind := [p for p in self._partitions if self._client.position(p) < ends.get(p, 0)]:
            self._client.resume(*behind)
            self._client.pause(*(set(self._partitions) - set(behind)))
            polled = self._client.poll(timeout_ms=POLL_MS, max_records=BATCH_EVENTS)
            quiet = 0 if polled else quiet + 1
            if quiet == QUIET_POLLS:
                raise LogTooShort(f"{len(behind)} partitions end before the offsets of the live views")
            self._apply([message for of_partition in polled.values() for message in of_partition], ends)
        for partition in self._partitions:
            if self._client.position(partition) > ends.get(partition, 0):
                self._client.seek(partition, ends.get(partition, 0))

    def switch(self) -> None:
        """The rebuilt collections take the names of the live ones, which are dropped."""
        for name in PROJECTED:
            self._database[name + SUFFIX].rename(name, dropTarget=True)

    def clear(self) -> None:
        for name in INDEXES:
            self._database[name + SUFFIX].drop()

    def close(self) -> None:
        self._client.close(autocommit=False, timeout_ms=5000)

    def partition_numbers(self) -> list[int]:
        return sorted({partition.partition for partition in self._partitions})

    def _apply(self, messages: list, ends: dict[TopicPartition, int]) -> None:
        batch = []
        for message in messages:
            if message.offset < ends.get(TopicPartition(message.topic, message.partition), 0):
                batch += self._decoded(message)
        with mongo.bind(Aside(self._database)):
            try:
                consumer.apply_batch(HANDLERS, batch)
                self.applied += len(batch)
            except Exception:  # One of them cannot be applied, as the live loop found too; the others can.
                self._apply_singly(batch)

    def _apply_singly(self, batch: list[Event]) -> None:
        for event in batch:
            try:
                consumer.apply_batch(HANDLERS, [event])
                self.applied += 1
            except Exception as problem:  # It lies on the dead-letter topic, and the count is told at the end.
                if consumer.is_passing(problem):
                    raise
                logger.warning("event_refused", extra={"event": event.id, "problem": logs.told(problem)})
                self.refused += 1

    def _decoded(self, message) -> list[Event]:
        topic = message.topic.removeprefix(self._settings.kafka_topic_prefix)
        try:
            return [events.decode(message.value, topic=topic, partition=message.partition, offset=message.offset)]
        except events.UnreadableEvent:
            self.refused += 1
            return []


def rebuild(
    settings: ReportingSettings, database: Database, *, switch: bool, tell: Callable[[str], None]
) -> list[Difference]:
    """The differences that there are at exactly the same offsets. Raises LogTooShort, rebuilds.Interrupted, and
    PyMongoError or KafkaError when the database or the broker is away.
    """
    work = Rebuild(settings, database)
    with mongo.bind(database):
        rebuilds.refuse_half_switched(may_complete=switch)
        try:
            work.prepare()
            work.catch_up()
            tell(f"{work.applied} events projected, {work.refused} refused as before; comparing")
            suspects = comparison.differences(database, SUFFIX)
            begin_switch(work.partition_numbers())
            work.catch_up()
            differences = comparison.differences(database, SUFFIX, among=suspects)
            _tell_differences(differences, tell)
            if switch:
                rebuilds.hold_switch()
                work.switch()
                tell(f"the rebuilt collections are live, and with them the {len(differences)} documents that differed")
            rebuilds.end_switch()
        finally:
            rebuilds.give_up_switch()
            work.clear()
            work.close()
    return differences


@mongo.transactional
def begin_switch(partitions: list[int]) -> None:
    """From now on every batch waits. Each writes the freshness of its partitions, so one under way conflicts here."""
    rebuilds.begin_switch()
    freshness.touch(partitions)


def _tell_differences(differences: list[Difference], tell: Callable[[str], None]) -> None:
    for difference in differences:
        tell(str(difference))
    by_collection = Counter(difference.collection for difference in differences)
    counts = ", ".join(f"{count} of {name}" for name, count in sorted(by_collection.items()))
    tell(f"{len(differences)} documents differ" + (f": {counts}" if counts else ""))


def main() -> None:
    parser = argparse.ArgumentParser(prog="services.reporting.rebuild", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--switch",
        action="store_true",
        help="let the rebuilt collections take the live ones' place, and so mend what differs",
    )
    arguments = parser.parse_args()
    settings = ReportingSettings.from_environment()
    logs.configure(settings.kebab, settings.log_level)
    differences = rebuild(settings, mongo.connect(settings), switch=arguments.switch, tell=print)
    sys.exit(1 if differences and not arguments.switch else 0)


if __name__ == "__main__":
    main()
