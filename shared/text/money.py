"""Money: whole minor units of one currency."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.problems import FieldError, Invalid
from shared.text.currencies import DIGITS

MAX_AMOUNT = 10**12
MAX_TOTAL = 10**15


@dataclass(frozen=True)
class Money:
    """`amount` is in minor units (cents, fen); `currency` is an ISO 4217 code."""

    amount: int
    currency: str

    def times(self, quantity: int) -> "Money":
        return replace(self, amount=self.amount * quantity)

    def __add__(self, other: "Money") -> "Money":
        return replace(self, amount=self.amount + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        return replace(self, amount=self.amount - self._same(other))

    def __str__(self) -> str:
        """As people read it in messages: `CNY 9,999.50`, `JPY 500`."""
        digits = DIGITS.get(self.currency, 2)
        return f"{self.currency} {self.amount / 10**digits:,.{digits}f}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added up")
        return other.amount


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


def of_fact(value: dict) -> Money:
    """The money in an event. Raises ValueError for what is none.

    Any three capitals are a currency here: what was once priced in a currency stays so when the list changes.
    """
    amount, currency = value["amount"], value["currency"]
    if type(amount) is not int or not isinstance(currency, str):
        raise ValueError("money without a whole amount or without a currency")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        raise ValueError("money in a currency that is not three capital letters")
    return Money(amount, currency)
