"""The freshness collection: for each partition and topic the last applied event and how long the latest events took.

`{_id: partition, topics: {topic: {last: source, samples: [{at, ms}]}}}`; the dots of a topic's name are written `%2E`.
`{_id: "lag", measured_at, topics: {topic: n}}` says how many events of the log are not applied yet.
"""

from datetime import datetime

from pymongo import IndexModel, UpdateOne

from services.reporting.repositories.field_names import id_of, key_of
from shared import mongo

COLLECTION = "freshness"
INDEXES: list[IndexModel] = []
KEPT_SAMPLES = 50
LAG = "lag"


def add(applied: dict[int, dict[str, tuple[dict, list[dict]]]]) -> None:
    """`applied` holds by partition and topic the last event and new samples."""
    writes = [
        UpdateOne(
            {"_id": partition},
            {
                "$set": {f"topics.{key_of(topic)}.last": last for topic, (last, _) in topics.items()},
                "$push": {
                    f"topics.{key_of(topic)}.samples": {"$each": samples, "$slice": -KEPT_SAMPLES}
                    for topic, (_, samples) in topics.items()
                },
            },
            upsert=True,
        )
        for partition, topics in applied.items()
    ]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def touch(partitions: list[int]) -> None:
    """Change the documents of these partitions, so that a batch in a transaction beside this one conflicts with it."""
    writes = [UpdateOne({"_id": number}, {"$currentDate": {"touched_at": True}}, upsert=True) for number in partitions]
    mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def all_topics() -> dict[str, list[dict]]:
    """By topic, `{last, samples}` of each of its partitions."""
    topics: dict[str, list[dict]] = {}
    for row in mongo.collection(COLLECTION).find({"_id": {"$ne": LAG}}):
        for name, of_topic in row.get("topics", {}).items():
            topics.setdefault(id_of(name), []).append(of_topic)
    return topics


def set_lag(lag: dict[str, int], *, measured_at: datetime) -> None:
    document = {"measured_at": measured_at, "topics": {key_of(topic): waiting for topic, waiting in lag.items()}}
    mongo.collection(COLLECTION).replace_one({"_id": LAG}, document, upsert=True)


def find_lag() -> tuple[dict[str, int], datetime | None]:
    """Events that wait, by topic, and when they were counted."""
    row = mongo.collection(COLLECTION).find_one({"_id": LAG}) or {"topics": {}, "measured_at": None}
    return {id_of(name): waiting for name, waiting in row["topics"].items()}, row["measured_at"]
