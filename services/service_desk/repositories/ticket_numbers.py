"""The ticket_numbers collection: the last number given out in each year, `{_id: year, last}`."""

from pymongo import IndexModel, ReturnDocument

from shared import mongo

COLLECTION = "ticket_numbers"
INDEXES: list[IndexModel] = []


def next_number(year: int) -> str:
    """`T-2026-000123`. A number whose ticket could not be stored is never given out again."""
    counter = mongo.collection(COLLECTION).find_one_and_update(
        {"_id": year}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
    )
    return f"T-{year}-{counter['last']:06}"
