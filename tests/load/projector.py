"""How fast one projector process is, on the real broker and database, beside what these allow at most in the same run.

`python -m tests.load.projector [--customers 20000] [--events 200000]` takes TEST_MONGO_URI and TEST_KAFKA_BOOTSTRAP, or
starts what `make test` uses. Prints one JSON object; ratios are to the raw rates.
"""

import argparse
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kafka import KafkaConsumer
from pymongo import UpdateOne

from services.reporting.config import ReportingSettings
from services.reporting.consumers import HANDLERS, TOPICS
from services.reporting.lag import partitions_of
from services.reporting.repositories import INDEXES
from shared import events, kafka, mongo, topics
from shared.consumer import Consumer
from tests.support import stores
from tests.support.histories import History, encoded

BATCH = 500
RECORDS_PER_EVENT = 0.42
WINDOW = 5000


@contextmanager
def workplace() -> Iterator[ReportingSettings]:
    """A database and topics of this run's own."""
    with stores.running() as found:
        name = f"load_{uuid.uuid4().hex[:8]}"
        settings = ReportingSettings(
            mongo_uri=found.mongo_uri,
            mongo_database=name,
            kafka_bootstrap=found.kafka_bootstrap,
            kafka_topic_prefix=f"{name}.",
            oidc_issuer="",
            oidc_audience="",
            oidc_jwks_url="",
        )
        admin = kafka.admin(settings)
        wanted = {
            settings.topic(topic): {"num_partitions": each["partitions"], "replication_factor": 1, "configs": {}}
            for topic, each in topics.wanted().items()
            if topic in TOPICS
        }
        admin.create_topics(wanted, timeout_ms=60_000, wait_for_metadata=True)
        database = mongo.connect(settings)
        mongo.ensure_indexes(database, INDEXES | {"_offsets": [], "raw": []})
        try:
            yield settings
        finally:
            database.client.drop_database(name)
            admin.delete_topics(list(wanted), timeout_ms=30_000)


def fill(settings: ReportingSettings, *, customers: int, count: int) -> int:
    """Put a history on the topics. Answers the number of events."""
    told = History(seed=1, customers=customers).events(int(count * RECORDS_PER_EVENT))[:count]
    producer = kafka.producer(settings)
    for start in range(0, len(told), WINDOW):
        sent = []
        for event in told[start : start + WINDOW]:
            key, value = encoded(event)
            sent.append(producer.send(settings.topic(event.topic), key=key, value=value))
        producer.flush(60)
        for future in sent:
            future.get(60)
    producer.close()
    return len(told)


def raw_consume(settings: ReportingSettings, count: int) -> int:
    """Poll and decode, and nothing else."""
    client: KafkaConsumer = kafka.consumer(settings, group=settings.topic("raw"))
    partitions = partitions_of(client, settings)
    client.assign(partitions)
    client.seek_to_beginning(*partitions)
    seen = 0
    while seen < count:
        for messages in client.poll(timeout_ms=500, max_records=BATCH).values():
            for message in messages:
                events.decode(message.value, topic=message.topic)
            seen += len(messages)
    client.close(autocommit=False)
    return seen


def raw_bulk(settings: ReportingSettings, *, customers: int, count: int) -> int:
    """One trivial update for each event, 500 in a transaction."""
    chance = random.Random(1)

    @mongo.transactional
    def write() -> None:
        updates = [
            UpdateOne({"_id": chance.randrange(customers)}, {"$inc": {"n": 1}}, upsert=True) for _ in range(BATCH)
        ]
        mongo.collection("raw").bulk_write(updates, ordered=False)

    with mongo.bind(mongo.connect(settings)):
        for _ in range(count // BATCH):
            write()
    return count // BATCH * BATCH


def project(settings: ReportingSettings, count: int) -> int:
    """The real consumer loop with the real handlers, until the log is in the views."""
    database = mongo.connect(settings)
    consumer = Consumer(settings, database, TOPICS, HANDLERS)
    seen = 0
    with mongo.bind(database):
        while seen < count:
            seen += consumer.step()
    consumer.close()
    return seen


def measured(work: Callable[[], int]) -> dict[str, int]:
    """Events per second, and the processor time that this process spent on each."""
    started, spent = time.perf_counter(), time.process_time()
    done = work()
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    return {"per_second": round(done / seconds), "client_cpu_us": round(spent / done * 1e6)}


def _ratio(part: dict[str, int], whole: dict[str, int]) -> float:
    return round(part["per_second"] / whole["per_second"], 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.projector", description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=200_000)
    arguments = parser.parse_args()
    with workplace() as settings:
        count = fill(settings, customers=arguments.customers, count=arguments.events)
        consumed = measured(lambda: raw_consume(settings, count))
        written = measured(lambda: raw_bulk(settings, customers=arguments.customers, count=min(count, 50_000)))
        projected = measured(lambda: project(settings, count))
        views = mongo.connect(settings).views.estimated_document_count()
        entries = mongo.connect(settings).timeline.estimated_document_count()
    print(
        json.dumps(
            {
                "events": count,
                "views": views,
                "timeline_entries": entries,
                "raw_consume": consumed,
                "raw_bulk_in_transactions": written,
                "projected": projected,
                "of_raw_consume": _ratio(projected, consumed),
                "of_raw_bulk": _ratio(projected, written),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
