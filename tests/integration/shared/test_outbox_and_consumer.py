"""From an aggregate's document through Kafka to a consumer's data: once, in order, fenced, and never lost."""

import threading
from collections import Counter

import pytest
from pymongo import MongoClient, monitoring

from shared import aggregates, deadletters, mongo
from shared.consumer import Consumer, Fenced
from shared.outbox import PublishFailed, Relay
from tests.support import toy
from tests.support.harness import eventually


@pytest.fixture
def relay(settings, database):
    relay = Relay(settings, database, toy.AGGREGATES)
    yield relay
    relay.close()


def keep_highest(batch):
    """A projection as services write them: state by version."""
    for event in batch:
        stored = mongo.collection("seen").find_one({"_id": event.subject})
        if stored is None or stored["version"] < event.version:
            mongo.collection("seen").replace_one(
                {"_id": event.subject}, {"version": event.version, "text": event.data["text"]}, upsert=True
            )


@pytest.fixture
def consume(settings, database):
    made = []

    def consume(handler=keep_highest, *, until):
        consumer = Consumer(settings, database, [toy.TOPIC], {"toy.note.written": handler})
        made.append(consumer)
        eventually(lambda: consumer.step() is None or until(), within=20)
        return consumer

    yield consume
    for consumer in made:
        consumer.close()


def test_what_is_written_is_published_and_applied(database, relay, consume):
    notes = [toy.write(f"note {n}") for n in range(30)]
    toy.close(notes[0])

    assert relay.step() == 31
    consume(until=lambda: database.seen.count_documents({}) == 30)

    assert database.seen.find_one({"_id": notes[0].id})["version"] == 2
    assert database.notes.count_documents({"_pending": {"$exists": True}}) == 0
    assert database.notes.count_documents({"_outbox": {"$exists": True}}) == 0


def test_an_event_pushed_while_its_document_is_cleared_stays(database, relay):
    note = toy.write("first")
    window = relay.pending()
    toy.close(note)

    relay.clear(window)

    remaining = database.notes.find_one({"_id": note.id})
    assert [entry["i"] for entry in remaining["_outbox"]] == [f"{note.id}:2"]
    assert "_pending" in remaining


def test_a_relay_that_dies_between_publishing_and_clearing_repeats_and_nothing_is_doubled(
    settings, database, relay, consume
):
    toy.write("once")
    relay.lease.hold()
    relay.publish(relay.ready_producer(), relay.pending())  # and dies here
    database["_leases"].update_one({"_id": "relay"}, [{"$set": {"until": "$$NOW"}}])
    counted = Counter()

    successor = Relay(settings, database, toy.AGGREGATES)
    assert successor.step() == 1
    consume(
        lambda batch: counted.update(e.id for e in batch) or keep_highest(batch),
        until=lambda: sum(counted.values()) >= 2,
    )
    successor.close()

    assert database.seen.count_documents({}) == 1


def test_an_old_relay_that_wakes_up_is_fenced_by_the_broker(settings, database, relay):
    toy.write("before")
    relay.step()
    toy.write("asleep")
    producer, window = relay.ready_producer(), relay.pending()
    database["_leases"].update_one({"_id": "relay"}, [{"$set": {"until": "$$NOW"}}])
    successor = Relay(settings, database, toy.AGGREGATES)
    assert successor.step() == 1

    with pytest.raises((PublishFailed, Exception), match=r"Fenced|error state"):
        relay.publish(producer, window)

    successor.close()


def test_a_relay_reads_only_what_a_failover_cannot_undo_and_at_least_what_it_wrote(settings, database):
    toy.write("first")
    asked = []

    class Listener(monitoring.CommandListener):
        def started(self, event):
            if event.command_name == "find" and "_pending" in event.command["filter"]:
                asked.append(event.command["readConcern"])

        def succeeded(self, event): ...

        def failed(self, event): ...

    with MongoClient(settings.mongo_uri, tz_aware=True, event_listeners=[Listener()]) as client:
        relay = Relay(settings, client[settings.mongo_database], toy.AGGREGATES)
        relay.clear(relay.pending())
        cleared_at = relay.session.operation_time
        asked.clear()
        relay.pending()

    assert [concern["level"] for concern in asked] == ["majority"] * len(toy.AGGREGATES)
    assert asked[0]["afterClusterTime"] >= cleared_at


