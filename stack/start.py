"""`up`: fetch what is missing, start what does not run, wait until everything is ready."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack import fetch, gateway, identity, secrets, stores, supervision
from stack.environments import FETCHED, ROOT, Environment
from stack.parts import GATEWAY, SERVICES, STORES, Part, parts

READY_SECONDS = 300
ATTEMPTS = 3
"""A part that has ended this often without ever being ready will not get there by itself."""


class NotReady(Exception):
    """A part does not become ready. The message names it and shows the end of its log."""


def up(environment: Environment, only: set[str]) -> None:
    """Bring up the environment, or only some of its parts (names or groups). Can be repeated at any time."""
    with _alone(FETCHED / "fetch.lock"):
        fetch.fetch(only or {"kafka", "oidc", "web"}, say)
    with _alone(environment.directory / "start.lock"):
        table = _prepare(environment)
        wanted = [part for part in table if not only or {part.name, part.group} & only]
        supervisor = _supervisor(environment, {part.name for part in wanted})
        stages = {stage: [part for part in wanted if part.stage == stage] for stage in (STORES, SERVICES, GATEWAY)}
        _start_stores(environment, supervisor, stages[STORES])
        if stages[SERVICES]:
            stores.create_topics(environment)
        _start(environment, supervisor, stages[SERVICES])
        _start(environment, supervisor, stages[GATEWAY])
        if not only and environment.demo_data:
            _load_demo_data(environment)


def fetch_for_tests(names: set[str]) -> None:
    """`tools` are the programs that check the deployment files."""
    with _alone(FETCHED / "fetch.lock"):
        fetch.fetch(names, say)


def say(text: str) -> None:
    print(f"  {text}\n", end="", flush=True)  # One write, since several threads speak.


def is_ready(part: Part) -> bool:
    if not part.ready:
        return port_is_open(part.port)
    try:
        with urllib.request.urlopen(part.ready, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def port_is_open(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port)) == 0


def _prepare(environment: Environment) -> list[Part]:
    # Data, logs and secrets are for whoever runs the suite, and for nobody else on this machine.
    os.umask(0o077)
    environment.directory.chmod(0o700)
    made = secrets.load(environment)
    identity.ensure_keys(environment)
    stores.prepare(environment)
    gateway.render(environment)
    table = parts(environment, made)
    supervision.configure(environment, table)
    return table


def _supervisor(environment: Environment, wanted: set[str]):
    if supervision.connect(environment) is None and (left := supervision.sweep(environment)):
        say(f"ended {left} processes that a killed supervisor had left behind")
    return supervision.start_daemon(environment, wanted)


def _start_stores(environment: Environment, supervisor, table: list[Part]) -> None:
    if any(part.name == "kafka" for part in table):
        stores.format_kafka(environment)
    _start(environment, supervisor, table)
    if any(part.name == "mongod" for part in table):
        stores.initiate_replica_set(environment)


def _start(environment: Environment, supervisor, table: list[Part]) -> None:
    now = supervision.states(supervisor)
    for part in table:
        if now[part.name]["statename"] in supervision.STOPPED and port_is_open(part.port):
            raise NotReady(f"Port {part.port}, which {part.name} needs, is taken by another program.")
    started = supervision.start(supervisor, [part.name for part in table])
    if started:
        say(f"starting {', '.join(started)}")
    _wait(environment, supervisor, table)


def _wait(environment: Environment, supervisor, table: list[Part]) -> None:
    began = time.monotonic()
    waiting = list(table)
    attempts: dict[str, set[int]] = {part.name: set() for part in table}
    while waiting:
        now = supervision.states(supervisor)
        for part in list(waiting):
            if is_ready(part):
                waiting.remove(part)
                say(f"{part.name} is ready ({time.monotonic() - began:.1f} s)")
            elif pid := now[part.name]["pid"]:
                attempts[part.name].add(pid)
        broken = [part for part in waiting if len(attempts[part.name]) > ATTEMPTS]
        if broken or time.monotonic() - began > READY_SECONDS:
            raise NotReady("\n\n".join(_last_words(environment, part) for part in broken or waiting))
        time.sleep(0.2)


def _last_words(environment: Environment, part: Part) -> str:
    log = environment.logs / f"{part.name}.log"
    lines = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return "\n".join([f"{part.name} is not ready. The end of its log ({log.relative_to(ROOT)}):", *lines])


def _load_demo_data(environment: Environment) -> None:
    mark = environment.data / "demo-loaded"
    if mark.exists():
        return
    say("loading demo data")
    subprocess.run([sys.executable, "-m", "stack.demo", "--env", environment.name], check=True, cwd=ROOT)
    mark.touch()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Two starts at the same time would undo each other's work, so the second waits."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
