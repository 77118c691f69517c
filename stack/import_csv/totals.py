"""Won, lost and open value by agent and by product, so that two sides can be compared."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stack.import_csv.rows import LOST, OPEN, WON, Deal

OUTCOMES = (WON, LOST, OPEN)


@dataclass
class Totals:
    """Counts and sums (minor units) by `(group, outcome)`, one table for agents and one for products."""

    agents: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    products: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, *, agent: str, product: str, outcome: str, value: int) -> None:
        for table, group in ((self.agents, agent), (self.products, product)):
            table[group, outcome][0] += 1
            table[group, outcome][1] += value

    def add_deal(self, deal: Deal) -> None:
        self.add(agent=deal.owner_id, product=deal.product.sku, outcome=deal.outcome, value=deal.value)


def of_api(opportunities: Iterable[dict[str, Any]]) -> Totals:
    """The same totals from what the sales service answers."""
    totals = Totals()
    for one in opportunities:
        outcome = one["stage"] if one["stage"] in (WON, LOST) else OPEN
        skus = [line["sku"] for line in one["lines"]] or ["-"]
        totals.add(agent=one["owner_id"] or "-", product=skus[0], outcome=outcome, value=one["amount"]["amount"])
    return totals


def table(title: str, ours: dict, theirs: dict, *, currency: str, minor_digits: int) -> list[str]:
    """Lines for people: a row for each group, the difference marked."""
    lines = [f"\n{title:<24}" + "".join(f"{f'{outcome} ({currency})':>26}" for outcome in OUTCOMES)]
    for group in sorted({group for group, _ in (*ours, *theirs)}):
        cells = []
        for outcome in OUTCOMES:
            one, other = (tuple(side.get((group, outcome), (0, 0))) for side in (ours, theirs))
            text = f"{one[1] / 10**minor_digits:,.{minor_digits}f} in {one[0]:,}"
            cells.append(
                f"{text:>26}"
                if one == other
                else f"{text:>26} ≠ {other[1] / 10**minor_digits:,.{minor_digits}f} in {other[0]:,}"
            )
        lines.append(f"{group:<24}" + "".join(cells))
    return lines
