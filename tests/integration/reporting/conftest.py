"""The reporting service, and a way to put a whole seeded history on the topics."""

from collections.abc import Callable, Iterable

import pytest

from shared import kafka
from shared.events import Event
from tests.support.harness import Harness
from tests.support.histories import encoded


@pytest.fixture(scope="module")
def reporting(service: Callable[[str], Harness]) -> Harness:
    return service("reporting")


@pytest.fixture(scope="module")
def tell(reporting: Harness) -> Callable[[Iterable[Event]], None]:
    """Puts events on their topics, keyed as their owners key them."""

    def tell(told: Iterable[Event]) -> None:
        producer = kafka.producer(reporting.settings)
        sent = []
        for event in told:
            key, value = encoded(event)
            sent.append(producer.send(reporting.settings.topic(event.topic), key=key, value=value))
        for future in sent:
            future.get(20)
        producer.close()

    return tell
