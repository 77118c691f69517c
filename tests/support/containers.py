"""MongoDB and Kafka in containers, by testcontainers: the images of docker-compose.yml, where a Docker engine answers."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
import yaml
from kafka.errors import KafkaError
from pymongo import MongoClient
from testcontainers.core.container import DockerContainer

from shared import kafka
from shared.topics import TopicSettings

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
MONGOD = [
    *("mongod", "--replSet=rs0", "--bind_ip_all"),
    *("--setParameter=transactionLifetimeLimitSeconds=5", "--setParameter=minSnapshotHistoryWindowInSeconds=5"),
]
KAFKA = {
    "NODE_ID": "1",
    "PROCESS_ROLES": "broker,controller",
    "LISTENERS": "CLIENTS://:9092,BROKER://localhost:9094,CONTROLLER://localhost:9093",
    "LISTENER_SECURITY_PROTOCOL_MAP": "CLIENTS:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "INTER_BROKER_LISTENER_NAME": "BROKER",
    "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
    "AUTO_CREATE_TOPICS_ENABLE": "false",
    "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "HEAP_OPTS": "-Xms256m -Xmx512m",
}


def engine_answers() -> bool:
    try:
        client = docker.from_env(timeout=5)
        return client.ping()
    except docker.errors.DockerException:
        return False


@contextmanager
def running() -> Iterator[tuple[str, str]]:
    """Their addresses, MongoDB's as a URI: ports of this machine only, without passwords, as `stack/` runs them."""
    mongo_port, kafka_port = _free_port(), _free_port()
    with (
        _container("mongodb", 27017, mongo_port).with_command(MONGOD),
        _kafka(_container("kafka", 9092, kafka_port), kafka_port),
    ):
        uri, bootstrap = f"mongodb://127.0.0.1:{mongo_port}/?directConnection=true", f"127.0.0.1:{kafka_port}"
        _initiate(uri)
        _await_broker(bootstrap)
        yield uri, bootstrap


def _container(part: str, inside: int, outside: int) -> DockerContainer:
    image = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][part]["image"]
    container = DockerContainer(image)
    container.ports[f"{inside}/tcp"] = ("127.0.0.1", outside)
    return container


def _kafka(container: DockerContainer, port: int) -> DockerContainer:
    for name, value in KAFKA.items():
        container.with_env(f"KAFKA_{name}", value)
    return container.with_env("KAFKA_ADVERTISED_LISTENERS", f"CLIENTS://127.0.0.1:{port},BROKER://localhost:9094")


def _initiate(uri: str) -> None:
    members = [{"_id": 0, "host": "localhost:27017"}]
    with MongoClient(uri, serverSelectionTimeoutMS=START_SECONDS * 1000) as client:
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        _until(lambda: client.admin.command("hello")["isWritablePrimary"])


def _await_broker(bootstrap: str) -> None:
    def answers() -> bool:
        try:
            kafka.admin(TopicSettings(kafka_bootstrap=bootstrap)).close()
        except KafkaError:
            return False
        return True

    _until(answers)


def _until(probe: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not probe():
        if time.monotonic() > deadline:
            raise TimeoutError(f"A store in a container was not ready within {START_SECONDS} s.")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
