"""The tickets collection: how a Ticket with its conversation is kept in Mongo."""

import re
from collections.abc import Iterable
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.service_desk.domain.ticket import Ticket
from shared import aggregates, mongo
from shared.events import Announcement
from shared.text import characters, search

COLLECTION = "tickets"
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel([("number", ASCENDING)], name="number", unique=True),
    IndexModel([("status", ASCENDING), ("_id", DESCENDING)], name="status"),
    IndexModel([("assignee", ASCENDING), ("_id", DESCENDING)], name="assignee"),
    IndexModel([("priority", ASCENDING), ("_id", DESCENDING)], name="priority"),
    IndexModel([("type", ASCENDING), ("_id", DESCENDING)], name="type"),
    IndexModel([("customer_id", ASCENDING), ("_id", DESCENDING)], name="customer"),
    # The order by _id is in the index, so that a page of a search is read without sorting.
    IndexModel([("words", ASCENDING), ("_id", DESCENDING)], name="words"),
    # Only running clocks have a due time, so the overdue list reads nothing but its own tickets.
    IndexModel(
        [("due_at", ASCENDING), ("_id", ASCENDING)],
        name="due",
        partialFilterExpression={"due_at": {"$type": "date"}},
    ),
]
ROW = aggregates.PUBLIC | {"entries": 0, "description": 0, "words": 0, "policy.calendar": 0, "policy.targets": 0}
_NUMBER = re.compile(r"T-[0-9]{1,4}(-[0-9]{0,12})?", re.ASCII)


def derived(document: dict) -> dict:
    """What a stored ticket is found by."""
    return {"words": search.terms(document["subject"])}


def get(ticket_id: str) -> Ticket:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Ticket, ticket_id)


def insert(ticket: Ticket, *, announce: list[Announcement]) -> Ticket:
    return aggregates.insert(COLLECTION, ticket, announce=announce)


def save(ticket: Ticket, *, announce: list[Announcement]) -> Ticket:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, ticket, announce=announce)


def unmatched(ticket_ids: Iterable[str]) -> list[str]:
    """Those of these tickets whose customer is not known yet."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(ticket_ids)}, "customer_id": None}, {"_id": 1})
    return [document["_id"] for document in found]


def page(criteria: dict, *, limit: int, cursor: str | None) -> dict:
    """Documents without their conversations, newest first."""
    return aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor, projection=ROW)


def page_of_overdue(now: datetime, criteria: dict, *, limit: int, cursor: str | None) -> dict:
    """Documents past their next due time, the latest first."""
    late = criteria | {"due_at": {"$type": "date", "$lt": now}}
    return aggregates.page(COLLECTION, late, sort=("due_at", ASCENDING), limit=limit, cursor=cursor, projection=ROW)


def overdue(now: datetime) -> dict:
    """The criterion for tickets past their next due time."""
    return {"due_at": {"$type": "date", "$lt": now}}


def in_time(now: datetime) -> dict:
    """The criterion for all other tickets."""
    return {"$or": [{"due_at": None}, {"due_at": {"$gte": now}}]}


def matching(text: str) -> dict:
    """The criterion for a number or its beginning, or for words of the subject from their beginnings."""
    number = characters.plain(text).upper()
    if _NUMBER.fullmatch(number):
        return {"number": {"$regex": f"^{number}"}}
    return search.criteria("words", search.asked(text)) or {"_id": {"$in": []}}
