"""The products collection: how a Product is kept in Mongo."""

from collections.abc import Iterable

from pymongo import ASCENDING, IndexModel

from services.sales.domain.product import Product
from shared import aggregates, mongo
from shared.aggregates import from_document

COLLECTION = "products"
INDEXES = [*aggregates.OUTBOX_INDEXES, IndexModel([("sku", ASCENDING)], name="sku", unique=True)]


def get(product_id: str) -> Product:
    """Raises NotFound."""
    return aggregates.get(COLLECTION, Product, product_id)


def find_all(*, ids: Iterable[str], skus: Iterable[str]) -> list[Product]:
    """Those that exist with one of the ids or skus."""
    criteria = {"$or": [{"_id": {"$in": list(ids)}}, {"sku": {"$in": list(skus)}}]}
    return [from_document(Product, found) for found in mongo.collection(COLLECTION).find(criteria, aggregates.PUBLIC)]


def insert(product: Product) -> Product:
    """Raises Duplicate when the sku is taken."""
    return aggregates.insert(COLLECTION, product, announce=[])


def save(product: Product) -> Product:
    """Raises Conflict when somebody saved in between."""
    return aggregates.save(COLLECTION, product, announce=[])


def page(*, active: bool | None, limit: int, cursor: str | None) -> dict:
    """By sku."""
    criteria = {} if active is None else {"active": active}
    return aggregates.page(COLLECTION, criteria, sort=("sku", ASCENDING), limit=limit, cursor=cursor)
