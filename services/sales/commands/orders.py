"""Orders: place them, from an opportunity or directly, and bring them to their end."""

from collections.abc import Callable

from services.sales import events
from services.sales.commands import access
from services.sales.commands.lines import NewLine, price
from services.sales.domain import line
from services.sales.domain import order as rules
from services.sales.domain.line import Line
from services.sales.domain.opportunity import LOST, Opportunity
from services.sales.domain.order import Order
from services.sales.repositories import counters, customers, opportunities, orders
from shared import clock, ids, mongo
from shared.auth import Principal
from shared.events import Announcement
from shared.problems import Conflict, FieldError, Invalid

STAFF = "staff"


def place_order(customer_id: str, lines: list[NewLine], *, campaign_code: str | None, caller: Principal) -> Order:
    customers.require(customer_id)
    priced = price(lines)
    order = _order(_next_number(), customer_id, priced, source=STAFF, campaign_code=campaign_code, owner_id=caller.id)
    return orders.insert(order, announce=[events.order_placed(order)])


def place_opportunity_order(opportunity_id: str, lines: list[NewLine] | None, *, caller: Principal) -> Order:
    """Order the given lines, or those of the opportunity. Raises Conflict for a lost opportunity."""
    return _place_and_win(opportunity_id, lines, caller, _next_number())


def confirm_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.confirm(at=clock.now()), events.order_confirmed)


def ship_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.ship(at=clock.now()), events.order_shipped)


def complete_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.complete(at=clock.now()), events.order_completed)


def cancel_order(order_id: str, reason: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.cancel(reason, at=clock.now()), events.order_cancelled)


@mongo.transactional
def _place_and_win(opportunity_id: str, lines: list[NewLine] | None, caller: Principal, number: str) -> Order:
    """The order is placed and an open opportunity won together, or neither is."""
    opportunity = opportunities.get(opportunity_id)
    access.check(opportunity, caller)
    priced = price(lines) if lines else opportunity.lines
    _check_orderable(opportunity, priced)
    if opportunity.open:
        at = clock.now()
        won = opportunity.win_by_order(line.value(priced), at=at, today=clock.business_date(at), by=caller.id)
        opportunities.save(won, announce=[events.opportunity_won(won)])
    order = _order(
        number,
        opportunity.customer_id,
        priced,
        source=opportunity.source,
        campaign_code=opportunity.campaign_code,
        owner_id=opportunity.owner_id or caller.id,
        opportunity=opportunity,
    )
    return orders.insert(order, announce=[events.order_placed(order)])


def _check_orderable(opportunity: Opportunity, lines: list[Line]) -> None:
    if opportunity.stage == LOST:
        raise Conflict("This opportunity is lost. Reopen it before you order.", code="opportunity-lost")
    if not lines:
        raise Invalid([FieldError("lines", "required", "The opportunity has no products. Say what is ordered.")])


def _order(
    number: str,
    customer_id: str,
    lines: list[Line],
    *,
    source: str,
    campaign_code: str | None,
    owner_id: str | None,
    opportunity: Opportunity | None = None,
) -> Order:
    at = clock.now()
    return Order(
        id=ids.new_id(),
        version=1,
        number=number,
        status=rules.PLACED,
        customer_id=customer_id,
        opportunity_id=opportunity.id if opportunity else None,
        campaign_code=campaign_code,
        partner_id=opportunity.partner_id if opportunity else None,
        source=source,
        owner_id=owner_id,
        lines=lines,
        total=line.value(lines),
        placed_at=at,
        updated_at=at,
    )


def _next_number() -> str:
    year = clock.today().year
    return rules.number(year, counters.next_number(f"orders-{year}"))


def _step(
    order_id: str,
    caller: Principal,
    expected: int | None,
    step: Callable[[Order], Order],
    announce: Callable[[Order], Announcement],
) -> Order:
    order = orders.get(order_id)
    access.check(order, caller, expected=expected)
    order = step(order)
    return orders.save(order, announce=[announce(order)])
