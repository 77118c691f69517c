"""Aggregates: one document holds the state, the events still to be published and the idempotency keys of its writes.

A save is a single-document update, so state, event and key are stored together or not at all. The outbox relay
publishes what is in `_outbox` and removes it (see `shared/outbox.py`). Every document says in `updated_by` who changed it
last; an aggregate with a field of this name has it too.
"""

import base64
import dataclasses
import functools
from datetime import datetime
from typing import Any, TypeVar

import bson
from cattrs.preconf.bson import make_converter
from pymongo import ASCENDING, DESCENDING, IndexModel, InsertOne, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError, WriteError

from shared import clock, combining, context, events, mongo
from shared.problems import BadRequest, Conflict, NotFound, Unavailable

A = TypeVar("A")

MAX_PENDING_EVENTS = 500
KEPT_IDEMPOTENCY_KEYS = 20
DUPLICATE_KEY = 11000  # MongoDB's code for a value that a unique index already holds
_SORTABLE = (str, int, float, bool, datetime, type(None))
PUBLIC = {"_outbox": 0, "_pending": 0, "_idempotency": 0}
OUTBOX_INDEXES = [
    IndexModel([("_pending", ASCENDING)], name="pending", partialFilterExpression={"_pending": {"$exists": True}}),
    IndexModel([("_idempotency.k", ASCENDING)], name="idempotency", unique=True, sparse=True),
]

_converter = make_converter()
_converter.register_unstructure_hook(datetime, lambda moment: moment)
_converter.register_structure_hook(datetime, lambda moment, _: moment)


class Duplicate(Exception):
    """Another document already holds a value that must be unique; `index` names the index."""

    def __init__(self, index: str, value: dict) -> None:
        super().__init__(index)  # Not the value: it may be personal, and errors are logged.
        self.index = index
        self.value = value


def to_document(aggregate: Any) -> dict:
    document = _converter.unstructure(aggregate)
    document["_id"] = document.pop("id")
    return document


def from_document(cls: type[A], document: dict) -> A:
    fields = dict(document)
    fields["id"] = fields.pop("_id")
    return _converter.structure(fields, cls)


def insert(collection: str, aggregate: A, *, announce: list[events.Announcement]) -> A:
    """Store a new aggregate with its events. Raises Duplicate."""
    aggregate = _signed(aggregate)
    document = _new_document(collection, aggregate, announce, key=_take_key(collection))
    target = mongo.collection(collection)
    if mongo.in_transaction():
        outcome = _insert(target, [document])[0]
        if outcome is not None:
            raise outcome
    else:
        _inserter(target).ask(document)
    return aggregate


def insert_many(collection: str, items: list[tuple[Any, list[events.Announcement]]]) -> list[Duplicate | None]:
    """Store several in one round trip. Answers for each item None, or the Duplicate that kept it out."""
    documents = [_new_document(collection, aggregate, announce, key=None) for aggregate, announce in items]
    outcomes = _insert(mongo.collection(collection), documents) if documents else []
    for outcome in outcomes:
        if isinstance(outcome, WriteError):
            raise outcome
    return outcomes


@functools.lru_cache(maxsize=256)
def _inserter(target: Collection) -> combining.Combiner[dict, None]:
    return combining.Combiner(functools.partial(_insert, target))


def _insert(target: Collection, documents: list[dict]) -> list[Duplicate | WriteError | None]:
    """In one round trip; answers for each document None, or what kept it out."""
    outcomes: list[Duplicate | WriteError | None] = [None] * len(documents)
    try:
        target.bulk_write([InsertOne(document) for document in documents], ordered=False)
    except BulkWriteError as problem:
        if problem.details.get("writeConcernErrors") or problem.has_error_label("TransientTransactionError"):
            raise
        for error in problem.details["writeErrors"]:
            known = error["code"] == DUPLICATE_KEY
            outcomes[error["index"]] = (
                _duplicate(error) if known else WriteError("refused by the database", error["code"])
            )
    return outcomes


