"""The campaign_results collection: the counters of every campaign code that a lead, opportunity or order names.

A document is `{_id: code, contributions, leads: {status: n}, opportunities: {…}, orders: {…}, revenue: {currency: minor
units}, counted_until}`. Counters may be zero and parts may be missing.
"""

from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel, UpdateOne

from services.marketing.domain.contribution import Difference
from shared import aggregates, mongo

COLLECTION = "campaign_results"
INDEXES: list[IndexModel] = []


def add(differences: dict[str, Difference]) -> None:
    writes = [
        UpdateOne(
            {"_id": code},
            {"$inc": difference.counters, "$max": {"counted_until": difference.counted_until}},
            upsert=True,
        )
        for code, difference in differences.items()
    ]
    if writes:
        mongo.collection(COLLECTION).bulk_write(writes, ordered=False)


def find_all(codes: Iterable[str]) -> dict[str, dict]:
    """The documents of these codes, by code; a code that nothing named is missing."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(codes)}})
    return {document["_id"]: document for document in found}


def page_of_others(known_codes: list[str], *, limit: int, cursor: str | None) -> dict:
    """Documents of codes that something names now and that are not in `known_codes`, in the order of the code."""
    criteria = {"_id": {"$nin": known_codes}, "contributions": {"$gt": 0}}
    return aggregates.page(COLLECTION, criteria, sort=("_id", ASCENDING), limit=limit, cursor=cursor)
