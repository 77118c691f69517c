"""A broker that answers nothing for longer than any timeout, with its connections open: the worst way to be away.

All timeouts are shortened alike, so that three times the longest of them still fits into a test.
"""

import dataclasses
import gc
import itertools
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable

import pytest
from kafka.errors import KafkaError
from kafka.producer.transaction_manager import TransactionManager

from shared import aggregates, consumer, deadletters, kafka, mongo, outbox
from shared.consumer import Consumer
from shared.outbox import Relay
from tests.support import toy
from tests.support.broker import Broker
from tests.support.harness import eventually, read_topic
from tests.support.stores import Stores

LONGEST_SECONDS = 3
AWAY_SECONDS = 10
"""Also longer than the nine seconds after which the broker's own controller gives the broker up."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.kill()


@pytest.fixture(scope="module")
def stores(stores, broker):
    return Stores(stores.mongo_uri, broker.bootstrap)


@pytest.fixture(autouse=True)
def short_timeouts(monkeypatch):
    for name in ("REQUEST_TIMEOUT_MS", "TRANSACTION_TIMEOUT_MS", "SESSION_TIMEOUT_MS"):
        monkeypatch.setattr(kafka, name, LONGEST_SECONDS * 1000)
    monkeypatch.setattr(kafka, "MAX_BLOCK_MS", 1000)
    monkeypatch.setattr(kafka, "HEARTBEAT_MS", 500)
    monkeypatch.setattr(outbox, "PUBLISH_SECONDS", LONGEST_SECONDS)
    monkeypatch.setattr(outbox, "LONGEST_PAUSE_SECONDS", 1)
    monkeypatch.setattr(consumer, "LONGEST_PAUSE_SECONDS", 1)
    monkeypatch.setattr(deadletters, "ACKNOWLEDGED_SECONDS", LONGEST_SECONDS)


class Loop:
    """A loop of a worker in a thread of its own, with the longest time without a beat."""

    def __init__(self, run: Callable) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=run, args=(self._stop, self._beat))
        self._last = time.monotonic()
        self.longest_silence = 0.0
        self._thread.start()

    def turns(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(30)

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest_silence = max(self.longest_silence, now - self._last)
        self._last = now


@pytest.fixture
def running():
    loops = []

    def start(run: Callable) -> Loop:
        loops.append(Loop(run))
        return loops[-1]

    yield start
    for loop in loops:
        loop.end()


def keep_versions(batch):
    """A projection: each version of a note once, in the order in which they were first seen."""
    for event in batch:
        mongo.collection("seen").update_one(
            {"_id": event.subject}, [{"$set": {"versions": _with(event.version)}}], upsert=True
        )


def _with(version: int) -> dict:
    seen = {"$ifNull": ["$versions", []]}
    return {"$cond": [{"$in": [version, seen]}, seen, {"$concatArrays": [seen, [version]]}]}


def edit_ten_notes(database, versions: dict[str, int]) -> Callable:
    """A loop that edits notes in turn, and says in `versions` which version each of them has."""

    def run(stop, beat):
        with mongo.bind(database):
            notes = [toy.write("new") for _ in range(10)]
            versions.update({note.id: note.version for note in notes})
            while not stop.wait(0.01):
                edited = dataclasses.replace(notes.pop(0), text="edited")
                notes.append(aggregates.save("notes", edited, announce=[toy.written(edited)]))
                versions[edited.id] = notes[-1].version

    return run


@pytest.fixture
def before_the_fifth(monkeypatch):
    """Does something just before the relay's Kafka client begins its fifth transaction, or its fifth commit."""

    def arrange(moment: str, trouble: Callable[[], None]) -> threading.Event:
        original, calls, happened = getattr(TransactionManager, moment), itertools.count(1), threading.Event()

        def troubled(self):
            if next(calls) == 5:
                trouble()
                happened.set()
            return original(self)

        monkeypatch.setattr(TransactionManager, moment, troubled)
        return happened

    return arrange


@pytest.mark.slow("the broker is away for longer than any timeout")
@pytest.mark.parametrize(
    ("trouble", "moment", "mend"),
    [
        ("freeze", "begin_transaction", "wake"),
        ("freeze", "begin_commit", "wake"),
        ("kill", "begin_commit", "start"),
    ],
)
def test_what_is_written_while_the_broker_is_away_arrives_once_and_in_order(
    settings, database, broker, running, before_the_fifth, trouble, moment, mend
):
    happened = before_the_fifth(moment, getattr(broker, trouble))
    versions: dict[str, int] = {}
    relay = Relay(settings, database, toy.AGGREGATES)
    applying = Consumer(settings, database, [toy.TOPIC], {"toy.note.written": keep_versions})
    loops = [running(relay.run), running(applying.run)]
    writing = running(edit_ten_notes(database, versions))
    assert happened.wait(30)
    producer = relay.producer

    time.sleep(AWAY_SECONDS)  # The time itself is what is tried here.
    getattr(broker, mend)()
    writing.end()
    expected = {note: list(range(1, version + 1)) for note, version in versions.items()}
    eventually(lambda: {row["_id"]: row["versions"] for row in database.seen.find()} == expected, within=60)

    assert all(loop.turns() for loop in loops)
    assert max(loop.longest_silence for loop in loops) < AWAY_SECONDS
    assert relay.producer is not producer
    assert _versions_on_the_log(settings) == expected
    assert deadletters.listing(settings) == []


def _versions_on_the_log(settings) -> dict[str, list[int]]:
    found = defaultdict(list)
    for event in read_topic(settings, toy.TOPIC):
        if event["version"] not in found[event["subject"]]:
            found[event["subject"]].append(event["version"])
    return found


@pytest.mark.slow("the broker is away for longer than any timeout")
def test_a_dead_letter_that_meets_a_frozen_broker_is_written_later(settings, database, broker, running):
    frozen = threading.Event()

    def refuses_poison(batch):
        if any(event.data["text"] == "poison" for event in batch):
            if not frozen.is_set():
                broker.freeze()
                frozen.set()
            raise ValueError("cannot apply poison")
        keep_versions(batch)

    loops = [
        running(Relay(settings, database, toy.AGGREGATES).run),
        running(Consumer(settings, database, [toy.TOPIC], {"toy.note.written": refuses_poison}).run),
    ]
    bad = toy.write("poison")
    assert frozen.wait(30)

    time.sleep(AWAY_SECONDS)
    broker.wake()
    good = toy.write("good")
    eventually(lambda: database.seen.find_one({"_id": good.id}), within=60)
    letters = eventually(lambda: deadletters.listing(settings), within=60)

    assert {letter["error"] for letter in letters} == {"cannot apply poison"}
    assert database.seen.find_one({"_id": bad.id}) is None
    assert all(loop.turns() for loop in loops)


@pytest.fixture
def deaf():
    """An address that accepts connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(100)
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.slow("the client gives up looking for a broker")
@pytest.mark.parametrize("client", [lambda s: kafka.consumer(s, group="g"), kafka.producer])
def test_a_client_that_finds_no_broker_leaves_nothing_behind(settings, deaf, client):
    away = dataclasses.replace(settings, kafka_bootstrap=deaf)
    before = _threads_and_files()

    with pytest.raises(KafkaError):
        client(away)

    assert eventually(lambda: _threads_and_files() == before)


def _threads_and_files() -> tuple[int, int]:
    gc.collect()  # So that what other tests left is not counted as ours.
    return threading.active_count(), len(os.listdir("/proc/self/fd"))
