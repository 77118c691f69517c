"""What a worker answers to its probes."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from shared.consumer import Consumer
from shared.worker import Health
from tests.support import toy
from tests.support.broker import free_port
from tests.support.harness import eventually

ONE_PARTITION = "toy.dlq"


@pytest.fixture
def member(settings: toy.ToySettings, database) -> Iterator[Callable[[str], tuple[Consumer, Health]]]:
    """Starts a member of the service's group, reading one topic, with what its probes are answered from."""
    stop, threads = threading.Event(), []

    def start(topic: str) -> tuple[Consumer, Health]:
        consumer, health = Consumer(settings, database, [topic], {}), Health(database, "127.0.0.1")
        health.watch(["consumer"], consumer)
        threads.append(threading.Thread(target=consumer.run, args=(stop, lambda: health.beat("consumer"))))
        threads[-1].start()
        return consumer, health

    yield start
    stop.set()
    for thread in threads:
        thread.join(30)


def test_a_worker_to_whom_no_partition_is_left_is_ready_so_that_a_rollout_goes_on(member):
    consumers, healths = zip(*[member(ONE_PARTITION) for _ in range(3)], strict=True)

    def one_works_and_all_are_ready() -> bool:
        working = sum(consumer.assigned for consumer in consumers)
        return working == 1 and all(health.ready() is None for health in healths)

    eventually(one_works_and_all_are_ready, within=60)


def test_a_worker_whose_topic_does_not_exist_yet_is_not_ready(member):
    consumer, health = member("toy.nowhere")

    eventually(consumer.joined.is_set, within=60)
    assert health.ready() == "the consumer does not know its partitions yet"


def test_a_connection_that_says_nothing_keeps_no_probe_waiting(database):
    health, port = Health(database, "127.0.0.1"), free_port()
    health.serve(port)

    with socket.create_connection(("127.0.0.1", port)):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/livez")
        answer = json.load(connection.getresponse())
        connection.close()

    assert answer == {"status": "ok"}
    assert time.monotonic() - began < 1
