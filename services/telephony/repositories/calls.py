"""The calls collection: how a Call is kept in Mongo, and which one waits longest."""

from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.telephony.domain import call as domain
from services.telephony.domain.call import Call
from shared import aggregates, mongo
from shared.events import Announcement

COLLECTION = "calls"
SWITCH_CALL_ID = "switch_call_id"
MISSED = {"direction": domain.INBOUND, "status": domain.ABANDONED}
INDEXES = [
    IndexModel([("switch_call_id", ASCENDING)], name=SWITCH_CALL_ID, unique=True),
    IndexModel([("status", ASCENDING), ("received_at", ASCENDING), ("_id", ASCENDING)], name="queue"),
    IndexModel([("status", ASCENDING), ("_id", DESCENDING)], name="by_status"),
    IndexModel([("agent_id", ASCENDING), ("_id", DESCENDING)], name="by_agent"),
    IndexModel([("customer_id", ASCENDING), ("_id", DESCENDING)], name="by_customer"),
    *aggregates.OUTBOX_INDEXES,
]


def get(call_id: str) -> Call:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Call, call_id)


def find(call_id: str | None) -> Call | None:
    return aggregates.find(COLLECTION, Call, {"_id": call_id})


def find_among(criteria: dict, call_id: str) -> Call | None:
    """The call, if it meets the criteria."""
    return aggregates.find(COLLECTION, Call, {"$and": [criteria, {"_id": call_id}]})


def find_by_switch_call_id(switch_call_id: str) -> Call | None:
    return aggregates.find(COLLECTION, Call, {"switch_call_id": switch_call_id})


def find_longest_waiting() -> Call | None:
    document = mongo.collection(COLLECTION).find_one(
        {"status": domain.QUEUED}, aggregates.PUBLIC, sort=[("received_at", ASCENDING), ("_id", ASCENDING)]
    )
    return None if document is None else from_document(document)


def find_unmatched(call_ids: list[str]) -> list[Call]:
    """Those of these calls whose caller nobody has recognised."""
    criteria = {"_id": {"$in": call_ids}, "customer_id": None, "match": domain.UNKNOWN}
    return [from_document(row) for row in mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC)]


def ids_of_expired_offers(at: datetime, *, limit: int) -> list[str]:
    return _ids({"status": domain.OFFERED, "offer_expires_at": {"$lte": at}}, limit)


def ids_closing_since(at: datetime, *, limit: int) -> list[str]:
    return _ids({"status": domain.CLOSING, "heard_at": {"$lte": at}}, limit)


def ids_ringing_since(at: datetime, *, limit: int) -> list[str]:
    return _ids({"status": {"$in": [domain.QUEUED, domain.DIALING]}, "heard_at": {"$lte": at}}, limit)


def insert(call: Call, *, announce: list[Announcement]) -> Call:
    """Raises Duplicate when the switch's call is already known."""
    return aggregates.insert(COLLECTION, call, announce=announce)


def save(call: Call, *, announce: list[Announcement]) -> Call:
    return aggregates.save(COLLECTION, call, announce=announce)


def hear_again(call_id: str, at: datetime) -> None:
    """Not a change of the call: it keeps its version, and nothing is published."""
    mongo.collection(COLLECTION).update_one({"_id": call_id}, {"$max": {"heard_at": at}})


def page(criteria: dict, *, limit: int, cursor: str | None) -> tuple[list[Call], str | None]:
    found = aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor)
    return [from_document(row) for row in found["items"]], found["next"]


def counts_by_status(statuses: tuple[str, ...]) -> dict[str, int]:
    groups = mongo.collection(COLLECTION).aggregate(
        [{"$match": {"status": {"$in": list(statuses)}}}, {"$group": {"_id": "$status", "calls": {"$sum": 1}}}]
    )
    return {group["_id"]: group["calls"] for group in groups}


def from_document(document: dict) -> Call:
    return aggregates.from_document(Call, document)


def _ids(criteria: dict, limit: int) -> list[str]:
    rows = mongo.collection(COLLECTION).find(criteria, {"_id": 1}).sort("received_at", ASCENDING).limit(limit)
    return [row["_id"] for row in rows]
