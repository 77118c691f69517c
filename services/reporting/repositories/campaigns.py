"""The campaigns collection: the newest state of every campaign, by its code.

A document is `{_id: campaign id, version, code, status, source}`.
"""

import functools
import time

from pymongo import IndexModel

from shared import copies, mongo

COLLECTION = "campaigns"
INDEXES: list[IndexModel] = []
REMEMBERED_SECONDS = 5
MAX_CAMPAIGNS = 10_000


def keep_newest(documents: list[dict]) -> None:
    copies.keep_newest(COLLECTION, documents)


def statuses() -> dict[str, str]:
    """The status of every campaign by its code, as it was at most five seconds ago.

    Every view names a few campaigns, and all of them together are few and change seldom.
    """
    return _statuses(mongo.database().name, int(time.monotonic() // REMEMBERED_SECONDS))


@functools.lru_cache(maxsize=4)
def _statuses(_database: str, _period: int) -> dict[str, str]:
    found = mongo.collection(COLLECTION).find({}, {"_id": 0, "code": 1, "status": 1}).limit(MAX_CAMPAIGNS)
    return {row["code"]: row["status"] for row in found}
