"""Fixtures for all tests: real stores, tokens, and services running against them."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from shared import kafka, topics
from shared.topics import TopicSettings
from tests.support import stores as stores_
from tests.support.harness import Harness
from tests.support.tokens import Issuer

TEST_PARTITIONS = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that kill a whole environment come last, when nothing else needs the machine."""
    items.sort(key=lambda item: item.get_closest_marker("chaos") is not None)


@pytest.fixture(scope="session")
def stores() -> Iterator[stores_.Stores]:
    with stores_.running() as found:
        yield found


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture(scope="module")
def suffix(stores: stores_.Stores) -> Iterator[str]:
    """Names the databases and topics of one test module, so that modules and parallel runs never meet."""
    suffix = uuid.uuid4().hex[:10]
    settings = TopicSettings(kafka_bootstrap=stores.kafka_bootstrap, kafka_topic_prefix=f"test-{suffix}.")
    client = kafka.admin(settings)
    wanted = {
        settings.kafka_topic_prefix + name: {
            "num_partitions": min(topic["partitions"], TEST_PARTITIONS),
            "replication_factor": 1,
            "configs": topic["config"] | {"min.insync.replicas": "1"},
        }
        for name, topic in topics.wanted().items()
    }
    client.create_topics(wanted, timeout_ms=60_000, wait_for_metadata=True)
    yield suffix
    client.delete_topics(list(wanted), timeout_ms=30_000)
    client.close()


@pytest.fixture(scope="module")
def service(stores: stores_.Stores, issuer: Issuer, suffix: str) -> Iterator[Callable[[str], Harness]]:
    """`sales = service("sales")`: one harness per service and test module."""
    running: dict[str, Harness] = {}

    def start(name: str) -> Harness:
        if name not in running:
            running[name] = Harness(name, stores=stores, issuer=issuer, suffix=suffix)
        return running[name]

    yield start
    for harness in running.values():
        harness.close()
