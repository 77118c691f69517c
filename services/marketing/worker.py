"""The marketing service's worker process: outbox relay and consumer, until SIGTERM."""

from services.marketing import consumers
from services.marketing.config import MarketingSettings
from services.marketing.repositories import INDEXES, campaigns
from shared import worker

AGGREGATES = [campaigns.COLLECTION]


def main() -> None:
    worker.run(
        MarketingSettings.from_environment(),
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        derived={campaigns.COLLECTION: campaigns.derived},
    )


if __name__ == "__main__":
    main()
