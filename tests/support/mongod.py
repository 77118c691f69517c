"""A mongod of a test's own, started as `stack/` starts one, at the moment that the test chooses."""

import subprocess
from pathlib import Path

from stack import start, stores
from stack.parts import parts
from stack.secrets import Secrets
from tests.support.broker import Elsewhere, free_port
from tests.support.harness import eventually

MONGOD_PORT = 8105


class Mongod:
    def __init__(self, directory: Path) -> None:
        self._environment = Elsewhere("mongod", demo_data=False, root=directory, port_offset=free_port() - MONGOD_PORT)
        stores.prepare(self._environment)
        self._part = next(part for part in parts(self._environment, Secrets()) if part.name == "mongod")
        self._process: subprocess.Popen | None = None
        self.uri = self._environment.mongo_uri

    def start(self) -> None:
        self._process = subprocess.Popen(self._part.command, stdout=subprocess.DEVNULL)
        eventually(lambda: start.port_is_open(self._part.port), within=60)
        stores.initiate_replica_set(self._environment)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
