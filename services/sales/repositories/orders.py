"""The orders collection: how an Order is kept in Mongo."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.sales.domain.order import CANCELLED, Order
from services.sales.repositories.partial import having
from shared import aggregates, mongo
from shared.events import Announcement

COLLECTION = "orders"
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel([("number", ASCENDING)], name="number", unique=True),
    IndexModel([("status", ASCENDING), ("_id", DESCENDING)], name="status"),
    IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
    IndexModel([("customer_id", ASCENDING), ("_id", DESCENDING)], name="customer"),
    IndexModel(
        [("opportunity_id", ASCENDING), ("_id", DESCENDING)],
        name="opportunity",
        partialFilterExpression=having("opportunity_id"),
    ),
    IndexModel(
        [("campaign_code", ASCENDING), ("_id", DESCENDING)],
        name="campaign_code",
        partialFilterExpression=having("campaign_code"),
    ),
]


def get(order_id: str) -> Order:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Order, order_id)


def insert(order: Order, *, announce: list[Announcement]) -> Order:
    return aggregates.insert(COLLECTION, order, announce=announce)


def save(order: Order, *, announce: list[Announcement]) -> Order:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, order, announce=announce)


def of_opportunity(opportunity_id: str) -> list[Order]:
    """The newest ten that were not cancelled."""
    criteria = {"opportunity_id": opportunity_id, "status": {"$ne": CANCELLED}}
    found = mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC).sort("_id", DESCENDING).limit(10)
    return [aggregates.from_document(Order, document) for document in found]


def page(criteria: dict, *, limit: int, cursor: str | None) -> dict:
    """Documents, newest first."""
    return aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor)
