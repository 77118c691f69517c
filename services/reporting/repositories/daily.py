"""The daily collection: counters of one day and one partition, `{_id: <day>/<partition>, day, counts: {…}}`.

The same partition of all topics belongs to one projector, so two projectors never write the same document.
"""

from collections import defaultdict
from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel, UpdateOne

from shared import mongo

COLLECTION = "daily"
INDEXES = [IndexModel([("day", ASCENDING)], name="day")]


def add(counts: dict[tuple[str, int], dict[str, int]]) -> None:
    """`counts` holds by day and partition what is added to each counter; a dot in its name makes a group."""
    writes = [
        UpdateOne(
            {"_id": f"{day}/{partition}"},
            {"$inc": {f"counts.{name}": amount for name, amount in added.items()}, "$setOnInsert": {"day": day}},
            upsert=True,
        )
        for (day, partition), added in counts.items()
    ]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def between(first: str, last: str) -> dict[str, dict]:
    """By day, the sums over all partitions: `{counter: n, group: {name: n}}`. Days without events are missing."""
    return sums(mongo.collection(COLLECTION).find({"day": {"$gte": first, "$lte": last}}))


def sums(rows: Iterable[dict]) -> dict[str, dict]:
    by_day: dict[str, dict] = {}
    for row in rows:
        add_to(by_day.setdefault(row["day"], {}), row["counts"])
    return by_day


def add_to(total: dict, counts: dict) -> None:
    for name, amount in counts.items():
        if isinstance(amount, dict):
            group = total.setdefault(name, defaultdict(int))
            for part, of_part in amount.items():
                group[part] += of_part
        else:
            total[name] = total.get(name, 0) + amount
