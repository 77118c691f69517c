"""Copies of records that another service owns, kept from its events: `{_id, version, …}` in a collection of their own.

A service that from now on makes its copies otherwise of the same events counts up their `form` (1 where there is none), and
the renewal makes those anew that are stored already.
"""

from collections.abc import Iterable

from pymongo import InsertOne, ReplaceOne

from shared import mongo
from shared.aggregates import require_transaction
from shared.problems import Conflict


def require(collection: str, id: str) -> dict:
    """The document. Raises Conflict when no event has told of this record here."""
    document = mongo.collection(collection).find_one({"_id": id})
    if document is None:
        noun = collection.rstrip("s")
        raise Conflict(
            f"The {noun} {id[:64]} is not known here. A new one is known after a second or two: retry then, or check "
            "the id.",
            code=f"{noun}-not-known-yet",
        )
    return document


def keep_newest(collection: str, documents: Iterable[dict]) -> None:
    """Store documents with `_id` and `version`, each unless a newer version of it, or the same in this form, is here.

    In a transaction.
    """
    require_transaction()
    newest: dict[str, dict] = {}
    for document in documents:
        if document["_id"] not in newest or document["version"] > newest[document["_id"]]["version"]:
            newest[document["_id"]] = document
    if not newest:
        return
    target = mongo.collection(collection)
    found = target.find({"_id": {"$in": list(newest)}}, {"version": 1, "form": 1})
    known = {row["_id"]: _rank(row) for row in found}
    added = [InsertOne(document) for id, document in newest.items() if id not in known]
    changed = [
        ReplaceOne({"_id": id}, document)
        for id, document in newest.items()
        if id in known and _rank(document) > known[id]
    ]
    if added or changed:
        target.bulk_write(added + changed, ordered=False)


def _rank(document: dict) -> tuple[int, int]:
    return document["version"], document.get("form", 1)
