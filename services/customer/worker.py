"""The customer service's worker process: outbox relay and consumer, until SIGTERM."""

from services.customer import consumers
from services.customer.config import CustomerSettings
from services.customer.repositories import INDEXES, customers, interactions
from shared import worker

AGGREGATES = [customers.COLLECTION, interactions.COLLECTION]


def main() -> None:
    worker.run(
        CustomerSettings.from_environment(),
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        derived={customers.COLLECTION: customers.derived},
    )


if __name__ == "__main__":
    main()
