"""The campaigns collection: how a Campaign with its cost ledger is kept in Mongo."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.marketing.domain.campaign import Campaign
from shared import aggregates, mongo
from shared.events import Announcement
from shared.text import search

COLLECTION = "campaigns"
INDEXES = [
    *aggregates.OUTBOX_INDEXES,
    IndexModel([("code", ASCENDING)], name="code", unique=True),
    IndexModel([("status", ASCENDING), ("_id", DESCENDING)], name="status"),
    IndexModel([("channels", ASCENDING), ("_id", DESCENDING)], name="channels"),
    IndexModel([("words", ASCENDING), ("_id", DESCENDING)], name="words"),
]
ROW = aggregates.PUBLIC | {"costs": 0, "target_notes": 0, "words": 0}


def derived(document: dict) -> dict:
    """What a stored campaign is found by."""
    return {"words": search.terms(document["name"], document["code"])}


def get(campaign_id: str) -> Campaign:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Campaign, campaign_id)


def insert(campaign: Campaign, *, announce: list[Announcement]) -> Campaign:
    """Raises Duplicate when the code is taken."""
    return aggregates.insert(COLLECTION, campaign, announce=announce)


def save(campaign: Campaign, *, announce: list[Announcement]) -> Campaign:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, campaign, announce=announce)


def page(*, status: str | None, channel: str | None, text: str | None, limit: int, cursor: str | None) -> dict:
    """Documents without cost lines and notes, newest first. `text` is words of the name or the code."""
    criteria: dict = {}
    if status:
        criteria["status"] = status
    if channel:
        criteria["channels"] = channel
    if text:
        asked = search.criteria("words", search.asked(text))
        if asked is None:
            return {"items": [], "next": None}
        criteria |= asked
    return aggregates.page(COLLECTION, criteria, limit=limit, cursor=cursor, projection=ROW)


def codes() -> list[str]:
    """The codes of all campaigns, read from the index alone."""
    return mongo.collection(COLLECTION).distinct("code")
