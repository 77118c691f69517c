"""The overflow_items collection: records of a customer beyond the 50 of their kind that the view shows.

A document is the view's item under `_id: <customer>/<block>/<key>` with `customer_id`, `block` and `key`.
"""

from pymongo import ASCENDING, DESCENDING, DeleteOne, IndexModel, ReplaceOne

from services.reporting.repositories.views import Changes
from shared import mongo

COLLECTION = "overflow_items"
INDEXES = [
    IndexModel(
        [("customer_id", ASCENDING), ("block", ASCENDING), ("open", DESCENDING), ("id", DESCENDING)], name="rank"
    )
]
_PLACE = ("_id", "customer_id", "block", "key")


def find(customer_id: str, block: str, *, keys: set[str], highest: int) -> dict[str, dict]:
    """The records with these keys and as many of the highest ranked, by key."""
    collection = mongo.collection(COLLECTION)
    found = list(collection.find({"_id": {"$in": [_id(customer_id, block, key) for key in keys]}}))
    if highest:
        ranked = [("open", DESCENDING), ("id", DESCENDING)]
        found += collection.find({"customer_id": customer_id, "block": block}).sort(ranked).limit(highest)
    return {row["key"]: {name: row[name] for name in row if name not in _PLACE} for row in found}


def move(changes: dict[str, Changes]) -> None:
    """Take in what leaves the views and remove what comes back to them."""
    writes: list[ReplaceOne | DeleteOne] = []
    for customer_id, of_customer in changes.items():
        for block, key, item in of_customer.to_overflow:
            place = {"_id": _id(customer_id, block, key), "customer_id": customer_id, "block": block, "key": key}
            writes.append(ReplaceOne({"_id": place["_id"]}, place | item, upsert=True))
        writes += [DeleteOne({"_id": _id(customer_id, block, key)}) for block, key in of_customer.from_overflow]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def _id(customer_id: str, block: str, key: str) -> str:
    return f"{customer_id}/{block}/{key}"
