"""An opportunity: a possible sale to a customer, on its way through the stages of the pipeline."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.sales.domain.lead import Lead
from services.sales.domain.line import Line, value
from shared.problems import Conflict, FieldError, Invalid
from shared.text.money import Money

PROSPECTING, QUALIFICATION, PROPOSAL, NEGOTIATION = "prospecting", "qualification", "proposal", "negotiation"
WON, LOST = "won", "lost"
OPEN_STAGES = (PROSPECTING, QUALIFICATION, PROPOSAL, NEGOTIATION)
CLOSED_STAGES = (WON, LOST)
STAGES = (*OPEN_STAGES, *CLOSED_STAGES)
LOST_REASONS = ("price", "competitor", "no-budget", "no-decision", "timing", "product-fit", "other")
KEPT_HISTORY = 100


@dataclass(frozen=True)
class StageEntry:
    """When an opportunity came to a stage, and who moved it there."""

    stage: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Opportunity:
    """`amount` is what the sale is worth: the sum of the lines, or the agreed total.

    `source`, `external_ref`, `campaign_code`, `partner_id` and `lead_id` say where it came from and never change.
    """

    id: str
    version: int
    customer_id: str
    name: str
    stage: str
    amount: Money
    lines: list[Line]
    expected_close_on: date | None
    engaged_on: date
    source: str
    owner_id: str | None
    history: list[StageEntry]
    created_at: datetime
    updated_at: datetime
    closed_on: date | None = None
    lost_reason: str | None = None
    external_ref: str | None = None
    campaign_code: str | None = None
    partner_id: str | None = None
    lead_id: str | None = None
    updated_by: str | None = None

    @property
    def open(self) -> bool:
        return self.stage in OPEN_STAGES

    def change(self, changes: dict[str, Any], *, at: datetime) -> "Opportunity":
        """New lines without an amount make their sum the amount, and none at all 0: not known yet.

        Raises Conflict when it is closed, Invalid unless lines and amount are in one currency.
        """
        self._require_open()
        lines, amount = changes.get("lines", self.lines), changes.get("amount")
        if "lines" in changes and not lines:
            amount = amount or replace(self.amount, amount=0)
        elif "lines" not in changes:
            amount = amount or self.amount
        return replace(self, **changes | {"amount": worth(amount, lines)}, updated_at=at)

    def move(self, stage: str, *, lost_reason: str | None, at: datetime, today: date, by: str) -> "Opportunity":
        """`today` is the business day: a closing stage is reached on it.

        Raises Conflict when it is closed or in this stage, Invalid unless `lost` and only `lost` has a reason.
        """
        self._require_open()
        if stage == self.stage:
            raise Conflict(f"This opportunity is in {stage} already. Choose another stage.", code="same-stage")
        check_lost_reason(stage, lost_reason)
        if stage == LOST and lost_reason is None:
            message = f"Say why it was lost: one of {', '.join(LOST_REASONS)}."
            raise Invalid([FieldError("lost_reason", "required", message)])
        closed_on = today if stage in CLOSED_STAGES else None
        return self._to(stage, at=at, by=by, closed_on=closed_on, lost_reason=lost_reason)

    def win(self, *, at: datetime, today: date, by: str) -> "Opportunity":
        """Raises Conflict when it is closed."""
        return self.move(WON, lost_reason=None, at=at, today=today, by=by)

    @property
    def agreed(self) -> Money | None:
        """What an order has to agree with; None while the amount is not known."""
        return None if self.open and not self.amount.amount else self.amount

    def win_by_order(self, total: Money, *, at: datetime, today: date, by: str) -> "Opportunity":
        """An opportunity without an amount is worth what was ordered. Raises Conflict when it is closed."""
        won = self.win(at=at, today=today, by=by)
        return won if won.amount.amount else replace(won, amount=total)

    def reopen(self, stage: str, *, at: datetime, by: str) -> "Opportunity":
        """Raises Conflict when it is open."""
        if self.open:
            raise Conflict("This opportunity is open. Move it to another stage instead.", code="opportunity-open")
        return self._to(stage, at=at, by=by, closed_on=None, lost_reason=None)

    def _to(self, stage: str, *, at: datetime, by: str, closed_on: date | None, lost_reason: str | None):
        history = [*self.history, StageEntry(stage, at, by)][-KEPT_HISTORY:]
        return replace(self, stage=stage, history=history, closed_on=closed_on, lost_reason=lost_reason, updated_at=at)

    def _require_open(self) -> None:
        if not self.open:
            raise Conflict(
                f"This opportunity is {self.stage}. Reopen it before you change it.", code=f"opportunity-{self.stage}"
            )


def of_lead(
    lead: Lead,
    *,
    name: str | None,
    amount: Money,
    lines: list[Line],
    expected_close_on: date | None,
    at: datetime,
    today: date,
    by: str,
) -> Opportunity:
    """The opportunity that a converted lead becomes. It keeps where the lead came from."""
    return Opportunity(
        id=lead.opportunity_id,
        version=1,
        customer_id=lead.customer_id,
        name=name or lead.company_name or lead.full_name,
        stage=QUALIFICATION,
        amount=amount,
        lines=lines,
        expected_close_on=expected_close_on,
        engaged_on=today,
        source=lead.source,
        owner_id=lead.owner_id or by,
        history=[StageEntry(QUALIFICATION, at, by)],
        created_at=at,
        updated_at=at,
        campaign_code=lead.campaign_code,
        partner_id=lead.partner_id,
        lead_id=lead.id,
    )


def worth(amount: Money | None, lines: list[Line]) -> Money:
    """What was agreed, else the sum of the lines. Raises Invalid unless all of it is in one currency."""
    if amount is None:
        return value(lines)
    if lines and amount.currency != (priced := value(lines).currency):
        message = f"The lines are priced in {priced}: agree on an amount in {priced}, or send other lines with it."
        raise Invalid([FieldError("amount", "one-currency", message)])
    return amount


def check_lost_reason(stage: str, lost_reason: str | None) -> None:
    """Raises Invalid for a lost reason in another stage than `lost`."""
    if lost_reason is not None and stage != LOST:
        raise Invalid([FieldError("lost_reason", "only-lost", "Only a lost opportunity has a lost_reason.")])


def check_dates(*, stage: str, engaged_on: date, closed_on: date | None) -> None:
    """Raises Invalid unless a closed opportunity, and only that, has a closing day, not before it was engaged."""
    if closed_on is None and stage in CLOSED_STAGES:
        raise Invalid([FieldError("closed_on", "required", f"Say on which day it was {stage}.")])
    if closed_on is not None and stage not in CLOSED_STAGES:
        raise Invalid([FieldError("closed_on", "only-closed", "Only a won or lost opportunity has a closed_on.")])
    if closed_on is not None and closed_on < engaged_on:
        raise Invalid([FieldError("closed_on", "after-engaged-on", "Must not be before engaged_on.")])
