"""The rebuilds collection: `{_id: "switch", since}` while rebuilt collections take the place of the live ones."""

from pymongo import IndexModel
from pymongo.errors import AutoReconnect

from shared import clock, mongo

COLLECTION = "rebuilds"
INDEXES: list[IndexModel] = []
SWITCH = "switch"


def refuse_during_switch() -> None:
    """Raises AutoReconnect, for which the consumer loop waits as for any other database that is not there."""
    if mongo.collection(COLLECTION).find_one({"_id": SWITCH}) is not None:
        raise AutoReconnect("The views are being replaced by rebuilt ones.")


def begin_switch() -> None:
    mongo.collection(COLLECTION).replace_one({"_id": SWITCH}, {"since": clock.now()}, upsert=True)


def end_switch() -> None:
    mongo.collection(COLLECTION).delete_one({"_id": SWITCH})
