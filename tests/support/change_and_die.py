"""A process that kills itself in the middle of changing a customer: `python -m tests.support.change_and_die HOW WHEN`.

HOW is `change:<customer id>` or `consume`. WHEN is `<command>:<collection>`: it ends by SIGKILL as soon as MongoDB has
answered this command. The service's own code runs, with the environment of the service.
"""

import os
import signal
import sys
import time

from pymongo import monitoring

from services.customer import commands, consumers
from shared import context, mongo
from shared.consumer import Consumer
from tests.support.harness import settings_of

TIER, WAIT_SECONDS = "C", 60


class Die(monitoring.CommandListener):
    def __init__(self, command: str, collection: str) -> None:
        self._wanted = (command, collection)
        self._started: dict[int, tuple[str, str]] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self._started[event.request_id] = (event.command_name, str(event.command.get(event.command_name)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        command, collection = self._started.pop(event.request_id, ("", ""))
        if command == self._wanted[0] and self._wanted[1] in ("", collection):
            os.kill(os.getpid(), signal.SIGKILL)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self._started.pop(event.request_id, None)


def main() -> None:
    how, when = sys.argv[1:]
    monitoring.register(Die(*when.split(":")))
    settings = settings_of("customer", dict(os.environ))
    database = mongo.connect(settings)
    with mongo.bind(database):
        if how == "consume":
            consumer, end = (
                Consumer(settings, database, consumers.TOPICS, consumers.HANDLERS),
                time.monotonic() + WAIT_SECONDS,
            )
            while time.monotonic() < end:
                consumer.step()
        else:
            context.begin(context.Work(correlation_id="dying", actor="rep.li"))
            commands.change_customer(how.removeprefix("change:"), {"tier": TIER}, expected=None)


if __name__ == "__main__":
    main()
