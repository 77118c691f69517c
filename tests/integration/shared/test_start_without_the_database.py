"""Processes that are started before their database: they wait, alive, and become ready by themselves when it comes."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import IndexModel

from shared import mongo
from tests.support.broker import free_port
from tests.support.harness import eventually
from tests.support.mongod import Mongod
from tests.support.tokens import AUDIENCE, ISSUER

WEB = ["-m", "gunicorn", "-c", "shared/gunicorn.conf.py", "tests.support.toy:create_app()"]
PUSH = [*WEB[:-1], "services.reporting.push:create_push_app()"]
WORKER = ["-m", "tests.support.toy.worker"]


class Process:
    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self.port = free_port()
        address = {"BIND": f"127.0.0.1:{self.port}", "WORKER_PORT": str(self.port)}
        self.popen = subprocess.Popen([sys.executable, *command], env=os.environ | environ | address)

    def ask(self, method: str, path: str, *, headers: dict | None = None, body: str | None = None) -> tuple[int, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except ConnectionRefusedError:
            return 0, {}
        finally:
            connection.close()

    def status(self, path: str) -> int:
        return self.ask("GET", path)[0]

    def identity(self) -> set[str]:
        """Its process id and those of its children: a child that ended and was replaced has another one."""
        children = Path(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children")
        return {str(self.popen.pid), *children.read_text().split()}


@pytest.fixture
def mongod(tmp_path: Path) -> Iterator[Mongod]:
    mongod = Mongod(tmp_path)
    yield mongod
    mongod.kill()


@pytest.fixture
def processes(settings, mongod, issuer) -> Iterator[dict[str, Process]]:
    environ = {
        "MONGO_URI": mongod.uri,
        "MONGO_DATABASE": settings.mongo_database,
        "KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "KAFKA_TOPIC_PREFIX": settings.kafka_topic_prefix,
        "OIDC_ISSUER": ISSUER,
        "OIDC_AUDIENCE": AUDIENCE,
        "OIDC_JWKS_URL": issuer.jwks_url,
        "LOG_LEVEL": "ERROR",
    }
    running = {
        name: Process(command, environ) for name, command in {"web": WEB, "push": PUSH, "worker": WORKER}.items()
    }
    yield running
    for process in running.values():
        process.popen.kill()
        process.popen.wait()


@pytest.mark.slow("processes and a database start")
def test_a_process_that_starts_before_its_database_waits_alive_and_serves_when_it_comes(processes, mongod, issuer):
    headers = {"Authorization": f"Bearer {issuer.token('rep.li')}", "Content-Type": "application/json"}
    note = json.dumps({"text": "as soon as possible"})
    for process in processes.values():
        eventually(lambda process=process: process.status("/livez") == 200, within=60)
    identities = {name: process.identity() for name, process in processes.items()}
    readiness = {name: process.status("/readyz") for name, process in processes.items()}
    status, problem = processes["web"].ask("POST", "/v1/notes", headers=headers, body=note)

    assert readiness == {"web": 503, "push": 503, "worker": 503}
    assert (status, problem["code"]) == (503, "unavailable")

    mongod.start()
    for process in processes.values():
        eventually(lambda process=process: process.status("/readyz") == 200, within=60)
    status, _ = processes["web"].ask("POST", "/v1/notes", headers=headers, body=note)

    assert status == 201
    assert {name: process.identity() for name, process in processes.items()} == identities


def test_data_that_forbids_an_index_keeps_the_service_waiting_until_somebody_mends_it(database, monkeypatch):
    monkeypatch.setattr(mongo, "RETRY_REFUSED_SECONDS", 0.1)
    database.numbers.insert_many([{"_id": 1, "number": 7}, {"_id": 2, "number": 7}])
    unique = IndexModel("number", unique=True, name="number")

    prepared = mongo.prepare_in_background(database, {"numbers": [unique]})

    assert not prepared.wait(0.5)

    database.numbers.delete_one({"_id": 2})

    assert prepared.wait(10)
    assert database.numbers.index_information()["number"]["unique"]
