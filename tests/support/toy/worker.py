"""The toy service's worker process."""

from shared import events, worker
from tests.support import toy


def main() -> None:
    events.SCHEMAS = toy.SCHEMAS
    worker.run(
        toy.ToySettings.from_environment(),
        aggregates=toy.AGGREGATES,
        handlers={"toy.note.written": lambda _: None},
        topics=[toy.TOPIC],
        indexes=toy.INDEXES,
    )


if __name__ == "__main__":
    main()
