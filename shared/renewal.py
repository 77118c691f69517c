"""Derived fields: bring what older versions of the code derived, such as search terms, into the form of this one.

A document that is saved gets its derived fields anew anyway; this is for those that nobody saves. It may run beside the
service, be broken off and run again: a document that somebody saved meanwhile is left alone.
"""

from collections.abc import Callable
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

from shared.aggregates import PUBLIC

WINDOW = 500

Derive = Callable[[dict], dict[str, Any]]
"""From a document, the derived fields by their dotted names."""


def renew(database: Database, collection: str, derive: Derive) -> tuple[int, int]:
    """How many documents were looked at, and how many of them changed. Versions stay, and nothing is announced."""
    looked_at = changed = 0
    last: dict[str, Any] = {}
    while documents := list(database[collection].find(last, PUBLIC).sort("_id").limit(WINDOW)):
        updates = [update for document in documents if (update := _update(document, derive(document))) is not None]
        if updates:
            changed += database[collection].bulk_write(updates, ordered=False).modified_count
        looked_at += len(documents)
        last = {"_id": {"$gt": documents[-1]["_id"]}}
    return looked_at, changed


def _update(document: dict, derived: dict[str, Any]) -> UpdateOne | None:
    different = {name: value for name, value in derived.items() if _at(document, name) != value}
    if not different:
        return None
    return UpdateOne({"_id": document["_id"], "version": document["version"]}, {"$set": different})


def _at(document: dict, name: str) -> Any:
    found: Any = document
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
