"""The agents collection: how an Agent is kept in Mongo, and how a call claims the longest idle one."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel, ReturnDocument

from services.telephony.domain import agent as domain
from services.telephony.domain.agent import Agent
from shared import aggregates, mongo

COLLECTION = "agents"
INDEXES = [
    IndexModel([("state", ASCENDING), ("idle_since", ASCENDING), ("_id", ASCENDING)], name="idle"),
    IndexModel([("state", ASCENDING), ("_id", ASCENDING)], name="by_state"),
    # One call is never with two agents, whatever the code does. With `$type` the index would not be used for a look-up.
    IndexModel([("call_id", ASCENDING)], name="call_id", unique=True, partialFilterExpression={"call_id": {"$gt": ""}}),
]


def find(agent_id: str) -> Agent | None:
    return aggregates.find(COLLECTION, Agent, {"_id": agent_id})


def find_with_call(call_id: str) -> Agent | None:
    return aggregates.find(COLLECTION, Agent, {"call_id": call_id})


def any_available() -> bool:
    return mongo.collection(COLLECTION).find_one({"state": domain.AVAILABLE}, {"_id": 1}) is not None


def claim_longest_idle(call_id: str, *, at: datetime) -> Agent | None:
    """Give the call to the available agent who has waited longest; one atomic step, so an agent is claimed once."""
    document = mongo.collection(COLLECTION).find_one_and_update(
        {"state": domain.AVAILABLE, "call_id": None},
        {"$set": {"state": domain.RUNG, "call_id": call_id, "state_since": at}, "$inc": {"version": 1}},
        sort=[("idle_since", ASCENDING), ("_id", ASCENDING)],
        return_document=ReturnDocument.AFTER,
    )
    return None if document is None else from_document(document)


def insert(agent: Agent) -> Agent:
    """Raises Duplicate when the agent is already known."""
    return aggregates.insert(COLLECTION, agent, announce=[])


def save(agent: Agent) -> Agent:
    return aggregates.save(COLLECTION, agent, announce=[])


def page(criteria: dict, *, limit: int, cursor: str | None) -> tuple[list[Agent], str | None]:
    found = aggregates.page(COLLECTION, criteria, sort=("_id", ASCENDING), limit=limit, cursor=cursor)
    return [from_document(row) for row in found["items"]], found["next"]


def counts_by_state() -> dict[str, int]:
    groups = mongo.collection(COLLECTION).aggregate([{"$group": {"_id": "$state", "agents": {"$sum": 1}}}])
    return {group["_id"]: group["agents"] for group in groups}


def from_document(document: dict) -> Agent:
    return aggregates.from_document(Agent, document)