def test_only_one_relay_leads(settings, database, relay):
    other = Relay(settings, database, toy.AGGREGATES)

    assert relay.step() is not None
    assert other.step() is None

    relay.close()
    assert other.step() is not None
    other.close()


def test_a_handler_that_fails_leaves_no_trace_and_the_event_is_set_aside(settings, database, relay, consume):
    good, bad = toy.write("good"), toy.write("poison")
    toy.write("also good")
    relay.step()

    def refuses_poison(batch):
        keep_highest(batch)
        if any(event.data["text"] == "poison" for event in batch):
            raise ValueError("cannot apply poison")

    consume(refuses_poison, until=lambda: database.seen.count_documents({}) == 2)

    assert database.seen.find_one({"_id": bad.id}) is None
    assert database.seen.find_one({"_id": good.id})
    letters = deadletters.listing(settings)
    assert [(letter["reason"], letter["error"]) for letter in letters] == [("ValueError", "cannot apply poison")]


def test_replaying_after_the_fix_applies_the_dead_letter_and_empties_the_list(settings, database, relay, consume):
    bad = toy.write("poison")
    relay.step()

    def broken(batch):
        raise KeyError("a field we did not expect")

    consume(broken, until=lambda: deadletters.listing(settings))

    assert deadletters.replay(settings, database, {"toy.note.written": broken}) == (0, 1)
    assert deadletters.replay(settings, database, {"toy.note.written": keep_highest}) == (1, 0)
    assert database.seen.find_one({"_id": bad.id})
    assert deadletters.replay(settings, database, {"toy.note.written": keep_highest}) == (0, 0)


def test_an_old_consumer_that_wakes_up_with_a_batch_is_fenced(settings, database, relay, consume):
    toy.write("one")
    relay.step()
    old = consume(until=lambda: database.seen.count_documents({}) == 1)
    toy.write("two")
    relay.step()
    batch = _poll_without_applying(old)
    for record in batch:  # the successor applied it meanwhile
        database["_offsets"].update_one(
            {"_id": f"{record.partition.topic}-{record.partition.partition}"},
            {"$set": {"next": record.offset + 1}},
            upsert=True,
        )

    with pytest.raises(Fenced):
        old.apply(batch)

    assert database.seen.count_documents({}) == 1


def _poll_without_applying(consumer):
    found = []

    def poll():
        found.extend(consumer.poll())
        return found

    return eventually(poll)


def test_three_consumers_that_join_leave_and_come_back_apply_everything_once(settings, database, relay):
    applied = Counter()
    lock = threading.Lock()

    def count(batch):
        keep_highest(batch)
        for event in batch:
            mongo.collection("seen").update_one({"_id": f"count-{event.id}"}, {"$inc": {"n": 1}}, upsert=True)
        with lock:
            applied.update(event.id for event in batch)

    def member(stop):
        consumer = Consumer(settings, database, [toy.TOPIC], {"toy.note.written": count})
        consumer.run(stop)

    members = []
    for round_ in range(4):
        stop = threading.Event()
        thread = threading.Thread(target=member, args=(stop,))
        thread.start()
        members.append((stop, thread))
        if round_ == 2:
            members[0][0].set()
        for n in range(25):
            toy.write(f"{round_}-{n}")
        relay.step()

    eventually(lambda: database.seen.count_documents({"n": 1}) == 100, within=60)
    for stop, thread in members:
        stop.set()
        thread.join(20)
    assert database.seen.count_documents({"n": {"$gt": 1}}) == 0


def test_pages_by_keyset_show_everything_once_also_with_equal_sort_values(database):
    database.notes.insert_many(
        [{"_id": f"n{n:03}", "version": 1, "rank": n // 10 if n < 40 else None} for n in range(50)]
    )
    for direction in (1, -1):
        seen, cursor = [], None

        while True:
            page = aggregates.page("notes", {}, sort=("rank", direction), limit=7, cursor=cursor)
            seen += [row["_id"] for row in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break

        assert sorted(seen) == [f"n{n:03}" for n in range(50)]
