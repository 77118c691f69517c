"""Money: whole minor units of one currency."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.problems import FieldError, Invalid

MAX_TOTAL = 10**15


@dataclass(frozen=True)
class Money:
    """`amount` is in minor units (cents, fen); `currency` is an ISO 4217 code."""

    amount: int
    currency: str

    def times(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)


def total(amounts: Iterable[Money], *, field: str) -> Money:
    """The sum. Raises Invalid, naming `field`, when the currencies differ or the sum is beyond `MAX_TOTAL`."""
    amounts = list(amounts)
    currencies = sorted({money.currency for money in amounts})
    if len(currencies) != 1:
        raise Invalid([FieldError(field, "one-currency", f"All prices must be in one currency, not {currencies}.")])
    amount = sum(money.amount for money in amounts)
    if amount > MAX_TOTAL:
        raise Invalid([FieldError(field, "max-total", f"The sum must be at most {MAX_TOTAL} minor units.")])
    return Money(amount, currencies[0])
