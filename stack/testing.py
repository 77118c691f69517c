"""`make check`, `unit`, `test` and `proof`: pytest with what its tests need, on real parts with their own ports and data."""

import os
import subprocess
import sys

from stack import start, stop
from stack.environments import ENVIRONMENTS, ROOT, Environment

SIDE_BY_SIDE = ["-n", "2"]
CHECK = [*SIDE_BY_SIDE, "-m", "not stores", "tests/architecture", "tests/contract"]
UNIT = [*SIDE_BY_SIDE, "tests/unit"]
PROOF = ["-s", "tests/proof", "tests/chaos"]


def check(arguments: list[str]) -> int:
    """What needs no store: format, lint, types, architecture and contracts. Takes under a minute."""
    start.fetch_for_tests({"tools", "web packages"})
    return _pytest([*CHECK, *arguments])[0]


def unit(arguments: list[str]) -> int:
    start.fetch_for_tests({"web packages"})
    return _pytest([*UNIT, *arguments])[0]


def test(arguments: list[str]) -> int:
    """All that must pass, or what the arguments name."""
    return _on_stores(arguments if _names_tests(arguments) else [*SIDE_BY_SIDE, *arguments])


def proof(arguments: list[str]) -> int:
    """What takes too long for every day, one after another."""
    return _on_stores([*PROOF, *arguments])


COMMANDS = {"check": check, "unit": unit, "test": test, "proof": proof}


def _on_stores(arguments: list[str]) -> int:
    """Run pytest on the test environment's stores and stop everything afterwards. The last line printed is pytest's own.

    Tests that need services, gateway and web client start them when the first of them runs.
    """
    environment = ENVIRONMENTS["test"]
    start.fetch_for_tests({"kafka", "oidc", "web", "tools"})
    try:
        start.up(environment, only={"mongod", "kafka"})
        status, last = _pytest(arguments, environment)
    finally:
        for name in ("chaos", environment.name):
            if ENVIRONMENTS[name].directory.exists():
                stop.down(ENVIRONMENTS[name])
    print(last)
    return status


def _names_tests(arguments: list[str]) -> bool:
    return any((ROOT / each.split("::")[0]).exists() for each in arguments if not each.startswith("-"))


def _pytest(arguments: list[str], environment: Environment | None = None) -> tuple[int, str]:
    """Its exit status, and the last line that it printed."""
    addresses = (
        {"TEST_MONGO_URI": environment.mongo_uri, "TEST_KAFKA_BOOTSTRAP": environment.kafka_bootstrap}
        if environment
        else {}
    )
    command = [sys.executable, "-m", "pytest", *arguments]
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **addresses}, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as pytest:
        for line in pytest.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    return pytest.returncode, last
