"""The customers collection: this service's own projection of names and numbers, from crm.customer."""

import re
from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel

from shared import copies, mongo

COLLECTION = "customers"
FORM = 2  # The first one kept phones without their extension.
MAX_CANDIDATES = 20
INDEXES = [IndexModel([("phones", ASCENDING), ("_id", ASCENDING)], name="phones")]


def ids_with_phone(number: str | None) -> list[str]:
    """The customers who have this number, at most 20 of them."""
    if number is None:
        return []
    rows = (
        mongo.collection(COLLECTION).find({"phones": number}, {"_id": 1}).sort("_id", ASCENDING).limit(MAX_CANDIDATES)
    )
    return [row["_id"] for row in rows]


def ids_behind(number: str | None) -> list[str]:
    """The customers who have an extension behind this number, at most 20 of them."""
    if number is None:
        return []
    extensions = {"phones": {"$regex": f"^{re.escape(line(number, ''))}"}}
    rows = mongo.collection(COLLECTION).find(extensions, {"_id": 1}).sort("phones", ASCENDING).limit(MAX_CANDIDATES)
    return sorted({row["_id"] for row in rows})


def line(number: str, extension: str | None) -> str:
    """How a phone is kept: with its extension if it has one, so that it is not found by the number alone."""
    return number if extension is None else f"{number};ext={extension}"


def names(customer_ids: Iterable[str]) -> dict[str, str]:
    rows = mongo.collection(COLLECTION).find({"_id": {"$in": list(set(customer_ids))}}, {"name": 1})
    return {row["_id"]: row["name"] for row in rows}


def require(customer_id: str) -> None:
    """Raises Conflict when the customer is not known here."""
    copies.require(COLLECTION, customer_id)


def keep_newest(customers: list[dict]) -> None:
    """Store `{_id, version, name, phones}` of each customer, unless a newer version is already here."""
    copies.keep_newest(COLLECTION, [customer | {"form": FORM} for customer in customers])
