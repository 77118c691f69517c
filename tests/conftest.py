"""Fixtures for all tests: real stores, tokens, and services running against them."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support import scheduling
from tests.support import stores as stores_
from tests.support.budget import Budget
from tests.support.harness import Harness
from tests.support.suite import api, browser, environment, gateway, page  # noqa: F401 - fixtures
from tests.support.tokens import Issuer
from tests.support.topics import Topics

# How long one example takes depends on who else uses the machine; how long the whole test takes is judged by its budget.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

PROOF = Path(__file__).parent / "proof"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budget())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is too long for every day runs only where it is named."""
    named = any("proof" in argument for argument in config.args)
    return True if collection_path == PROOF and not named else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "stores" in item.fixturenames:
            item.add_marker("stores")
    scheduling.name_apart(items)
    scheduling.sort(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> scheduling.AloneLast:
    return scheduling.AloneLast(config, log)


@pytest.fixture(scope="session")
def stores() -> Iterator[stores_.Stores]:
    with stores_.running() as found:
        yield found


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.close()


@pytest.fixture(scope="session")
def topics(stores: stores_.Stores) -> Iterator[Topics]:
    """One set of topics for all modules of this process; parallel processes have their own."""
    topics = Topics(stores.kafka_bootstrap)
    yield topics
    topics.delete()


@pytest.fixture(scope="module")
def suffix() -> str:
    """Names the databases of one test module, so that modules and parallel runs never meet."""
    return uuid.uuid4().hex[:10]


@pytest.fixture(scope="module")
def service(stores: stores_.Stores, issuer: Issuer, topics: Topics, suffix: str) -> Iterator[Callable[[str], Harness]]:
    """`sales = service("sales")`: one harness per service and test module, on topics that are empty when it begins."""
    topics.empty()
    running: dict[str, Harness] = {}

    def start(name: str) -> Harness:
        if name not in running:
            running[name] = Harness(name, stores=stores, issuer=issuer, suffix=suffix, topic_prefix=topics.prefix)
        return running[name]

    yield start
    for harness in running.values():
        harness.close()
