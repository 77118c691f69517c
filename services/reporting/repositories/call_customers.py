"""The call_customers collection: whose call each call is by its newest event, `{_id: call id, customer_id, version}`.

An agent may say in the middle of a call that another customer is on the line. Every batch with events of a call writes
its document, so two projectors that hold the two customers cannot decide at the same time.
"""

from collections.abc import Iterable

from pymongo import IndexModel, ReplaceOne

from shared import mongo

COLLECTION = "call_customers"
INDEXES: list[IndexModel] = []


def find_all(call_ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Version and customer, by call."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(call_ids)}})
    return {row["_id"]: (row["version"], row["customer_id"]) for row in found}


def replace_all(newest: dict[str, tuple[int, str]]) -> None:
    if newest:
        writes = [
            ReplaceOne({"_id": call_id}, {"customer_id": customer_id, "version": version}, upsert=True)
            for call_id, (version, customer_id) in newest.items()
        ]
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)
