"""Products: add and change."""

from typing import Any

from services.sales.domain.product import Product, ProductName
from services.sales.repositories import products
from shared import clock, http, ids
from shared.aggregates import Duplicate
from shared.problems import Conflict
from shared.text.money import Money


def create_product(*, sku: str, name: ProductName, list_price: Money, active: bool) -> Product:
    """Raises Conflict when the sku is taken."""
    at = clock.now()
    product = Product(ids.new_id(), 1, sku, name, list_price, active, created_at=at, updated_at=at)
    try:
        return products.insert(product)
    except Duplicate as taken:
        if taken.index != "sku":
            raise
        raise Conflict(f"The sku {sku} belongs to another product. Choose another sku.", code="sku-taken") from taken


def change_product(product_id: str, changes: dict[str, Any], *, expected: int | None) -> Product:
    product = products.get(product_id)
    http.check_version(product, expected)
    return products.save(product.change(changes, at=clock.now()))
