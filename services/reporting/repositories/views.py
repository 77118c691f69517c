"""The views collection: one document for each customer, in the shape that `projections/fold.py` describes."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pymongo import DESCENDING, IndexModel, UpdateOne
from pymongo.collection import Collection

from shared import mongo
from shared.combining import Combiner

COLLECTION = "views"
INDEXES: list[IndexModel] = []
MAX_RECENT = 20


@dataclass
class Changes:
    """What a batch of events changes: paths of the view, and records that go to the overflow or come back from it.

    The records are `(block, key)` and, where they go to the overflow, the item.
    """

    set: dict[str, Any] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)
    inc: dict[str, int] = field(default_factory=dict)
    recent: list[dict] = field(default_factory=list)
    to_overflow: list[tuple[str, str, dict]] = field(default_factory=list)
    from_overflow: list[tuple[str, str]] = field(default_factory=list)

    def add(self, path: str, amount: int) -> None:
        self.inc[path] = self.inc.get(path, 0) + amount


def find(customer_id: str) -> dict | None:
    return _reader(mongo.collection(COLLECTION)).ask(customer_id)


@functools.lru_cache(maxsize=4)
def _reader(collection: Collection) -> Combiner[str, dict | None]:
    """Views are read more often than anything else, so readers that come at the same moment share a round trip."""

    def read(customer_ids: list[str]) -> list[dict | None]:
        found = {view["_id"]: view for view in collection.find({"_id": {"$in": customer_ids}})}
        return [found.get(id) for id in customer_ids]

    return Combiner(read)


def find_parts(customer_ids: Iterable[str], parts: Iterable[str]) -> dict[str, dict]:
    """By id, these parts of the views."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(customer_ids)}}, dict.fromkeys(parts, 1))
    return {view["_id"]: view for view in found}


def change(changes: dict[str, Changes]) -> None:
    """Bring the views of these customers up to date, making those that are missing."""
    writes = [
        UpdateOne({"_id": customer_id}, update, upsert=True)
        for customer_id, of_customer in changes.items()
        if (update := _update(of_customer))
    ]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def _update(changes: Changes) -> dict:
    update: dict[str, dict] = {}
    if changes.set:
        update["$set"] = changes.set
    if changes.unset:
        update["$unset"] = dict.fromkeys(changes.unset, "")
    if inc := {path: amount for path, amount in changes.inc.items() if amount}:
        update["$inc"] = inc
    if changes.recent:
        newest = {"at": DESCENDING, "id": DESCENDING}
        update["$push"] = {"recent": {"$each": changes.recent, "$sort": newest, "$slice": MAX_RECENT}}
    return update
