"""Writes topics.yaml, the Strimzi objects for contracts/topics.yaml: `python -m k8s.kafka.topics`."""

from pathlib import Path

import yaml

from shared import topics

TARGET = Path(__file__).with_name("topics.yaml")
HEADER = "# Made from contracts/topics.yaml by `python -m k8s.kafka.topics`.\n"


def manifests() -> str:
    return HEADER + yaml.safe_dump_all(
        [_topic(name, wanted) for name, wanted in topics.wanted().items()], sort_keys=False, width=120
    )


def _topic(name: str, wanted: dict) -> dict:
    return {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaTopic",
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": "kafka"}},
        "spec": {"partitions": wanted["partitions"], "replicas": wanted["replication"], "config": wanted["config"]},
    }


if __name__ == "__main__":
    TARGET.write_text(manifests())
