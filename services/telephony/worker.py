"""The telephony service's worker process: outbox relay, consumer and the queue's timers, until SIGTERM."""

from functools import partial

from services.telephony import consumers
from services.telephony.commands import routing
from services.telephony.config import TelephonySettings
from services.telephony.repositories import INDEXES, calls
from shared import worker
from shared.worker import Timer

AGGREGATES = [calls.COLLECTION]


def timers(settings: TelephonySettings) -> list[Timer]:
    return [
        Timer("expire_offers", every_seconds=1, run=partial(routing.expire_offers, settings.offer_seconds)),
        Timer(
            "settle_closing_calls", every_seconds=1, run=partial(routing.settle_closing_calls, settings.settle_seconds)
        ),
        Timer(
            "give_up_forgotten_calls",
            every_seconds=30,
            run=partial(routing.give_up_forgotten_calls, settings.queue_limit_seconds),
        ),
    ]


def main() -> None:
    settings = TelephonySettings.from_environment()
    worker.run(
        settings,
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        timers=timers(settings),
        copied=consumers.TOPICS,
    )


if __name__ == "__main__":
    main()
