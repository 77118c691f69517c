"""The partner_keys collection: how a PartnerKey is kept in Mongo, without its secret."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.sales.domain.partner import PartnerKey
from shared import aggregates
from shared.problems import NotFound

COLLECTION = "partner_keys"
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel([("partner_id", ASCENDING), ("_id", DESCENDING)], name="partner"),
]


def get(partner_id: str, key_id: str) -> PartnerKey:
    """Raises NotFound, also for a key of another partner."""
    key = find(key_id)
    if key is None or key.partner_id != partner_id:
        raise NotFound(f"Partner {partner_id[:40]} has no key {key_id[:64]}. Look for it in the list of keys.")
    return key


def find(key_id: str) -> PartnerKey | None:
    return aggregates.find(COLLECTION, PartnerKey, {"_id": key_id})


def insert(key: PartnerKey) -> PartnerKey:
    return aggregates.insert(COLLECTION, key, announce=[])


def save(key: PartnerKey) -> PartnerKey:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, key, announce=[])


def page(partner_id: str, *, limit: int, cursor: str | None) -> dict:
    """Newest first."""
    return aggregates.page(COLLECTION, {"partner_id": partner_id}, limit=limit, cursor=cursor)