def save(collection: str, aggregate: A, *, announce: list[events.Announcement]) -> A:
    """Store the next version. Raises Conflict when somebody saved in between, Unavailable when too much is unpublished."""
    saved, criteria, update = _next_version(aggregate, announce, key=_take_key(collection))
    try:
        result = mongo.collection(collection).update_one(criteria, update)
    except DuplicateKeyError as problem:
        raise _duplicate(problem.details or {}) from problem
    if not result.matched_count:
        _explain_unsaved(collection, criteria)
    return saved


def save_many(collection: str, items: list[tuple[Any, list[events.Announcement]]]) -> None:
    """Store the next version of several in one round trip, inside a transaction: all or none. Raises Unavailable."""
    changes = [_next_version(aggregate, announce, key=None) for aggregate, announce in items]
    if not changes:
        return
    require_transaction()
    target = mongo.collection(collection)
    # What is compared here stays so until the commit, or the transaction fails. A filter by more than the id would cost
    # each update four times as much, because MongoDB plans it anew.
    ids = [criteria["_id"] for _, criteria, _ in changes]
    found = target.find({"_id": {"$in": ids}}, {"version": 1, "_outbox": {"$slice": [MAX_PENDING_EVENTS - 1, 1]}})
    free = {row["_id"]: row["version"] for row in found if not row.get("_outbox")}
    if any(free.get(criteria["_id"]) != criteria["version"] for _, criteria, _ in changes):
        raise Unavailable(
            "Some of these records were changed meanwhile, or have too many changes to publish. Try again."
        )
    target.bulk_write([UpdateOne({"_id": criteria["_id"]}, update) for _, criteria, update in changes], ordered=False)


def get(collection: str, cls: type[A], id: str) -> A:
    """Raises NotFound."""
    found = find(collection, cls, {"_id": id})
    if found is None:
        noun = collection.rstrip("s").replace("_", " ")
        raise NotFound(f"There is no {noun} {id[:100]}. Check the id, or look for it in the list.")
    return found


def find(collection: str, cls: type[A], criteria: dict) -> A | None:
    document = mongo.collection(collection).find_one(criteria, PUBLIC)
    return None if document is None else from_document(cls, document)


def page(
    collection: str,
    criteria: dict,
    *,
    sort: tuple[str, int] = ("_id", DESCENDING),
    limit: int,
    cursor: str | None = None,
    projection: dict | None = None,
) -> dict:
    """One page by keyset: `{"items": documents, "next": cursor or None}`. `sort` needs an index that ends in `_id`."""
    field, direction = sort
    if cursor:
        criteria = {"$and": [criteria, _after(cursor, field, direction)]}
    order = [(field, direction)] if field == "_id" else [(field, direction), ("_id", direction)]
    rows = list(mongo.collection(collection).find(criteria, projection or PUBLIC).sort(order).limit(limit + 1))
    more = len(rows) > limit
    rows = rows[:limit]
    return {"items": rows, "next": _cursor(rows[-1], field) if more else None}


def _cursor(row: dict, field: str) -> str:
    value = row
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return base64.urlsafe_b64encode(bson.encode({"v": value, "id": row["_id"]})).decode()


def _after(cursor: str, field: str, direction: int) -> dict:
    try:
        position = bson.decode(base64.urlsafe_b64decode(cursor), bson.CodecOptions(tz_aware=True))
        value, id = position["v"], position["id"]
        if not isinstance(value, _SORTABLE) or not isinstance(id, str | int):
            raise ValueError(cursor)
    except (ValueError, KeyError, bson.errors.BSONError, IndexError) as problem:
        raise BadRequest(
            "The cursor cannot be read. Take it unchanged from `next` of the page before, or leave it out.",
            code="bad-cursor",
        ) from problem
    operator = "$gt" if direction == ASCENDING else "$lt"
    if field == "_id":
        return {"_id": {operator: id}}
    beyond = [{field: value, "_id": {operator: id}}]
    if value is None:
        # MongoDB sorts null before everything else.
        beyond += [{field: {"$ne": None}}] if direction == ASCENDING else []
    else:
        beyond += [{field: {operator: value}}] + ([] if direction == ASCENDING else [{field: None}])
    return {"$or": beyond}


