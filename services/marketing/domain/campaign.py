"""A campaign: its plan, its steps from planned to finished, and its cost ledger."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from shared.problems import Conflict, FieldError, Invalid, NotFound
from shared.text import search
from shared.text.money import Money

PLANNED, RUNNING, PAUSED, FINISHED = "planned", "running", "paused", "finished"
STATUSES = (PLANNED, RUNNING, PAUSED, FINISHED)
CHANNELS = ("call", "email", "event", "fax", "letter", "partner", "sms", "social", "visit", "web")
COST_CATEGORIES = ("agency", "event", "incentive", "media", "postage", "print", "telephony", "other")
MAX_COST_LINES = 1000


@dataclass(frozen=True)
class CostLine:
    """One cost. A wrong line is reversed and stays in the ledger."""

    id: str
    description: str
    amount: Money
    incurred_on: date
    category: str
    added_by: str
    added_at: datetime
    reversed_by: str | None = None
    reversed_at: datetime | None = None

    @property
    def counts(self) -> bool:
        return self.reversed_at is None


@dataclass(frozen=True)
class Campaign:
    """`cost` is the sum of the lines that count, in the currency of the budget; `words` is what it is found by."""

    id: str
    version: int
    code: str
    name: str
    channels: list[str]
    starts_on: date
    ends_on: date
    budget: Money
    owner: str
    target_notes: str
    cost: Money
    costs: list[CostLine]
    created_at: datetime
    updated_at: datetime
    status: str = PLANNED
    started_at: datetime | None = None
    finished_at: datetime | None = None
    words: list[str] = field(default_factory=list)
    updated_by: str | None = None

    def change(self, changes: dict[str, Any], *, at: datetime) -> "Campaign":
        """Take over `changes`. Raises Conflict when finished or when costs fix the currency, Invalid for the dates."""
        if self.status == FINISHED:
            raise Conflict("A finished campaign is not changed any more. Plan a new one.", code="campaign-finished")
        changed = replace(self, **changes, updated_at=at)
        if changed.budget.currency != self.budget.currency:
            if any(line.counts for line in self.costs):
                raise Conflict(
                    f"The costs are in {self.budget.currency}, so the budget stays in it. Reverse the lines first.",
                    code="budget-currency-fixed",
                )
            changed = replace(changed, cost=Money(0, changed.budget.currency))
        _check_dates(changed)
        return _found_by_words(changed)

    def start(self, *, at: datetime) -> "Campaign":
        """The first start is kept as `started_at`. Raises Conflict unless planned or paused."""
        self._require(PLANNED, PAUSED, step="started")
        return replace(self, status=RUNNING, started_at=self.started_at or at, updated_at=at)

    def pause(self, *, at: datetime) -> "Campaign":
        """Raises Conflict unless running."""
        self._require(RUNNING, step="paused")
        return replace(self, status=PAUSED, updated_at=at)

    def finish(self, *, at: datetime) -> "Campaign":
        """Raises Conflict unless running or paused."""
        self._require(RUNNING, PAUSED, step="finished")
        return replace(self, status=FINISHED, finished_at=at, updated_at=at)

    def add_cost(self, line: CostLine) -> "Campaign":
        """Allowed in every status, because invoices come late. Raises Conflict for another currency or a full ledger."""
        if line.amount.currency != self.budget.currency:
            raise Conflict(
                f"The budget is in {self.budget.currency}. Convert the amount and send it in that currency.",
                code="cost-currency-differs",
            )
        if len(self.costs) >= MAX_COST_LINES:
            raise Conflict(
                f"The ledger holds {MAX_COST_LINES} lines at most. Add the cost to a follow-up campaign.",
                code="cost-ledger-full",
            )
        return replace(self, costs=[*self.costs, line], cost=self.cost + line.amount, updated_at=line.added_at)

    def reverse_cost(self, cost_id: str, *, by: str, at: datetime) -> "Campaign":
        """Raises NotFound for an unknown line, Conflict when it is reversed already."""
        line = next((line for line in self.costs if line.id == cost_id), None)
        if line is None:
            raise NotFound("This campaign has no such cost line. Read the campaign for its lines.")
        if not line.counts:
            raise Conflict("This cost line is reversed already.", code="cost-already-reversed")
        reversed_line = replace(line, reversed_by=by, reversed_at=at)
        return replace(
            self,
            costs=[reversed_line if line.id == cost_id else line for line in self.costs],
            cost=self.cost - line.amount,
            updated_at=at,
        )

    def cost_by_category(self) -> dict[str, int]:
        """Minor units of the lines that count, by category."""
        totals: dict[str, int] = {}
        for line in self.costs:
            if line.counts:
                totals[line.category] = totals.get(line.category, 0) + line.amount.amount
        return totals

    def _require(self, *allowed: str, step: str) -> None:
        if self.status not in allowed:
            raise Conflict(
                f"A {self.status} campaign cannot be {step}; only a {' or '.join(allowed)} one can.",
                code=f"campaign-{self.status}",
            )


def plan(
    *,
    id: str,
    at: datetime,
    code: str,
    name: str,
    channels: list[str],
    starts_on: date,
    ends_on: date,
    budget: Money,
    owner: str,
    target_notes: str = "",
) -> Campaign:
    """A new campaign. Raises Invalid when it would end before it starts."""
    campaign = Campaign(
        id=id,
        version=1,
        code=code,
        name=name,
        channels=channels,
        starts_on=starts_on,
        ends_on=ends_on,
        budget=budget,
        owner=owner,
        target_notes=target_notes,
        cost=Money(0, budget.currency),
        costs=[],
        created_at=at,
        updated_at=at,
    )
    _check_dates(campaign)
    return _found_by_words(campaign)


def _found_by_words(campaign: Campaign) -> Campaign:
    return replace(campaign, words=search.terms(campaign.name, campaign.code))


def _check_dates(campaign: Campaign) -> None:
    if campaign.ends_on < campaign.starts_on:
        raise Invalid([FieldError("ends_on", "not-before-start", "The last day is before the first.")])
