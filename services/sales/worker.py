"""The sales service's worker process: outbox relay and consumer, until SIGTERM."""

from services.sales import consumers
from services.sales.config import SalesSettings
from services.sales.repositories import INDEXES, leads, opportunities, orders
from shared import worker

AGGREGATES = [leads.COLLECTION, opportunities.COLLECTION, orders.COLLECTION]


def main() -> None:
    worker.run(
        SalesSettings.from_environment(),
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        derived={leads.COLLECTION: leads.derived},
    )


if __name__ == "__main__":
    main()
