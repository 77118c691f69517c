"""The timeline collection: one entry for each event, for good. It is also the memory of what was applied.

Entries of events without a customer are kept too, so that no event is ever counted twice.
"""

from collections.abc import Iterable

from pymongo import ASCENDING, DESCENDING, IndexModel

from shared import aggregates, mongo

COLLECTION = "timeline"
INDEXES = [
    IndexModel(
        [("customer_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)],
        name="newest",
        partialFilterExpression={"customer_id": {"$gt": ""}},
    )
]


def known(ids: Iterable[str]) -> set[str]:
    """Those of the ids that have an entry."""
    return {row["_id"] for row in mongo.collection(COLLECTION).find({"_id": {"$in": list(ids)}}, {"_id": 1})}


def insert(entries: dict[str | None, dict[str, dict]]) -> None:
    """`entries` holds by customer id, or None, and by entry id what the API answers."""
    documents = []
    for customer_id, of_customer in entries.items():
        for entry_id, entry in of_customer.items():
            document = {"_id": entry_id, "customer_id": customer_id, **entry}
            del document["id"]
            documents.append(document)
    if documents:
        mongo.collection(COLLECTION).insert_many(documents, ordered=False)


def page(
    customer_id: str, seen: dict, *, kind: str | None, channel: str | None, limit: int, cursor: str | None
) -> dict:
    """One page of those of the customer's entries that meet the criteria `seen`, newest first."""
    chosen = {name: value for name, value in (("kind", kind), ("channel", channel)) if value is not None}
    found = aggregates.page(
        COLLECTION,
        {"customer_id": customer_id} | chosen | seen,
        sort=("at", DESCENDING),
        limit=limit,
        cursor=cursor,
        projection={"customer_id": 0},
    )
    return found | {"items": [{"id": row.pop("_id")} | row for row in found["items"]]}
