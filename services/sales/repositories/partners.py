"""The partners collection: how a Partner is kept in Mongo."""

from pymongo import ASCENDING

from services.sales.domain.partner import Partner
from shared import aggregates

COLLECTION = "partners"
INDEXES = [*aggregates.OUTBOX_INDEXES]


def get(partner_id: str) -> Partner:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Partner, partner_id)


def insert(partner: Partner) -> Partner:
    """Raises Duplicate when the id is taken."""
    return aggregates.insert(COLLECTION, partner, announce=[])


def page(*, limit: int, cursor: str | None) -> dict:
    """By id."""
    return aggregates.page(COLLECTION, {}, sort=("_id", ASCENDING), limit=limit, cursor=cursor)
