"""A Kafka broker of a test's own, started as `stack/` starts one, so that it can be frozen without harm to other tests."""

import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stack import start, stores
from stack.environments import Environment
from stack.parts import parts
from stack.secrets import Secrets
from tests.support.harness import eventually

BROKER_PORT = 8106
SHORTEST_SESSION_MS = 1000


@dataclass(frozen=True)
class Elsewhere(Environment):
    """An environment that leaves nothing in the checkout."""

    root: Path

    @property
    def directory(self) -> Path:
        return self.root

    def port(self, base: int) -> int:
        return base + self.port_offset


class Broker:
    """With members of groups allowed to have short sessions."""

    def __init__(self, directory: Path) -> None:
        environment = Elsewhere("broker", free_port() - BROKER_PORT, demo_data=False, root=directory)
        stores.prepare(environment)
        with (directory / "kafka.properties").open("a") as properties:
            properties.write(f"\ngroup.min.session.timeout.ms={SHORTEST_SESSION_MS}\n")
        stores.format_kafka(environment)
        self._part = next(part for part in parts(environment, Secrets()) if part.name == "kafka")
        self._log = directory / "kafka.log"
        self.bootstrap = environment.kafka_bootstrap
        self.start()

    def start(self) -> None:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(self._part.command, stdout=log, stderr=log)
        eventually(lambda: start.port_is_open(self._part.port), within=60)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Nothing is answered any more, but connections stay open and the kernel accepts new ones."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._process.send_signal(signal.SIGCONT)


def free_port() -> int:
    """One whose next is free too: the controller takes it."""
    while True:
        with socket.socket() as broker, socket.socket() as controller:
            broker.bind(("127.0.0.1", 0))
            port = broker.getsockname()[1]
            try:
                controller.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                continue
