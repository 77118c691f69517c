"""Orders: place them, from an opportunity or directly, and bring them to their end."""

from collections.abc import Callable
from dataclasses import dataclass

from services.sales import events
from services.sales.commands import access
from services.sales.commands.lines import NewLine, price, refuse_gifts, still_sold
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
from shared.text.money import Money

STAFF = "staff"


@dataclass(frozen=True, kw_only=True)
class OpportunityOrder:
    """What a caller says about the order of an opportunity: its lines, without which those of the opportunity hold.

    `total` chooses between what the lines come to and what was agreed; `another` wants one more order.
    """

    lines: list[NewLine] | None
    total: Money | None
    another: bool


def place_order(customer_id: str, lines: list[NewLine], *, campaign_code: str | None, caller: Principal) -> Order:
    customers.require(customer_id)
    priced = price(lines)
    total = line.value(priced)
    refuse_gifts(priced, total, caller)
    order = _order(
        _next_number(),
        customer_id,
        priced,
        total,
        source=STAFF,
        campaign_code=campaign_code,
        owner_id=caller.id,
    )
    return orders.insert(order, announce=[events.order_placed(order)])


def place_opportunity_order(opportunity_id: str, new: OpportunityOrder, *, caller: Principal) -> Order:
    """Raises Conflict for a lost opportunity, one that was ordered before, or a total that has to be chosen."""
    _terms(opportunities.get(opportunity_id), new, caller)  # So that an order that is refused takes no number.
    return _place_and_win(opportunity_id, new, caller, _next_number())


def confirm_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.confirm(at=clock.now()), events.order_confirmed)


def ship_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.ship(at=clock.now()), events.order_shipped)


def complete_order(order_id: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.complete(at=clock.now()), events.order_completed)


def cancel_order(order_id: str, reason: str, *, caller: Principal, expected: int | None) -> Order:
    return _step(order_id, caller, expected, lambda order: order.cancel(reason, at=clock.now()), events.order_cancelled)


@mongo.transactional
def _place_and_win(opportunity_id: str, new: OpportunityOrder, caller: Principal, number: str) -> Order:
    """The order is placed and an open opportunity won together, or neither is."""
    opportunity = opportunities.lock(opportunity_id)
    priced, total = _terms(opportunity, new, caller)
    if opportunity.open:
        at = clock.now()
        won = opportunity.win_by_order(total, at=at, today=clock.business_date(at), by=caller.id)
        opportunities.save(won, announce=[events.opportunity_won(won)])
    order = _order(
        number,
        opportunity.customer_id,
        priced,
        total,
        source=opportunity.source,
        campaign_code=opportunity.campaign_code,
        owner_id=opportunity.owner_id or caller.id,
        opportunity=opportunity,
    )
    return orders.insert(order, announce=[events.order_placed(order)])


def _terms(opportunity: Opportunity, new: OpportunityOrder, caller: Principal) -> tuple[list[Line], Money]:
    """What is ordered and what the customer pays for it. Raises Conflict, Forbidden or Invalid."""
    access.check(opportunity, caller)
    if opportunity.stage == LOST:
        raise Conflict("This opportunity is lost. Reopen it before you order.", code="opportunity-lost")
    if not new.another:
        rules.check_first(orders.of_opportunity(opportunity.id))
    lines = price(new.lines) if new.lines else still_sold(opportunity.lines)
    if not lines:
        raise Invalid([FieldError("lines", "required", "The opportunity has no products. Say what is ordered.")])
    total = rules.settle_total(new.total, lines=line.value(lines), agreed=opportunity.agreed)
    refuse_gifts(lines, total, caller)
    return lines, total


def _order(
    number: str,
    customer_id: str,
    lines: list[Line],
    total: Money,
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
        total=total,
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
