"""Processes that kill themselves at the worst moment: `python -m tests.chaos.die relay|projector-write|projector-commit sales`.

They run the suite's real relay and consumer on the real stores, with the environment of the worker that they stand in
for, and end by SIGKILL between two steps that a crash must not come between.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable

from kafka.errors import KafkaError
from pymongo.errors import PyMongoError

from shared import mongo
from shared.consumer import Consumer
from shared.outbox import PublishFailed, Relay
from tests.support.harness import settings_of

WAIT_SECONDS = 40


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingRelay(Relay):
    """Publishes a window and dies before it clears what it published."""

    clear = die


class DyingProjector(Consumer):
    """Applies a batch and dies before it remembers that."""

    advance = die


def try_until_dead(step: Callable[[], object]) -> None:
    """A store that is down at the moment is waited for, as the worker does."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            step()
        except (KafkaError, PyMongoError, PublishFailed) as problem:
            print(f"{problem!r}", file=sys.stderr)
        time.sleep(0.05)


def relay(service: str) -> None:
    settings = settings_of(service, dict(os.environ))
    worker = importlib.import_module(f"services.{service}.worker")
    dying = DyingRelay(settings, mongo.connect(settings), list(worker.AGGREGATES))
    try_until_dead(dying.step)


def projector(service: str, *, before_commit: bool) -> None:
    settings = settings_of(service, dict(os.environ))
    consumers = importlib.import_module(f"services.{service}.consumers")
    handlers = consumers.HANDLERS
    if before_commit:

        def write_and_die(batch, handler):
            handler(batch)
            die()

        handlers = {
            type: (lambda batch, handler=handler: write_and_die(batch, handler)) for type, handler in handlers.items()
        }
    database = mongo.connect(settings)
    consumer = (Consumer if before_commit else DyingProjector)(settings, database, consumers.TOPICS, handlers)
    with mongo.bind(database):
        try_until_dead(consumer.step)


if __name__ == "__main__":
    what, service_ = sys.argv[1:]
    if what == "relay":
        relay(service_)
    else:
        projector(service_, before_commit=what == "projector-write")
    sys.exit(3)  # Nothing came that it could die of.
