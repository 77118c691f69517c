"""A product that can be offered and ordered."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.sales.domain.line import Line
from shared.problems import Conflict
from shared.text.money import Money


@dataclass(frozen=True)
class ProductName:
    """What the product is called in each language of the suite."""

    en: str
    zh: str


@dataclass(frozen=True)
class Product:
    """The sku is for good: orders name it. A product that is no longer sold is not active."""

    id: str
    version: int
    sku: str
    name: ProductName
    list_price: Money
    active: bool
    created_at: datetime
    updated_at: datetime
    updated_by: str | None = None

    def change(self, changes: dict[str, Any], *, at: datetime) -> "Product":
        return replace(self, **changes, updated_at=at)

    def line(self, *, quantity: int, unit_price: Money | None) -> Line:
        """At list price without a `unit_price`. Raises Conflict when the product is not sold any more."""
        self.require_sold()
        return Line(product_id=self.id, sku=self.sku, quantity=quantity, unit_price=unit_price or self.list_price)

    def require_sold(self) -> None:
        """Raises Conflict when the product is not sold any more."""
        if not self.active:
            raise Conflict(
                f"Product {self.sku} is not sold any more. Choose another one, or activate it again.",
                code="product-not-active",
            )
