"""The sla_policies collection: the service policies; it begins with DEFAULT_POLICIES."""

from pymongo import IndexModel

from services.service_desk.domain.sla import DEFAULT_POLICIES, SlaPolicy
from shared import aggregates, mongo

COLLECTION = "sla_policies"
INDEXES: list[IndexModel] = []
MAX_POLICIES = 200


def all_policies() -> list[SlaPolicy]:
    """By rank. Fills an empty collection first."""
    if not (policies := _stored()):
        aggregates.insert_many(COLLECTION, [(policy, []) for policy in DEFAULT_POLICIES])
        policies = _stored()
    return policies


def get(policy_id: str) -> SlaPolicy:
    """Raises NotFound."""
    all_policies()
    return aggregates.get(COLLECTION, SlaPolicy, policy_id)


def save(policy: SlaPolicy) -> SlaPolicy:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, policy, announce=[])


def _stored() -> list[SlaPolicy]:
    found = mongo.collection(COLLECTION).find({}, aggregates.PUBLIC).sort([("rank", 1), ("_id", 1)]).limit(MAX_POLICIES)
    return [aggregates.from_document(SlaPolicy, document) for document in found]
