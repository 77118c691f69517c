"""The interactions collection: how an Interaction is kept in Mongo."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.customer.domain.interaction import Interaction
from shared import aggregates
from shared.events import Announcement

COLLECTION = "interactions"
INDEXES = [
    IndexModel([("customer_id", ASCENDING), ("occurred_at", DESCENDING), ("_id", DESCENDING)], name="customer"),
    *aggregates.OUTBOX_INDEXES,
]


def insert(interaction: Interaction, *, announce: list[Announcement]) -> Interaction:
    return aggregates.insert(COLLECTION, interaction, announce=announce)


def get(interaction_id: str) -> Interaction:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Interaction, interaction_id)


def page_of_customer(customer_id: str, *, limit: int, cursor: str | None) -> dict:
    """Latest first."""
    return aggregates.page(
        COLLECTION, {"customer_id": customer_id}, sort=("occurred_at", DESCENDING), limit=limit, cursor=cursor
    )
