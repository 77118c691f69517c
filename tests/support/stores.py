"""Where tests find MongoDB and Kafka: the environment, else a Docker engine, else the parts of `stack/`. Never a mock."""

import os
import shutil
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
    elif _docker_answers():
        yield from _containers()
    else:
        yield from _parts()


def _docker_answers() -> bool:
    if shutil.which("docker") is None:
        return False
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _containers() -> Iterator[Stores]:
    from testcontainers.kafka import KafkaContainer
    from testcontainers.mongodb import MongoDbContainer

    mongo = MongoDbContainer("mongo:6.0").with_command("--replSet rs0")
    with mongo, KafkaContainer("confluentinc/cp-kafka:7.9.0").with_kraft() as kafka:
        mongo.exec(["mongosh", "--quiet", "--eval", "rs.initiate()"])
        address = f"{mongo.get_container_host_ip()}:{mongo.get_exposed_port(27017)}"
        yield Stores(f"mongodb://{address}/?directConnection=true", kafka.get_bootstrap_server())


def _parts() -> Iterator[Stores]:
    from stack.environments import ENVIRONMENTS

    test = ENVIRONMENTS["test"]
    stack = [sys.executable, "-m", "stack"]
    subprocess.run([*stack, "up", "--env", "test", "--only", "mongod,kafka"], check=True, timeout=300)
    yield Stores(test.mongo_uri, test.kafka_bootstrap)
