"""The customers collection: the names and tiers of customers, `{_id, version, name, tier}`, kept from crm.customer."""

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo import IndexModel

from shared import aggregates, copies, mongo

COLLECTION = "customers"
INDEXES: list[IndexModel] = []


@dataclass(frozen=True)
class Customer:
    """What the service desk shows of a customer."""

    id: str
    version: int
    name: str
    tier: str | None


def find_all(customer_ids: Iterable[str]) -> dict[str, dict]:
    """The documents of these customers, by id; one that has not arrived yet is missing."""
    found = mongo.collection(COLLECTION).find({"_id": {"$in": list(customer_ids)}})
    return {document["_id"]: document for document in found}


def require(customer_id: str) -> None:
    """Raises Conflict when the customer is not known here."""
    copies.require(COLLECTION, customer_id)


def tier_of(customer_id: str) -> str | None:
    """Raises Conflict when the customer is not known here."""
    return copies.require(COLLECTION, customer_id)["tier"]


def keep_newest(customers: Iterable[Customer]) -> None:
    """Keep these states unless a newer one is stored."""
    copies.keep_newest(COLLECTION, [aggregates.to_document(customer) for customer in customers])
