"""The leads collection: how a Lead is kept in Mongo."""

from collections.abc import Iterable

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.sales.domain.lead import Lead
from services.sales.repositories.partial import having
from shared import aggregates, mongo
from shared.aggregates import Duplicate, from_document
from shared.events import Announcement
from shared.text import search

COLLECTION = "leads"
EXTERNAL_ID = "partner_external_id"
ROW = aggregates.PUBLIC | {"words": 0}
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel(
        [("partner_id", ASCENDING), ("external_id", ASCENDING)],
        name=EXTERNAL_ID,
        unique=True,
        partialFilterExpression=having("partner_id"),
    ),
    IndexModel(
        [("partner_id", ASCENDING), ("_id", DESCENDING)],
        name="partner",
        partialFilterExpression=having("partner_id"),
    ),
    IndexModel([("status", ASCENDING), ("_id", DESCENDING)], name="status"),
    IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
    IndexModel(
        [("campaign_code", ASCENDING), ("_id", DESCENDING)],
        name="campaign_code",
        partialFilterExpression=having("campaign_code"),
    ),
    # The order by _id is in the index, so that a page of a search is read without sorting.
    IndexModel([("words", ASCENDING), ("_id", DESCENDING)], name="words"),
]


def derived(document: dict) -> dict:
    """What a stored lead is found by."""
    return {"words": search.terms(document["full_name"], document["company_name"])}


def get(lead_id: str) -> Lead:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Lead, lead_id)


def find_by_external_ids(partner_id: str, external_ids: Iterable[str]) -> dict[str, Lead]:
    """The partner's leads that are stored under these ids, by external id."""
    criteria = {"partner_id": partner_id, "external_id": {"$in": list(external_ids)}}
    return {lead.external_id: lead for lead in _find(criteria) if lead.external_id}


def find_unmatched(lead_ids: Iterable[str]) -> list[Lead]:
    """Those of these leads that have no customer yet."""
    return _find({"_id": {"$in": list(lead_ids)}, "customer_id": None})


def insert(lead: Lead, *, announce: list[Announcement]) -> Lead:
    """Raises Duplicate with the index `EXTERNAL_ID` when the partner has sent this lead before."""
    return aggregates.insert(COLLECTION, lead, announce=announce)


def insert_many(items: list[tuple[Lead, list[Announcement]]]) -> list[Duplicate | None]:
    """In one round trip; answers for each lead None, or the Duplicate that kept it out."""
    return aggregates.insert_many(COLLECTION, items)


def save(lead: Lead, *, announce: list[Announcement]) -> Lead:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, lead, announce=announce)


def save_many(items: list[tuple[Lead, list[Announcement]]]) -> None:
    """In one round trip, inside a transaction."""
    aggregates.save_many(COLLECTION, items)


def page(criteria: dict, *, text: str | None, limit: int, cursor: str | None) -> dict:
    """Documents, newest first. Each word of `text` must begin a word of the names."""
    if text:
        asked = search.criteria("words", search.asked(text))
        if asked is None:
            return {"items": [], "next": None}
        criteria = {"$and": [criteria, asked]}
    return aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor, projection=ROW)


def _find(criteria: dict) -> list[Lead]:
    return [from_document(Lead, found) for found in mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC)]
