"""Indexes: make a collection's indexes what the code says, also when a definition changed under its name."""

import logging
import os
import socket
import time

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from shared.leases import Lease

logger = logging.getLogger(__name__)

CONFLICTS = (85, 86)  # MongoDB's codes for an index of the same name, or of the same key, that is defined otherwise
INDEX_NOT_FOUND = 27
GUARD = ".guard"
MOST_INDEXES = 64
LEASE_SECONDS = 60.0


class NotReplaced(Exception):
    """An index of an old definition is still in the way. The next attempt may get past it."""


def build(collection: Collection, models: list[IndexModel]) -> None:
    """Create what is missing, and replace what is defined otherwise.

    An index of the old definition is dropped and built anew; until that is done, queries do without it. A unique one is
    replaced without a gap: an index that forbids the same is built beside it first, so values that the new definition
    does not allow raise DuplicateKeyError while the old index still stands. For that moment a refused write may name
    the guard instead of the index. A step that was broken off is taken up by the next start. Where two releases run
    side by side, the one that starts last decides.
    """
    try:
        collection.create_indexes(models)
    except OperationFailure as problem:
        if problem.code not in CONFLICTS:
            raise
        for model in models:
            _create_or_replace(collection, model, wanted={one.document["name"] for one in models})
        collection.create_indexes(models)  # Those that had exchanged their names with another one.
    for name in collection.index_information():
        if name.endswith(GUARD):
            _drop(collection, name)


def _create_or_replace(collection: Collection, model: IndexModel, *, wanted: set[str]) -> None:
    for _ in range(MOST_INDEXES):
        try:
            collection.create_indexes([model])
            return
        except OperationFailure as problem:
            if problem.code not in CONFLICTS:
                raise
        if (old := _in_the_way(collection, model, wanted)) is not None:
            _make_way(collection, model, old)
    raise NotReplaced(f"The index {model.document['name']} of {collection.name} cannot be replaced.")


def _in_the_way(collection: Collection, model: IndexModel, wanted: set[str]) -> dict | None:
    """The index of the same name; if there is none, one of the same key, rather under a name that the code does not use."""
    name, key = model.document["name"], list(model.document["key"].items())
    indexes = [one for one in collection.list_indexes() if not one["name"].endswith(GUARD)]
    of_key = [one for one in indexes if list(one["key"].items()) == key]
    ranked = [one for one in indexes if one["name"] == name] + sorted(of_key, key=lambda one: one["name"] in wanted)
    return next(iter(ranked), None)


def _make_way(collection: Collection, model: IndexModel, old: dict) -> None:
    if model.document.get("unique"):
        collection.create_indexes([_guard(model)])
    lease = Lease(collection.database, "indexes", owner=f"{socket.gethostname()}:{os.getpid()}")
    deadline = time.monotonic() + LEASE_SECONDS
    while not lease.hold():
        if time.monotonic() > deadline:
            raise NotReplaced("Another process has been replacing indexes for too long.")
        time.sleep(0.1)
    try:
        # Of several processes that start together only the first drops it; the others must not drop the new one.
        if old in collection.list_indexes():
            logger.warning("index_replaced", extra={"collection": collection.name, "index": old["name"]})
            _drop(collection, old["name"])
    finally:
        lease.release()


def _guard(model: IndexModel) -> IndexModel:
    """Forbids the same as the model. Its filter, which all documents pass, lets MongoDB tell the two apart."""
    options = {name: value for name, value in model.document.items() if name not in ("key", "name", "sparse")}
    filters = [{"_id": {"$exists": True}}]
    if model.document.get("sparse"):
        filters.append({"$or": [{field: {"$exists": True}} for field in model.document["key"]]})
    if "partialFilterExpression" in options:
        filters.append(options["partialFilterExpression"])
    options["partialFilterExpression"] = {"$and": filters}
    return IndexModel(list(model.document["key"].items()), name=model.document["name"] + GUARD, **options)


def _drop(collection: Collection, name: str) -> None:
    try:
        collection.drop_index(name)
    except OperationFailure as problem:
        if problem.code != INDEX_NOT_FOUND:  # Another process was faster.
            raise
