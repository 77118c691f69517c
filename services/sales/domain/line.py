"""A line of an opportunity or an order: how many of which product at what price."""

from dataclasses import dataclass

from shared.text.money import Money, total


@dataclass(frozen=True)
class Line:
    """`sku` is the product's at the time; `unit_price` is for one piece."""

    product_id: str
    sku: str
    quantity: int
    unit_price: Money


def value(lines: list[Line]) -> Money:
    """The sum of the lines. Raises Invalid when they are in different currencies, or there are none."""
    return total((line.unit_price.times(line.quantity) for line in lines), field="lines")
