"""The opportunities collection: how an Opportunity is kept in Mongo."""

from datetime import date

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.sales.domain.opportunity import CLOSED_STAGES, OPEN_STAGES, Opportunity
from services.sales.repositories.partial import having
from shared import aggregates, mongo
from shared.events import Announcement
from shared.problems import NotFound

COLLECTION = "opportunities"
EXTERNAL_REF = "source_external_ref"
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel(
        [("source", ASCENDING), ("external_ref", ASCENDING)],
        name=EXTERNAL_REF,
        unique=True,
        partialFilterExpression=having("external_ref"),
    ),
    IndexModel([("stage", ASCENDING), ("_id", DESCENDING)], name="stage"),
    IndexModel([("stage", ASCENDING), ("closed_on", DESCENDING), ("_id", DESCENDING)], name="closed"),
    IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
    IndexModel([("customer_id", ASCENDING), ("_id", DESCENDING)], name="customer"),
    IndexModel(
        [("campaign_code", ASCENDING), ("_id", DESCENDING)],
        name="campaign_code",
        partialFilterExpression=having("campaign_code"),
    ),
]


def get(opportunity_id: str) -> Opportunity:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Opportunity, opportunity_id)


def lock(opportunity_id: str) -> Opportunity:
    """The opportunity, which no other transaction locks before this one ends. Raises NotFound."""
    mongo.collection(COLLECTION).update_one({"_id": opportunity_id}, {"$inc": {"_locked": 1}})
    return get(opportunity_id)


def get_by_external_ref(source: str, external_ref: str | None) -> Opportunity:
    """Raises NotFound."""
    found = aggregates.find(COLLECTION, Opportunity, {"source": source, "external_ref": external_ref})
    if found is None:
        raise NotFound(f"There is no opportunity {external_ref} of source {source}.")
    return found


def insert(opportunity: Opportunity, *, announce: list[Announcement]) -> Opportunity:
    """Raises Duplicate with the index `EXTERNAL_REF` when it was imported before."""
    return aggregates.insert(COLLECTION, opportunity, announce=announce)


def save(opportunity: Opportunity, *, announce: list[Announcement]) -> Opportunity:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, opportunity, announce=announce)


def page(criteria: dict, *, limit: int, cursor: str | None) -> dict:
    """Documents, newest first."""
    return aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor)


def totals(criteria: dict, *, closed_since: date) -> list[dict]:
    """`{_id: {stage, currency}, count, amount}` of the open opportunities and those closed since that day."""
    steps = [
        {"$match": {"$and": [criteria, _on_board(closed_since)]}},
        {
            "$group": {
                "_id": {"stage": "$stage", "currency": "$amount.currency"},
                "count": {"$sum": 1},
                "amount": {"$sum": "$amount.amount"},
            }
        },
    ]
    return list(mongo.collection(COLLECTION).aggregate(steps))


def cards(criteria: dict, *, stage: str, closed_since: date, limit: int) -> list[dict]:
    """The newest documents of one column of the board."""
    column = {"$and": [criteria, {"stage": stage}, _on_board(closed_since)]}
    return list(mongo.collection(COLLECTION).find(column, aggregates.PUBLIC).sort("_id", DESCENDING).limit(limit))


def _on_board(closed_since: date) -> dict:
    return {
        "$or": [
            {"stage": {"$in": list(OPEN_STAGES)}},
            {"stage": {"$in": list(CLOSED_STAGES)}, "closed_on": {"$gte": closed_since.isoformat()}},
        ]
    }
