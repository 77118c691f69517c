"""An order: what a customer bought, from placed to completed or cancelled."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from services.sales.domain.line import Line
from shared.problems import Conflict
from shared.text.money import Money

PLACED, CONFIRMED, SHIPPED, COMPLETED, CANCELLED = "placed", "confirmed", "shipped", "completed", "cancelled"
STATUSES = (PLACED, CONFIRMED, SHIPPED, COMPLETED, CANCELLED)
CANCEL_REASONS = ("customer-request", "out-of-stock", "payment", "duplicate", "wrong-order", "other")


@dataclass(frozen=True)
class Order:
    """`total` is what the customer pays: the sum of the lines, or what was agreed in the opportunity.

    `campaign_code`, `partner_id` and `source` are those of the opportunity that it came from."""

    id: str
    version: int
    number: str
    status: str
    customer_id: str
    opportunity_id: str | None
    campaign_code: str | None
    partner_id: str | None
    source: str
    owner_id: str | None
    lines: list[Line]
    total: Money
    placed_at: datetime
    updated_at: datetime
    cancel_reason: str | None = None
    confirmed_at: datetime | None = None
    shipped_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    updated_by: str | None = None

    def confirm(self, *, at: datetime) -> "Order":
        """Raises Conflict unless placed."""
        self._require(PLACED, step="confirmed")
        return replace(self, status=CONFIRMED, confirmed_at=at, updated_at=at)

    def ship(self, *, at: datetime) -> "Order":
        """Raises Conflict unless confirmed."""
        self._require(CONFIRMED, step="shipped")
        return replace(self, status=SHIPPED, shipped_at=at, updated_at=at)

    def complete(self, *, at: datetime) -> "Order":
        """Raises Conflict unless shipped."""
        self._require(SHIPPED, step="completed")
        return replace(self, status=COMPLETED, completed_at=at, updated_at=at)

    def cancel(self, reason: str, *, at: datetime) -> "Order":
        """Raises Conflict once it is shipped."""
        self._require(PLACED, CONFIRMED, step="cancelled")
        return replace(self, status=CANCELLED, cancel_reason=reason, cancelled_at=at, updated_at=at)

    def _require(self, *statuses: str, step: str) -> None:
        if self.status not in statuses:
            raise Conflict(
                f"This order is {self.status}. Only one that is {' or '.join(statuses)} can be {step}.",
                code=f"order-{self.status}",
            )


def settle_total(named: Money | None, *, lines: Money, agreed: Money | None) -> Money:
    """What the customer pays, when the lines come to `lines` and the opportunity was agreed at `agreed`.

    Raises Conflict when the two differ and the order does not name one of them, or names neither, as after a change of
    prices; and when they are in different currencies.
    """
    if agreed is not None and agreed.currency != lines.currency:
        raise Conflict(
            f"The opportunity was agreed in {agreed.currency}, the lines are priced in {lines.currency}. Order at prices "
            f"in {agreed.currency}, or change the amount of the opportunity.",
            code="order-currency-differs",
            extra=_both(lines, agreed),
        )
    agreed = lines if agreed is None else agreed
    if named in (lines, agreed):
        return named
    if named is None and agreed == lines:
        return lines
    raise Conflict(
        f"The lines come to {lines}, and {agreed} was agreed. Send as `total` the one that the customer pays."
        if agreed != lines
        else f"The lines come to {lines}. Send that as `total`, or no total.",
        code="order-total-differs",
        extra=_both(lines, agreed),
    )


def _both(lines: Money, agreed: Money) -> dict[str, dict]:
    return {"lines_total": asdict(lines), "agreed": asdict(agreed)}


def check_first(ordered: list["Order"]) -> None:
    """Raises Conflict, naming them, when the opportunity was ordered before."""
    if ordered:
        raise Conflict(
            f"This opportunity was ordered already: {', '.join(order.number for order in ordered)}. Send "
            "`another: true` to place one more order.",
            code="opportunity-ordered-already",
            extra={
                "orders": [
                    {"id": order.id, "number": order.number, "status": order.status, "total": asdict(order.total)}
                    for order in ordered
                ]
            },
        )


def number(year: int, count: int) -> str:
    """The number on the papers, such as SO-2026-000123."""
    return f"SO-{year}-{count:06d}"
