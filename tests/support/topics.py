"""The topics that all test modules of one pytest process share, one after another."""

import uuid
from typing import Any

from kafka import TopicPartition
from kafka.admin import MemberToRemove

from shared import kafka, topics
from shared.topics import TopicSettings

PARTITIONS = 3
TO_THE_END = -1


class Topics:
    """Made once; `empty` before each module, so that for it every topic begins where it begins."""

    def __init__(self, bootstrap: str) -> None:
        self.prefix = f"test-{uuid.uuid4().hex[:10]}."
        self._admin = kafka.admin(TopicSettings(kafka_bootstrap=bootstrap))
        self._partitions = {self.prefix + name: topic["partitions"] for name, topic in _wanted().items()}
        self._admin.create_topics(
            {
                self.prefix + name: {
                    "num_partitions": topic["partitions"],
                    "replication_factor": 1,
                    "configs": topic["config"],
                }
                for name, topic in _wanted().items()
            },
            timeout_ms=60_000,
            wait_for_metadata=True,
        )

    def empty(self) -> None:
        """Delete all records, and let nobody stay in a consumer group.

        Offsets go on: who reads from the beginning finds the first record that comes now. A process that a test killed
        would keep its partitions until its session ends, and the next module would wait for it.
        """
        self._admin.delete_records(
            {
                TopicPartition(name, number): TO_THE_END
                for name, count in self._partitions.items()
                for number in range(count)
            },
            timeout_ms=30_000,
        )
        groups = [group["group_id"] for group in self._admin.list_groups() if group["group_id"].startswith(self.prefix)]
        for name, group in self._admin.describe_groups(groups).items() if groups else ():
            if members := group["members"]:
                self._admin.remove_group_members(name, [MemberToRemove(member["member_id"]) for member in members])

    def delete(self) -> None:
        self._admin.delete_topics(list(self._partitions), timeout_ms=30_000)
        self._admin.close()


def _wanted() -> dict[str, dict[str, Any]]:
    """Those of the contract, smaller. A topic that is only compacted would refuse to have its records deleted."""
    wanted = {}
    for name, topic in topics.wanted().items():
        config = topic["config"] | {"min.insync.replicas": "1"}
        if config["cleanup.policy"] == "compact":
            config["cleanup.policy"] = "compact,delete"
        wanted[name] = {"partitions": min(topic["partitions"], PARTITIONS), "config": config}
    return wanted
