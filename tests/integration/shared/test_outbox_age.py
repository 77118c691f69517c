"""How long the oldest event waits: the metric that calls somebody when Kafka is away."""

import dataclasses
import socket
import threading

import pytest

from shared import kafka, metrics
from shared.outbox import Relay
from tests.support import toy
from tests.support.harness import eventually


def oldest(settings) -> float:
    return metrics.outbox_oldest.labels(settings.kebab)._value.get()


@pytest.fixture
def nobody_listens() -> str:
    """An address where no broker is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.slow("the client gives up looking for a broker, and the time itself is measured")
def test_the_age_of_the_oldest_event_grows_while_kafka_is_away_and_falls_when_it_is_back(
    settings, database, nobody_listens, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kafka, "REQUEST_TIMEOUT_MS", 2000)
    toy.write("waits")
    metrics.outbox_oldest.labels(settings.kebab).set(0)
    away = Relay(dataclasses.replace(settings, kafka_bootstrap=nobody_listens), database, toy.AGGREGATES)
    stop = threading.Event()
    running = threading.Thread(target=away.run, args=(stop,))

    running.start()
    try:
        assert eventually(lambda: oldest(settings), within=60) > 0
    finally:
        stop.set()
        running.join(60)
    monkeypatch.undo()
    database["_leases"].update_one({"_id": "relay"}, [{"$set": {"until": "$$NOW"}}])
    back = Relay(settings, database, toy.AGGREGATES)
    back.step()
    back.step()
    back.close()

    assert oldest(settings) == 0


def test_a_relay_that_does_not_lead_says_that_nothing_waits(settings, database):
    toy.write("waits")
    leader, standby = Relay(settings, database, toy.AGGREGATES), Relay(settings, database, toy.AGGREGATES)
    leader.lease.hold()
    standby.pending()

    assert standby.step() is None

    assert oldest(settings) == 0
    leader.close()
    standby.close()
