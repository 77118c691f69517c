"""The contributions collection: the newest counted state of every lead, opportunity and order."""

from collections.abc import Iterable

from pymongo import IndexModel, ReplaceOne

from services.marketing.domain.contribution import Contribution
from shared import aggregates, mongo

COLLECTION = "contributions"
INDEXES: list[IndexModel] = []


def find_all(ids: Iterable[str]) -> dict[str, Contribution]:
    """What is stored for these ids, by id."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(ids)}})
    return {document["_id"]: aggregates.from_document(Contribution, document) for document in found}


def replace_all(contributions: Iterable[Contribution]) -> None:
    writes = [
        ReplaceOne({"_id": contribution.id}, aggregates.to_document(contribution), upsert=True)
        for contribution in contributions
    ]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)
