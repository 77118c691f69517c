"""What one lead, opportunity or order adds to the results of a campaign, and what changes when it changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.text.money import Money

LEADS, OPPORTUNITIES, ORDERS = "leads", "opportunities", "orders"
KINDS = (LEADS, OPPORTUNITIES, ORDERS)
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Contribution:
    """`id` is the lead's, opportunity's or order's id; `status` is the stage of an opportunity; `amount` is set for orders."""

    id: str
    version: int
    kind: str
    campaign_code: str | None
    status: str
    amount: Money | None
    at: datetime

    def counters(self) -> dict[str, int]:
        """The counters that this contribution raises, as dotted paths into a result. A cancelled order brings no revenue."""
        raised = {"contributions": 1, f"{self.kind}.{self.status}": 1}
        if self.amount is not None and self.status != CANCELLED:
            raised[f"revenue.{self.amount.currency}"] = self.amount.amount
        return raised


@dataclass(frozen=True)
class Difference:
    """What to add to the counters of one campaign code."""

    counters: dict[str, int]
    counted_until: datetime


def newest(contributions: Iterable[Contribution]) -> dict[str, Contribution]:
    """The highest version of each id."""
    chosen: dict[str, Contribution] = {}
    for contribution in contributions:
        known = chosen.get(contribution.id)
        if known is None or contribution.version > known.version:
            chosen[contribution.id] = contribution
    return chosen


def differences(pairs: Iterable[tuple[Contribution | None, Contribution]]) -> dict[str, Difference]:
    """By campaign code, what changes when in each pair the first (None when new) is replaced by the second."""
    counters: dict[str, Counter[str]] = {}
    until: dict[str, datetime] = {}
    for before, after in pairs:
        for contribution, sign in ((before, -1), (after, 1)):
            if contribution is None or contribution.campaign_code is None:
                continue
            code = contribution.campaign_code
            changed = counters.setdefault(code, Counter())
            for path, amount in contribution.counters().items():
                changed[path] += sign * amount
            until[code] = max(after.at, until.get(code, after.at))
    return {
        code: Difference({path: amount for path, amount in changed.items() if amount}, until[code])
        for code, changed in counters.items()
    }


def normal_code(text: str | None) -> str | None:
    """A campaign code as a partner or a form wrote it, in the form that campaigns use."""
    code = (text or "").strip().upper()
    return code or None