def find_by_key(collection: str, key: context.IdempotencyKey) -> dict | None:
    """The document that a request with this Idempotency-Key wrote. Raises Conflict when its body was another one."""
    document = mongo.collection(collection).find_one({"_idempotency.k": key.key})
    if document is None:
        return None
    entry = next(entry for entry in document["_idempotency"] if entry["k"] == key.key)
    if entry["h"] != key.request_hash:
        raise Conflict(
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
            code="idempotency-key-reused",
            extra={"first_request_sha256": entry["h"], "this_request_sha256": key.request_hash},
        )
    return document


def _new_document(
    collection: str, aggregate: Any, announce: list[events.Announcement], *, key: dict | None
) -> dict[str, Any]:
    document = to_document(aggregate)
    document["updated_by"] = signature()
    entries = events.stamp(announce, service=_service(), version=aggregate.version)
    if entries:
        document["_outbox"] = entries
        document["_pending"] = clock.now()
    if key is not None:
        document["_idempotency"] = [key]
    return document


def _next_version(
    aggregate: A, announce: list[events.Announcement], *, key: dict | None
) -> tuple[A, dict[str, Any], dict[str, Any]]:
    """The aggregate as it will be saved, and the criteria and the update that save it."""
    saved = _signed(aggregate, version=aggregate.version + 1)
    document = to_document(saved)
    document["updated_by"] = signature()
    criteria: dict[str, Any] = {"_id": document.pop("_id"), "version": aggregate.version}
    update: dict[str, Any] = {"$set": document}
    entries = events.stamp(announce, service=_service(), version=saved.version)
    if entries:
        criteria[f"_outbox.{MAX_PENDING_EVENTS - 1}"] = {"$exists": False}
        update["$push"] = {"_outbox": {"$each": entries}}
        update["$min"] = {"_pending": clock.now()}
    if key is not None:
        update.setdefault("$push", {})["_idempotency"] = {"$each": [key], "$slice": -KEPT_IDEMPOTENCY_KEYS}
    return saved, criteria, update


def signature() -> str:
    """Who changes what is stored now: the caller's id, or the service for what events and timers cause."""
    work = context.current()
    return f"service:{_service()}" if work is None or work.actor == context.SYSTEM else work.actor


def _signed(aggregate: A, **changes: Any) -> A:
    """The same with these changes and, if it shows it, who makes them."""
    if _shows_signature(type(aggregate)):
        changes["updated_by"] = signature()
    if not changes:
        return aggregate
    # `dataclasses.replace` sets every field one by one, which takes longer than making the document.
    signed = object.__new__(type(aggregate))
    vars(signed).update(vars(aggregate), **changes)
    return signed


@functools.cache
def _shows_signature(cls: type) -> bool:
    return any(field.name == "updated_by" for field in dataclasses.fields(cls))


def _take_key(collection: str) -> dict | None:
    """The request's Idempotency-Key goes into the first document that it writes in the collection that answers it."""
    work = context.current()
    if work is None or work.idempotency_key is None or work.idempotency_collection != collection or work.key_stored:
        return None
    work.key_stored = True
    return {"k": work.idempotency_key.key, "h": work.idempotency_key.request_hash}


def _service() -> str:
    return mongo.service()


def _duplicate(error: dict) -> Duplicate:
    message = error.get("errmsg", "")
    index = message.split("index: ", 1)[1].split(" ", 1)[0] if "index: " in message else "unknown"
    return Duplicate(index, error.get("keyValue") or {})


def require_transaction() -> None:
    if not mongo.in_transaction():
        raise RuntimeError("versions that are read and then replaced need a transaction around both")


def _explain_unsaved(collection: str, criteria: dict) -> None:
    current = mongo.collection(collection).find_one({"_id": criteria["_id"]}, {"version": 1})
    if current is not None and current["version"] == criteria["version"]:
        raise Unavailable(
            "Too many changes of this record wait to be published. Nothing was changed; try again in a minute.",
            retry_after=30,
            code="outbox-full",
        )
    raise Conflict("It was changed by someone else. Read it again and retry.", code="changed-meanwhile")
