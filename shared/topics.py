"""Topics: `python -m shared.topics` creates those of `contracts/topics.yaml` that the broker does not have yet."""

import dataclasses
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

import yaml

from shared import kafka
from shared.settings import KafkaSettings, ServiceSettings, read

CONTRACT = Path(__file__).parents[1] / "contracts" / "topics.yaml"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TopicSettings(KafkaSettings):
    service: ClassVar[str] = "topics"
    kebab: ClassVar[str] = "topics"


def wanted() -> dict[str, dict[str, Any]]:
    """`{topic: {"partitions": n, "replication": n, "config": {…}}}` with the defaults filled in."""
    contract = yaml.safe_load(CONTRACT.read_text())
    defaults = contract["defaults"]
    return {
        name: defaults | topic | {"config": defaults["config"] | topic.get("config", {})}
        for name, topic in contract["topics"].items()
    }


def create(settings: ServiceSettings | TopicSettings) -> list[str]:
    """Create the missing topics and answer their names. Replication is lowered to the number of brokers there are."""
    client = kafka.admin(settings)
    try:
        brokers = len(client.describe_cluster()["brokers"])
        existing = set(client.list_topics())
        missing = {}
        for name, topic in wanted().items():
            full_name = settings.kafka_topic_prefix + name
            if full_name in existing:
                continue
            replication = min(topic["replication"], brokers)
            in_sync = min(int(topic["config"]["min.insync.replicas"]), max(1, replication - 1))
            missing[full_name] = {
                "num_partitions": topic["partitions"],
                "replication_factor": replication,
                "configs": topic["config"] | {"min.insync.replicas": str(in_sync)},
            }
        if missing:
            client.create_topics(missing, timeout_ms=30_000, wait_for_metadata=True)
        return sorted(missing)
    finally:
        client.close()


def main() -> None:
    settings = TopicSettings(**read(TopicSettings, os.environ))
    created = create(settings)
    print(
        f"{len(created)} topics created: {', '.join(created)}" if created else "All topics are there.", file=sys.stderr
    )


if __name__ == "__main__":
    main()
