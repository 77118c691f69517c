"""What a campaign brought in, set against what it cost."""

from shared.text.money import Money


def cost_per_lead(cost: Money, leads: int) -> Money | None:
    """Cost divided by leads, half a minor unit rounded up. None without leads."""
    if not leads:
        return None
    return Money((2 * cost.amount + leads) // (2 * leads), cost.currency)


def return_on_cost(cost: Money, revenue: list[Money]) -> float | None:
    """(revenue - cost) / cost, to four places. None without cost, or when some revenue is in another currency."""
    if not cost.amount or any(money.currency != cost.currency for money in revenue):
        return None
    earned = sum(money.amount for money in revenue)
    return round((earned - cost.amount) / cost.amount, 4)
