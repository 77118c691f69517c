"""A change of a customer: who made it, when, why, and which fields it took from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from services.customer.domain.customer import Customer

# What is derived from the other fields, or says nothing of the person.
_NOT_KEPT = frozenset({"id", "version", "created_at", "updated_at", "updated_by", "lookup", "claims", "recent_intake"})
_KEPT = tuple(field.name for field in fields(Customer) if field.name not in _NOT_KEPT)
_values = attrgetter(*_KEPT)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Of a list only what went (`before`) and what came (`after`); where just its order changed, all of it."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Cause:
    """An event of another service that led to the change."""

    event_id: str
    type: str


@dataclass(frozen=True)
class Change:
    """`version` is the customer's after the change; `request_id` is None for what events cause."""

    id: str
    customer_id: str
    version: int
    at: datetime
    by: str
    request_id: str | None
    causes: list[Cause]
    fields: list[FieldChange]


def changed_fields(before: Customer | None, after: Customer) -> list[FieldChange]:
    """Every field of a new customer that has a value; else those that differ."""
    if before is None:
        values = zip(_KEPT, _values(after), strict=True)
        return [FieldChange(name, [] if isinstance(value, list) else None, value) for name, value in values if value]
    pairs = zip(_KEPT, _values(before), _values(after), strict=True)
    return [_difference(name, was, now) for name, was, now in pairs if was != now]


def change_id(customer_id: str, version: int) -> str:
    """Sorts like the versions; one change makes one version, so nothing is recorded twice."""
    return f"{customer_id}:{version:010d}"


def _difference(name: str, was: Any, now: Any) -> FieldChange:
    if not isinstance(was, list):
        return FieldChange(name, was, now)
    gone, come = _without(was, now), _without(now, was)
    return FieldChange(name, gone, come) if gone or come else FieldChange(name, was, now)


def _without(items: list[Any], others: Iterable[Any]) -> list[Any]:
    known = set(others)
    return [item for item in items if item not in known]
