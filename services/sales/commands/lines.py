"""Lines as they are asked for, priced from the product list."""

from dataclasses import dataclass

from services.sales.domain.line import Line
from services.sales.domain.product import Product
from services.sales.repositories import products
from shared.auth import Principal
from shared.problems import FieldError, Forbidden, Invalid
from shared.text.money import Money


@dataclass(frozen=True)
class NewLine:
    """A product by its id or its sku; without a `unit_price` at its list price."""

    product_id: str | None
    sku: str | None
    quantity: int
    unit_price: Money | None


def price(lines: list[NewLine]) -> list[Line]:
    """Raises Invalid for products that do not exist, Conflict for one that is not sold any more."""
    if not lines:
        return []
    ids = [line.product_id for line in lines if line.product_id]
    skus = [line.sku for line in lines if line.sku]
    found: dict[str, Product] = {}
    for product in products.find_all(ids=ids, skus=skus):
        found[product.id] = found[product.sku] = product
    missing = [
        FieldError(f"lines.{row}", "known-product", f"There is no product {line.product_id or line.sku}.")
        for row, line in enumerate(lines)
        if (line.product_id or line.sku) not in found
    ]
    if missing:
        raise Invalid(missing)
    return [
        found[line.product_id or line.sku].line(quantity=line.quantity, unit_price=line.unit_price) for line in lines
    ]


def still_sold(lines: list[Line]) -> list[Line]:
    """Lines as they were priced once. Raises Conflict when one of the products is not sold any more."""
    for product in products.find_all(ids=[line.product_id for line in lines], skus=[]) if lines else []:
        product.require_sold()
    return lines


def refuse_gifts(lines: list[Line], total: Money, caller: Principal) -> None:
    """Any price above zero is the rep's to agree; giving away what has a list price is not. Raises Forbidden."""
    free = [line.product_id for line in lines if not line.unit_price.amount or not total.amount]
    if caller.scope == "all" or not free:
        return
    gifts = sorted(product.sku for product in products.find_all(ids=free, skus=[]) if product.list_price.amount)
    if gifts:
        raise Forbidden(
            f"{', '.join(gifts[:5])} would cost nothing. Give a price, or ask a sales manager to place this order.",
            code="price-zero",
        )
