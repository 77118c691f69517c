"""The same log gives the same views, however its partitions are interleaved, cut into batches or repeated."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from kafka import KafkaConsumer

from services.reporting import comparison
from services.reporting.consumers import HANDLERS
from services.reporting.lag import partitions_of
from services.reporting.projections import fold
from services.reporting.rebuild import SUFFIX, Aside
from services.reporting.repositories import INDEXES
from shared import consumer, events, kafka, mongo
from shared.events import Event
from tests.support import oracle
from tests.support.histories import History

CUSTOMERS, RECORDS = 8, 500


@pytest.fixture(scope="module")
def log(reporting, tell) -> Iterator[list[Event]]:
    """A history that is on the topics, with events that the relay sent twice, and applied by the live projector."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fold, "MAX_ITEMS", 5)
        told = History(seed=66, customers=CUSTOMERS).events(RECORDS)
        tell(told)
        tell(random.Random(66).sample(told, 100))
        reporting.consume()
        yield told


def by_partition(reporting) -> dict[tuple[str, int], list[Event]]:
    """Everything on the broker, in the order of each partition."""
    client: KafkaConsumer = kafka.consumer(reporting.settings, group="replay-of-a-test")
    partitions = partitions_of(client, reporting.settings)
    client.assign(partitions)
    client.seek_to_beginning(*partitions)
    ends = client.end_offsets(partitions)
    found: dict[tuple[str, int], list[Event]] = {(p.topic, p.partition): [] for p in partitions}
    while any(client.position(partition) < end for partition, end in ends.items()):
        for partition, messages in client.poll(timeout_ms=500).items():
            topic = partition.topic.removeprefix(reporting.settings.kafka_topic_prefix)
            found[partition.topic, partition.partition] += [
                events.decode(m.value, topic=topic, partition=m.partition, offset=m.offset) for m in messages
            ]
    client.close(autocommit=False)
    return found


def interleaved(partitions: dict[tuple[str, int], list[Event]], chance: random.Random) -> Iterator[list[Event]]:
    """Batches from partitions chosen by chance; only the order inside each partition is kept."""
    waiting = {place: list(events) for place, events in partitions.items() if events}
    while waiting:
        batch: list[Event] = []
        for place in chance.sample(sorted(waiting), k=chance.randint(1, len(waiting))):
            taken = chance.choice((1, 3, 20, 200))
            batch += waiting[place][:taken]
            waiting[place] = waiting[place][taken:]
            if not waiting[place]:
                del waiting[place]
        yield batch


def empty_aside(reporting) -> Aside:
    for name in INDEXES:
        reporting.database[name + SUFFIX].drop()
    mongo.ensure_indexes(reporting.database, {name + SUFFIX: models for name, models in INDEXES.items()})
    return Aside(reporting.database)


@pytest.mark.parametrize("seed", range(6))
def test_a_replay_in_any_interleaving_gives_identical_views(reporting, log, seed):
    chance = random.Random(seed)

    with mongo.bind(empty_aside(reporting)):
        for batch in interleaved(by_partition(reporting), chance):
            consumer.apply_batch(HANDLERS, batch)

    assert comparison.differences(reporting.database, SUFFIX) == []
    assert reporting.database.views.count_documents({}) == CUSTOMERS
    assert reporting.database.overflow_items.count_documents({}) > 0


def test_a_replay_by_the_consumer_itself_gives_identical_views(reporting, log):
    for name in INDEXES:
        reporting.database[name + SUFFIX].drop()
        if name in reporting.database.list_collection_names():
            reporting.database[name].rename(name + SUFFIX)
    mongo.ensure_indexes(reporting.database, INDEXES)

    reporting.rewind()
    reporting.consume()

    assert comparison.differences(reporting.database, SUFFIX) == []
    assert reporting.database.views.count_documents({}) == CUSTOMERS


def test_the_views_equal_those_recomputed_from_the_events(reporting, log):
    stored = {view["_id"]: view for view in reporting.database.views.find()}

    assert oracle.differences(stored, log, shown=5) == []


def test_the_counts_by_day_equal_those_of_the_events_and_the_totals_of_the_views(reporting, log):
    response = reporting.get("/v1/dashboards/daily?from=2026-11-01&to=2027-10-31", as_="exec.lin")

    total = response.get_json()["total"]
    totals = sum((oracle.totals(customer, log) for customer in {e.customer_id for e in log}), Counter())
    assert total["leads_received"] == sum(e.type == "sales.lead.received" for e in log)
    assert total["opportunities_won"] == totals["opportunities_won"]
    for value in ("won_value", "order_value"):
        told = {f"{value}.{money['currency']}": money["amount"] for money in total[value]}
        assert told == {name: amount for name, amount in totals.items() if amount and name.startswith(value)}
    assert total["orders_cancelled"] == sum(e.type == "sales.order.cancelled" for e in log)
    missed = Counter(e.data["direction"] for e in log if e.type == "telephony.call.abandoned")
    assert total["calls_abandoned"] == missed["inbound"] > 0
    assert total["outbound_calls_unanswered"] == missed["outbound"] > 0
    assert sum(total["interactions"].values()) == sum(e.topic == "crm.interaction" for e in log)
