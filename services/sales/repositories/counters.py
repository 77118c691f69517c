"""The counters collection: the next number of a series."""

from pymongo import IndexModel, ReturnDocument

from shared import mongo

COLLECTION = "counters"
INDEXES: list[IndexModel] = []


def next_number(series: str) -> int:
    """1, 2, 3 … Call it outside a transaction: there it would hold up everybody who needs the next one.

    A number whose work then fails is not used again, so a series may have gaps.
    """
    counter = mongo.collection(COLLECTION).find_one_and_update(
        {"_id": series}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
    )
    return counter["last"]
