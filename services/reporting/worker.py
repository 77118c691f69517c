"""The reporting service's worker process: the projector and the measurement of its lag, until SIGTERM."""

from services.reporting import consumers
from services.reporting.config import ReportingSettings
from services.reporting.lag import Gauge
from services.reporting.repositories import INDEXES
from shared import worker
from shared.worker import Timer

AGGREGATES: list[str] = []
LAG_SECONDS = 5


def main() -> None:
    settings = ReportingSettings.from_environment()
    worker.run(
        settings,
        aggregates=AGGREGATES,
        handlers=consumers.HANDLERS,
        topics=consumers.TOPICS,
        indexes=INDEXES,
        timers=[Timer("measure_lag", every_seconds=LAG_SECONDS, run=Gauge(settings).measure)],
    )


if __name__ == "__main__":
    main()
