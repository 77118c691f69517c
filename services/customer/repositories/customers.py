"""The customers collection: how a Customer is kept in Mongo, and every way to find one."""

import re
from collections.abc import Iterable
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.customer.domain.customer import Customer, identity_key
from services.customer.domain.search import Query
from shared import aggregates, mongo
from shared.events import Announcement
from shared.problems import NotFound

COLLECTION = "customers"
IDENTITIES, INTAKE, CLAIMS = "identities", "intake", "claims"
# An empty list would be indexed as one value, which a unique index then allows once; so only texts are indexed.
_TEXTS = {"$gt": ""}
INDEXES = [
    # The order by _id is in the index, so that a page of a search is read without sorting.
    IndexModel([("lookup.terms", ASCENDING), ("_id", DESCENDING)], name="terms"),
    IndexModel([("lookup.phone_tails", ASCENDING)], name="phone_tails"),
    IndexModel([("phones.number", ASCENDING)], name="phones"),
    IndexModel([("emails.address", ASCENDING)], name="emails"),
    IndexModel([("kind", ASCENDING), ("_id", DESCENDING)], name="kind"),
    IndexModel([("tier", ASCENDING), ("_id", DESCENDING)], name="tier", partialFilterExpression={"tier": _TEXTS}),
    IndexModel(
        [("lookup.identities", ASCENDING)],
        name=IDENTITIES,
        unique=True,
        partialFilterExpression={"lookup.identities": _TEXTS},
    ),
    IndexModel(
        [("lookup.intake", ASCENDING)], name=INTAKE, unique=True, partialFilterExpression={"lookup.intake": _TEXTS}
    ),
    IndexModel([("claims", ASCENDING)], name=CLAIMS, unique=True, partialFilterExpression={"claims": _TEXTS}),
    *aggregates.OUTBOX_INDEXES,
]
# A contact point has seldom more than a few holders; past this we ask for the first holders of each one by one.
HOLDERS_FOR_ONE = 4
HOLDERS_AT_LEAST = 200


def insert(customer: Customer, *, announce: list[Announcement]) -> Customer:
    """Raises Duplicate."""
    return aggregates.insert(COLLECTION, customer, announce=announce)


def insert_all(items: list[tuple[Customer, list[Announcement]]]) -> None:
    """Raises Duplicate when one of them cannot be stored."""
    for outcome in aggregates.insert_many(COLLECTION, items):
        if outcome is not None:
            raise outcome


def save(customer: Customer, *, announce: list[Announcement]) -> Customer:
    """Raises Conflict, Duplicate."""
    return aggregates.save(COLLECTION, customer, announce=announce)


def get(customer_id: str) -> Customer:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Customer, customer_id)


def find(customer_id: str) -> Customer | None:
    return aggregates.find(COLLECTION, Customer, {"_id": customer_id})


def find_by_identity(source: str, external_id: str) -> Customer | None:
    return aggregates.find(COLLECTION, Customer, {"lookup.identities": identity_key(source, external_id)})


def get_by_identity(source: str, external_id: str) -> Customer:
    """Raises NotFound."""
    found = find_by_identity(source, external_id)
    if found is None:
        raise NotFound(f"No customer has the identity {external_id} of {source}. Link it to one first.")
    return found


def page(*, query: Query | None, kind: str | None, tier: str | None, limit: int, cursor: str | None) -> dict:
    """Newest first."""
    return aggregates.page(COLLECTION, _criteria(query, kind=kind, tier=tier), limit=limit, cursor=cursor)


def find_alike(*, emails: Iterable[str], phones: Iterable[str], name: Query | None, limit: int) -> list[Customer]:
    """Customers with one of these contact points, then those whose name has all words of `name`."""
    emails, phones = list(emails), list(phones)
    found = _find({"$or": [{"emails.address": {"$in": emails}}, {"phones.number": {"$in": phones}}]}, limit)
    if name is not None and name.terms:
        found += _find(_criteria(name), limit)
    return list({customer.id: customer for customer in found}.values())


def find_for_intake(
    *, emails: Iterable[str], phones: Iterable[str], claims: Iterable[str], intake: Iterable[str]
) -> list[Customer]:
    """Every customer with one of the claims or intake keys, the oldest holder of every e-mail address, and all holders
    of every phone number or at least two.
    """
    emails, phones = list(emails), list(phones)
    exact = [{"claims": {"$in": list(claims)}}, {"lookup.intake": {"$in": list(intake)}}]
    held = [{"emails.address": {"$in": emails}}, {"phones.number": {"$in": phones}}]
    limit = HOLDERS_AT_LEAST + HOLDERS_FOR_ONE * (len(emails) + len(phones))
    found = _find({"$or": exact + held}, limit)
    if len(found) < limit:
        return found
    found = _find({"$or": exact}, 0)
    for email in emails:
        found += _find({"emails.address": email}, 1, oldest_first=True)
    for phone in phones:
        found += _find({"phones.number": phone}, 2)
    return list({customer.id: customer for customer in found}.values())


def _find(criteria: dict, limit: int, *, oldest_first: bool = False) -> list[Customer]:
    documents = mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC).limit(limit)
    if oldest_first:
        documents = documents.sort("_id", ASCENDING)
    return [aggregates.from_document(Customer, document) for document in documents]


def _criteria(query: Query | None, **fields: str | None) -> dict[str, Any]:
    criteria: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    return criteria if query is None else criteria | _asked(query)


def _asked(query: Query) -> dict[str, Any]:
    if query.email_start is not None:
        return {"emails.address": _starting(query.email_start)}
    ways: list[dict] = [{"lookup.phone_tails": _starting(tail)} for tail in query.phone_tails]
    if query.terms:
        wanted = [{"lookup.terms": term} for term in query.terms]
        wanted += [{"lookup.terms": _starting(word)} for word in query.word_starts]
        ways.append({"$and": wanted} if len(wanted) > 1 else wanted[0])
    if not ways:
        return {"_id": {"$in": []}}
    return {"$or": ways} if len(ways) > 1 else ways[0]


def _starting(text: str) -> dict[str, str]:
    return {"$regex": f"^{re.escape(text)}"}
