"""What others said of a customer: kept apart with its source until staff confirm or refuse it, and used for nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.customer.domain import contact
from shared.text import names

PHONE, EMAIL, EMPLOYER, NAME = "phone", "email", "employer", "name"
CONFIRMED, REFUSED = "confirmed", "refused"
MAX_UNVERIFIED = 20
KEPT_DECISIONS = 50


@dataclass(frozen=True)
class Source:
    """A record of another service, such as a lead or a call; `partner_id` is the partner who sent it, if one did."""

    source: str
    id: str
    partner_id: str | None = None

    @property
    def origin(self) -> str:
        """Who speaks: a partner in all its records, else a service in all of its own."""
        return f"partner:{self.partner_id}" if self.partner_id else self.source


@dataclass(frozen=True)
class Point:
    """One fact that `source` told. `value` is a phone in E.164, an e-mail address, a name or an employer's name.

    `extension` is the phone's.

    `id` is made of the record and the kind, because one record tells one fact of a kind, and of nothing personal.
    """

    id: str
    kind: str
    value: str
    source: Source
    told_at: datetime
    extension: str | None = None

    @property
    def fact(self) -> str:
        return _fact(self.kind, self.value, self.extension)


@dataclass(frozen=True)
class Decision:
    """What became of a point. A refused value is remembered, so that the same origin does not bring it again."""

    point_id: str
    kind: str
    value: str
    origin: str
    outcome: str
    by: str
    at: datetime
    extension: str | None = None

    @property
    def fact(self) -> str:
        return _fact(self.kind, self.value, self.extension)


def point(kind: str, value: str, source: Source, *, at: datetime) -> Point:
    return Point(f"{source.id}-{kind}", kind, value, source, at)


def with_told(points: list[Point], told: Iterable[Point], *, decisions: Iterable[Decision]) -> list[Point]:
    """The points and those of `told` that are new, have not been refused from there, and find room."""
    refused = {(one.fact, one.origin) for one in decisions if one.outcome == REFUSED}
    kept = {one.fact: one for one in points}
    for one in told:
        if len(kept) < MAX_UNVERIFIED and (one.fact, one.source.origin) not in refused:
            kept.setdefault(one.fact, one)
    return list(kept.values())


def with_decision(decisions: list[Decision], point: Point, outcome: str, *, by: str, at: datetime) -> list[Decision]:
    """The last fifty decisions, with this one."""
    made = Decision(point.id, point.kind, point.value, point.source.origin, outcome, by, at, point.extension)
    return [*decisions, made][-KEPT_DECISIONS:]


def _fact(kind: str, value: str, extension: str | None) -> str:
    """Equal for what says the same: a phone with its extension, a name in whatever notation."""
    if kind in (EMPLOYER, NAME):
        value = " ".join(names.key(value))
    return f"{kind}:{contact.line(value, extension)}"
