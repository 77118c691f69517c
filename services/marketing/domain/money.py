"""Money: whole minor units of one currency."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Money:
    """`amount` is in minor units (cents, fen); `currency` is an ISO 4217 code."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return replace(self, amount=self.amount + self._same(other))

    def __sub__(self, other: "Money") -> "Money":
        return replace(self, amount=self.amount - self._same(other))

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added up")
        return other.amount
