"""`make test`: everything that must pass, on real parts with their own ports and data."""

import os
import subprocess
import sys

from stack import start, stop
from stack.environments import ENVIRONMENTS, ROOT, Environment


def run(environment: Environment, arguments: list[str]) -> int:
    """Run pytest on the environment's stores and stop everything afterwards. The last line printed is pytest's own.

    Tests that need services, gateway and web client start them when the first of them runs.
    """
    start.fetch_for_tests()
    try:
        start.up(environment, only={"mongod", "kafka"})
        status, last = _pytest(environment, arguments)
    finally:
        for name in ("chaos", environment.name):
            if ENVIRONMENTS[name].directory.exists():
                stop.down(ENVIRONMENTS[name])
    print(last)
    return status


def _pytest(environment: Environment, arguments: list[str]) -> tuple[int, str]:
    """Its exit status, and the last line that it printed."""
    addresses = {"TEST_MONGO_URI": environment.mongo_uri, "TEST_KAFKA_BOOTSTRAP": environment.kafka_bootstrap}
    command = [sys.executable, "-m", "pytest", *arguments]
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **addresses}, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as pytest:
        for line in pytest.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return pytest.returncode, last
