"""The campaigns collection: the newest state of every campaign, by its code.

A document is `{_id: campaign id, version, code, status, source}`.
"""

from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel, ReplaceOne

from shared import mongo

COLLECTION = "campaigns"
INDEXES = [IndexModel([("code", ASCENDING)], name="code")]


def versions(ids: Iterable[str]) -> dict[str, int]:
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(ids)}}, {"version": 1})
    return {row["_id"]: row["version"] for row in found}


def replace_all(documents: list[dict]) -> None:
    if documents:
        writes = [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in documents]
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def statuses(codes: Iterable[str]) -> dict[str, str]:
    """By code, the status of those campaigns that are known."""
    found = mongo.collection(COLLECTION).find({"code": {"$in": list(codes)}}, {"_id": 0, "code": 1, "status": 1})
    return {row["code"]: row["status"] for row in found}
