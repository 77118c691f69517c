"""Where tests find MongoDB and Kafka: the environment, else a Docker engine, else the parts of `stack/`. Never a mock."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Stores:
    mongo_uri: str
    kafka_bootstrap: str


@contextmanager
def running() -> Iterator[Stores]:
    if "TEST_MONGO_URI" in os.environ and "TEST_KAFKA_BOOTSTRAP" in os.environ:
        yield Stores(os.environ["TEST_MONGO_URI"], os.environ["TEST_KAFKA_BOOTSTRAP"])
        return

    from tests.support import containers  # Its clients take half a second to load, and few runs need them.

    if containers.engine_answers():
        with containers.running() as (mongo_uri, kafka_bootstrap):
            yield Stores(mongo_uri, kafka_bootstrap)
    else:
        yield from _parts()


def _parts() -> Iterator[Stores]:
    from stack.environments import ENVIRONMENTS

    test = ENVIRONMENTS["test"]
    stack = [sys.executable, "-m", "stack"]
    subprocess.run([*stack, "up", "--env", "test", "--only", "mongod,kafka"], check=True, timeout=300)
    yield Stores(test.mongo_uri, test.kafka_bootstrap)
