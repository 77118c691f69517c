"""The partner_rates collection: of each partner one bucket of requests, from which all web processes draw."""

from pymongo import ReturnDocument, WriteConcern

from shared import mongo

COLLECTION = "partner_rates"
INDEXES = []

# What a failover forgets is a second of counting, so nobody waits for the other members.
_FAST = WriteConcern(w=1)


def draw(partner_id: str, *, rate: int, wanted: int) -> tuple[int, int]:
    """Take up to `wanted` requests out of the bucket. Answers how many that were, and how many are left.

    The bucket holds the requests of one second and fills at `rate` a second, by the database's clock.
    """
    since = {"$max": [0, {"$subtract": ["$$NOW", {"$ifNull": ["$at", "$$NOW"]}]}]}
    filled = {"$add": [{"$ifNull": ["$held", rate]}, {"$multiply": [since, rate / 1000]}]}
    bucket = mongo.collection(COLLECTION).with_options(write_concern=_FAST)
    after = bucket.find_one_and_update(
        {"_id": partner_id},
        [
            {"$set": {"held": {"$min": [rate, filled]}, "at": "$$NOW"}},
            {"$set": {"drawn": {"$min": [wanted, {"$floor": "$held"}]}}},
            {"$set": {"held": {"$subtract": ["$held", "$drawn"]}}},
        ],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    return int(after["drawn"]), int(after["held"])
