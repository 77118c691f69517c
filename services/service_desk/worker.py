"""The service desk's worker process: outbox relay and consumer, until SIGTERM."""

from services.service_desk import consumers
from services.service_desk.config import ServiceDeskSettings
from services.service_desk.repositories import INDEXES, tickets
from shared import worker

AGGREGATES = [tickets.COLLECTION]


def main() -> None:
    worker.run(
        ServiceDeskSettings.from_environment(),
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        derived={tickets.COLLECTION: tickets.derived},
    )


if __name__ == "__main__":
    main()
