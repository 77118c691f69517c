"""The rebuilds collection: `{_id: "switch", until}` while rebuilt collections are about to take the live ones' place.

`until` is when the projector may go on by itself should the rebuild have died; None once collections change places.
"""

from datetime import timedelta

from pymongo import IndexModel
from pymongo.errors import AutoReconnect

from shared import clock, mongo

COLLECTION = "rebuilds"
INDEXES: list[IndexModel] = []
SWITCH = "switch"
COMPARING = timedelta(minutes=5)


class Interrupted(Exception):
    """A rebuild before this one died, or this one took too long."""


def refuse_during_switch() -> None:
    """Raises AutoReconnect, for which the consumer loop waits as for any other database that is not there."""
    row = mongo.collection(COLLECTION).find_one({"_id": SWITCH})
    if row is not None and (row["until"] is None or row["until"] > clock.now()):
        raise AutoReconnect("The views are being replaced by rebuilt ones.")


def refuse_half_switched(*, may_complete: bool) -> None:
    """Raises Interrupted."""
    if not may_complete and mongo.collection(COLLECTION).find_one({"_id": SWITCH, "until": None}) is not None:
        raise Interrupted("A switch was broken off between two renames. Run the rebuild with --switch to complete it.")


def begin_switch() -> None:
    """A switch that was broken off stays one that the projector must not pass."""
    collection = mongo.collection(COLLECTION)
    if collection.find_one({"_id": SWITCH, "until": None}) is None:
        collection.replace_one({"_id": SWITCH}, {"until": clock.now() + COMPARING}, upsert=True)


def hold_switch() -> None:
    """The projector must wait however long it takes. Raises Interrupted when it may have gone on already."""
    still = {"_id": SWITCH, "$or": [{"until": None}, {"until": {"$gt": clock.now()}}]}
    if mongo.collection(COLLECTION).update_one(still, {"$set": {"until": None}}).matched_count == 0:
        raise Interrupted(f"The comparison took longer than {COMPARING}. Run the rebuild again.")


def give_up_switch() -> None:
    """Let the projector go on, unless collections were changing places."""
    mongo.collection(COLLECTION).delete_one({"_id": SWITCH, "until": {"$ne": None}})


def end_switch() -> None:
    mongo.collection(COLLECTION).delete_one({"_id": SWITCH})
