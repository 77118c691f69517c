"""Leases: at most one process of a service leads at a time, by a document whose clock is the database's own."""

import time
from datetime import UTC, datetime

from pymongo import ReturnDocument, WriteConcern
from pymongo.database import Database

TTL_SECONDS = 5.0
RENEW_SECONDS = 1.5


class Lease:
    """A named lease with a fencing epoch that grows with every new holder.

    Holding it is an economy, not a guarantee: a process that sleeps past the end still believes that it leads. What it
    does must therefore be fenced by what it writes to (the relay by Kafka's transactional producer).
    """

    def __init__(self, database: Database, name: str, owner: str) -> None:
        self._leases = database.get_collection("_leases", write_concern=WriteConcern("majority"))
        self._name = name
        self._owner = owner
        self._renewed = float("-inf")
        self.epoch: int | None = None

    @property
    def held(self) -> bool:
        return self.epoch is not None and time.monotonic() - self._renewed < TTL_SECONDS

    def hold(self) -> bool:
        """Take or keep the lease. Raises PyMongoError when the database does not answer."""
        if self.held and time.monotonic() - self._renewed < RENEW_SECONDS:
            return True
        asked = time.monotonic()
        self.epoch = self._renew() if self.held else self._take()
        self._renewed = asked
        return self.epoch is not None

    def release(self) -> None:
        """Let the next one in at once."""
        if self.epoch is not None:
            self._leases.update_one(
                {"_id": self._name, "owner": self._owner, "epoch": self.epoch}, [{"$set": {"until": "$$NOW"}}]
            )
            self.epoch = None

    def _renew(self) -> int | None:
        renewed = self._leases.update_one(
            {"_id": self._name, "owner": self._owner, "epoch": self.epoch}, [{"$set": {"until": _UNTIL}}]
        )
        return self.epoch if renewed.matched_count else None

    def _take(self) -> int | None:
        self.epoch = None
        # An upsert cannot compare with the database's clock, so the document comes first.
        self._leases.update_one({"_id": self._name}, {"$setOnInsert": {"until": _LONG_AGO, "epoch": 0}}, upsert=True)
        document = self._leases.find_one_and_update(
            {"_id": self._name, "$expr": {"$lte": ["$until", "$$NOW"]}},
            [{"$set": {"owner": self._owner, "until": _UNTIL, "epoch": {"$add": ["$epoch", 1]}}}],
            return_document=ReturnDocument.AFTER,
        )
        return None if document is None else document["epoch"]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_UNTIL = {"$add": ["$$NOW", int(TTL_SECONDS * 1000)]}
