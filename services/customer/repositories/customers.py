"""The customers collection: how a Customer is kept in Mongo, and every way to find one.

What is stored here is recorded in `changes` by the same transaction.
"""

import re
from collections.abc import Iterable
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.customer.domain import search
from services.customer.domain.customer import Customer, duplicate_mark, identity_key, indexed
from services.customer.domain.search import Query
from services.customer.repositories import changes
from services.customer.repositories.changes import Made
from shared import aggregates, mongo
from shared.events import Announcement
from shared.problems import NotFound
from shared.text import names
from shared.text import search as words

COLLECTION = "customers"
KEYS = "keys"
# Few, because MongoDB looks at every index when a change touches one of them.
INDEXES = [
    # The order by _id is in the index, so that a page of a search is read without sorting.
    IndexModel([("lookup.terms", ASCENDING), ("_id", DESCENDING)], name="terms"),
    IndexModel([("lookup.phone_tails", ASCENDING)], name="phone_tails"),
    IndexModel([("emails.address", ASCENDING)], name="emails"),
    # An empty list would be indexed as one value, which a unique index allows once; so only texts are indexed.
    IndexModel(
        [("lookup.keys", ASCENDING)], name=KEYS, unique=True, partialFilterExpression={"lookup.keys": {"$gt": ""}}
    ),
    *aggregates.OUTBOX_INDEXES,
]
# A contact point has seldom more than a few holders; past this we ask for the first holders of each one by one.
HOLDERS_FOR_ONE = 4
HOLDERS_AT_LEAST = 200
NO_LIMIT = 0


@mongo.transactional
def insert(customer: Customer, *, announce: list[Announcement]) -> Customer:
    """Raises Duplicate."""
    inserted = aggregates.insert(COLLECTION, customer, announce=announce)
    changes.insert_all([Made(None, inserted)])
    return inserted


def insert_all(items: list[tuple[Made, list[Announcement]]]) -> None:
    """In a transaction. Raises Duplicate when one of them cannot be stored."""
    for outcome in aggregates.insert_many(COLLECTION, [(made.after, announce) for made, announce in items]):
        if outcome is not None:
            raise outcome
    changes.insert_all([made for made, _ in items])


@mongo.transactional
def save(customer: Customer, *, before: Customer, announce: list[Announcement]) -> Customer:
    """Raises Conflict, Duplicate."""
    saved = aggregates.save(COLLECTION, customer, announce=announce)
    changes.insert_all([Made(before, saved)])
    return saved


def save_all(items: list[tuple[Made, list[Announcement]]]) -> None:
    """In a transaction. Raises Unavailable when one of them was changed meanwhile."""
    aggregates.save_many(COLLECTION, [(made.after, announce) for made, announce in items])
    changes.insert_all([made for made, _ in items])


def derived(document: dict) -> dict:
    """What a stored customer is found by."""
    lookup = indexed(aggregates.from_document(Customer, document)).lookup
    return {"lookup.terms": lookup.terms, "lookup.phone_tails": lookup.phone_tails}


def get(customer_id: str) -> Customer:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Customer, customer_id)


def find(customer_id: str) -> Customer | None:
    return aggregates.find(COLLECTION, Customer, {"_id": customer_id})


def find_by_identity(source: str, external_id: str) -> Customer | None:
    return aggregates.find(COLLECTION, Customer, {"lookup.keys": identity_key(source, external_id)})


def get_by_identity(source: str, external_id: str) -> Customer:
    """Raises NotFound."""
    found = find_by_identity(source, external_id)
    if found is None:
        raise NotFound(f"No customer has the identity {external_id} of {source}. Link it to one first.")
    return found


def page(
    *,
    query: Query | None,
    kind: str | None,
    tier: str | None,
    possible_duplicate_of: str | None = None,
    limit: int,
    cursor: str | None,
) -> dict:
    """Newest first."""
    duplicate = [duplicate_mark(possible_duplicate_of)] if possible_duplicate_of else []
    marks = [{"lookup.terms": mark} for mark in (*duplicate, *search.marks(kind, tier))]
    conditions = ([_asked(query)] if query is not None else []) + marks
    return aggregates.page(COLLECTION, {"$and": conditions} if conditions else {}, limit=limit, cursor=cursor)


def find_alike(*, emails: Iterable[str], phones: Iterable[str], name: Query | None, limit: int) -> list[Customer]:
    """Customers with one of these contact points, then those whose name has all words of `name`."""
    found = _find({"$or": [_with_emails(emails), _with_phones(phones)]}, limit)
    if name is not None and name.words.terms:
        found += _find(_asked(name), limit)
    return list({customer.id: customer for customer in found}.values())


def find_for_intake(
    *, emails: Iterable[str], phones: Iterable[str], keys: Iterable[str], named: Iterable[tuple[str, str]] = ()
) -> list[Customer]:
    """Every customer with one of the keys; of every e-mail address all holders, or at least the oldest; of every phone
    number all, or at least two; and those that are the oldest with a point and a name in `named`.
    """
    emails, phones = list(emails), list(phones)
    with_keys = {"lookup.keys": {"$in": list(keys)}}
    limit = HOLDERS_AT_LEAST + HOLDERS_FOR_ONE * (len(emails) + len(phones))
    found = _find({"$or": [with_keys, _with_emails(emails), _with_phones(phones)]}, limit)
    if len(found) < limit:
        return found
    found = _find(with_keys, NO_LIMIT)
    for email in emails:
        found += _find(_with_emails([email]), 1, oldest_first=True)
    for phone in phones:
        found += _find(_with_phones([phone]), 2)
    for point, name in named:
        found += _oldest_with_name(point, name)
    return list({customer.id: customer for customer in found}.values())


def _oldest_with_name(point: str, name: str) -> list[Customer]:
    """Nobody or one. The terms leave few, and of those only the names are read."""
    holders = _with_emails([point]) if "@" in point else _with_phones([point])
    criteria = holders | {"lookup.terms": {"$all": words.whole(name)}}
    alike = mongo.collection(COLLECTION).find(criteria, {"display_name": 1}).sort("_id", ASCENDING)
    id = next((row["_id"] for row in alike if names.same(name, row["display_name"])), None)
    return [] if id is None else _find({"_id": id}, 1)


def _find(criteria: dict, limit: int, *, oldest_first: bool = False) -> list[Customer]:
    documents = mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC).limit(limit)
    if oldest_first:
        documents = documents.sort("_id", ASCENDING)
    return [aggregates.from_document(Customer, document) for document in documents]


def _with_emails(addresses: Iterable[str]) -> dict[str, Any]:
    return {"emails.address": {"$in": list(addresses)}}


def _with_phones(numbers: Iterable[str]) -> dict[str, Any]:
    return {"lookup.phone_tails": {"$in": [search.phone_tail(number) for number in numbers]}}


def _asked(query: Query) -> dict[str, Any]:
    if query.email_start is not None:
        return {"emails.address": _starting(query.email_start)}
    ways: list[dict] = [{"lookup.phone_tails": _starting(tail)} for tail in query.phone_tails]
    if (by_words := words.criteria("lookup.terms", query.words)) is not None:
        ways.append(by_words)
    return {"$or": ways} if ways else {"_id": {"$in": []}}


def _starting(text: str) -> dict[str, str]:
    return {"$regex": f"^{re.escape(text)}"}
