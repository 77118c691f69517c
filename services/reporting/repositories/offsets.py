"""The offsets that the consumer loop keeps beside the views: `{_id: <topic>-<partition>, next}`."""

from kafka import TopicPartition

from shared import mongo

COLLECTION = "_offsets"


def find_all() -> dict[TopicPartition, int]:
    """The next offset to apply of every partition of which something was applied."""
    return {_partition(row["_id"]): row["next"] for row in mongo.collection(COLLECTION).find()}


def _partition(name: str) -> TopicPartition:
    topic, _, number = name.rpartition("-")
    return TopicPartition(topic, int(number))
