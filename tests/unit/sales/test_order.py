"""An order from placed to completed or cancelled."""

from datetime import UTC, datetime

import pytest

from services.sales.domain import order as rules
from services.sales.domain.line import Line
from services.sales.domain.order import Order
from services.sales.domain.product import Product, ProductName
from shared.problems import Conflict
from shared.text.money import Money

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def order() -> Order:
    return Order(
        id="order-1",
        version=1,
        number=rules.number(2026, 123),
        status="placed",
        customer_id="customer-1",
        opportunity_id=None,
        campaign_code=None,
        partner_id=None,
        source="staff",
        owner_id="rep.li",
        lines=[Line("p1", "GTX-PRO", 1, Money(482100, "CNY"))],
        total=Money(482100, "CNY"),
        placed_at=AT,
        updated_at=AT,
    )


def test_an_order_number_can_be_read_aloud():
    assert rules.number(2026, 123) == "SO-2026-000123"
    assert rules.number(2026, 12345678) == "SO-2026-12345678"


def test_an_order_is_confirmed_then_shipped_then_completed():
    done = order().confirm(at=AT).ship(at=AT).complete(at=AT)

    assert (done.status, done.confirmed_at, done.shipped_at, done.completed_at) == ("completed", AT, AT, AT)


@pytest.mark.parametrize(
    "step",
    [
        lambda order: order.ship(at=AT),
        lambda order: order.complete(at=AT),
        lambda order: order.confirm(at=AT).confirm(at=AT),
    ],
)
def test_no_step_is_left_out_or_done_twice(step):
    with pytest.raises(Conflict):
        step(order())


def test_an_order_can_be_cancelled_until_it_is_shipped():
    cancelled = order().confirm(at=AT).cancel("out-of-stock", at=AT)

    assert (cancelled.status, cancelled.cancel_reason) == ("cancelled", "out-of-stock")
    with pytest.raises(Conflict):
        order().confirm(at=AT).ship(at=AT).cancel("out-of-stock", at=AT)


def test_a_product_is_sold_at_its_list_price_unless_another_is_agreed():
    product = Product("p1", 1, "GTX-PRO", ProductName("GTX Pro", "GTX 专业版"), Money(100, "CNY"), True, AT, AT)

    assert product.line(quantity=2, unit_price=None).unit_price == Money(100, "CNY")
    assert product.line(quantity=2, unit_price=Money(90, "CNY")).unit_price == Money(90, "CNY")


def test_a_product_that_is_not_active_cannot_be_sold():
    product = Product("p1", 1, "GTX-PRO", ProductName("GTX Pro", "GTX 专业版"), Money(100, "CNY"), False, AT, AT)

    with pytest.raises(Conflict, match="not sold any more"):
        product.line(quantity=1, unit_price=None)
