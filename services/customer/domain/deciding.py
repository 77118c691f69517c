"""Deciding: staff confirm or refuse what others told of a customer, and say that two customers are different."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.customer.domain import customer as customers
from services.customer.domain import unverified
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import MAX_EMAILS, MAX_PHONES, Customer
from services.customer.domain.unverified import CONFIRMED, EMPLOYER, NAME, PHONE, REFUSED, Point
from shared.problems import Conflict, NotFound
from shared.text import names


def confirm(customer: Customer, point_id: str, *, by: str, at: datetime) -> Customer:
    """What was told is the customer's from now on; confirmed again, it stays so.

    Raises NotFound, and Conflict when it was refused or there is no room.
    """
    point = _undecided(customer, point_id, CONFIRMED)
    if point is None:
        return customer
    return _decided(customer, point, CONFIRMED, by=by, at=at).change(_taken_over(customer, point), at=at)


def refuse(customer: Customer, point_id: str, *, by: str, at: datetime) -> Customer:
    """It is not the customer's, and is remembered as such. Raises NotFound, and Conflict when it was confirmed."""
    point = _undecided(customer, point_id, REFUSED)
    return customer if point is None else _decided(customer, point, REFUSED, by=by, at=at)


def dismiss_duplicate(customer: Customer, other_id: str, *, at: datetime) -> Customer:
    """The two are different people; said again, it stays so."""
    if other_id not in customer.possible_duplicate_of:
        return customer
    rest = [id for id in customer.possible_duplicate_of if id != other_id]
    return customers.indexed(replace(customer, possible_duplicate_of=rest, updated_at=at))


def _undecided(customer: Customer, point_id: str, outcome: str) -> Point | None:
    """The point, or None when the same was decided before."""
    if (point := next((one for one in customer.unverified if one.id == point_id), None)) is not None:
        return point
    decided = next((one for one in reversed(customer.decisions) if one.point_id == point_id), None)
    if decided is None:
        raise NotFound("This customer has no such unverified point. Read the customer again.")
    if decided.outcome != outcome:
        raise Conflict(
            f"It was {decided.outcome} before. Change the customer's own fields instead.",
            code=f"point-{decided.outcome}",
        )
    return None


def _decided(customer: Customer, point: Point, outcome: str, *, by: str, at: datetime) -> Customer:
    rest = [one for one in customer.unverified if one.id != point.id]
    decisions = unverified.with_decision(customer.decisions, point, outcome, by=by, at=at)
    return replace(customer, unverified=rest, decisions=decisions, updated_at=at)


def _taken_over(customer: Customer, point: Point) -> dict[str, Any]:
    """The change that makes the point one of the customer's own facts. Raises Conflict when there is no room."""
    if point.kind == NAME:
        given, family = names.split(point.value)
        return {"given_name": given, "family_name": family}
    if point.kind == EMPLOYER:
        return {"employer_name": point.value}
    if point.kind == PHONE:
        return {"phones": _with(customer.phones, Phone(point.value, extension=point.extension), MAX_PHONES, "phones")}
    return {"emails": _with(customer.emails, Email(point.value), MAX_EMAILS, "emails")}


def _with(present: list, added: Phone | Email, longest: int, noun: str) -> list:
    if len(present) >= longest:
        raise Conflict(
            f"This customer has {longest} {noun} already. Remove one that is no longer used.", code=f"too-many-{noun}"
        )
    return [*present, added]
