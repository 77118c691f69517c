"""The customers collection: the names of the customers, as crm.customer last told them.

A document is `{_id: customer id, version, display_name}`.
"""

from collections.abc import Iterable

from pymongo import IndexModel

from shared import copies, mongo

COLLECTION = "customers"
INDEXES: list[IndexModel] = []


def require(customer_id: str) -> None:
    """Raises Conflict when the customer is not known here."""
    copies.require(COLLECTION, customer_id)


def names(customer_ids: Iterable[str | None]) -> dict[str, str]:
    """The names of the customers that are known, by id."""
    wanted = sorted({id for id in customer_ids if id is not None})
    if not wanted:
        return {}
    found = mongo.collection(COLLECTION).find({"_id": {"$in": wanted}}, {"display_name": 1})
    return {document["_id"]: document["display_name"] for document in found}


def keep_newest(documents: list[dict]) -> None:
    """Store those that are newer than what is here."""
    copies.keep_newest(COLLECTION, documents)
