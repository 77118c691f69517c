"""Every write of the customer service: customers, their identities, logged interactions, and answers to intake."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from services.customer import events
from services.customer.domain import customer as customers_domain
from services.customer.domain import deciding
from services.customer.domain.change import Cause
from services.customer.domain.customer import COMPANY, Customer, Identity
from services.customer.domain.intake import Directory, DirectoryFull, Intake
from services.customer.domain.interaction import Interaction
from services.customer.repositories import customers, interactions
from services.customer.repositories.changes import Made
from shared import clock, http, ids
from shared.aggregates import Duplicate
from shared.events import Announcement, Event
from shared.problems import Conflict, FieldError, Invalid


def register_customer(fields: dict[str, Any]) -> Customer:
    """Raises Invalid."""
    _refuse_unknown_company(fields.get("company_id"))
    customer = customers_domain.register(id=ids.new_id(), at=clock.now(), **fields)
    return customers.insert(customer, announce=[events.customer_registered(customer)])


def change_customer(customer_id: str, changes: dict[str, Any], *, expected: int | None) -> Customer:
    """Raises NotFound, PreconditionFailed, Invalid, Conflict."""
    customer = _load(customer_id, expected)
    _refuse_unknown_company(changes.get("company_id"))
    changed = customer.change(changes, at=clock.now())
    return customers.save(changed, before=customer, announce=[events.customer_changed(changed)])


def confirm_point(customer_id: str, point_id: str, *, by: str, expected: int | None) -> Customer:
    """What others told becomes the customer's own. Raises NotFound, PreconditionFailed, Conflict."""
    customer = _load(customer_id, expected)
    confirmed = deciding.confirm(customer, point_id, by=by, at=clock.now())
    return _saved(customer, confirmed, events.customer_point_confirmed)


def refuse_point(customer_id: str, point_id: str, *, by: str, expected: int | None) -> Customer:
    """Raises NotFound, PreconditionFailed, Conflict."""
    customer = _load(customer_id, expected)
    refused = deciding.refuse(customer, point_id, by=by, at=clock.now())
    return _saved(customer, refused, events.customer_point_refused)


def dismiss_duplicate(customer_id: str, other_id: str, *, expected: int | None) -> Customer:
    """The two are different. Raises NotFound, PreconditionFailed, Conflict."""
    customer = _load(customer_id, expected)
    dismissed = deciding.dismiss_duplicate(customer, other_id, at=clock.now())
    return _saved(customer, dismissed, events.customer_changed)


def link_identity(customer_id: str, *, source: str, external_id: str, evidence: str, by: str) -> Customer:
    """Linking what is linked to this customer changes nothing. Raises Invalid, and Conflict when another one has it."""
    customer = customers.find(customer_id)
    if customer is None:
        raise Invalid([_no_such_customer("customer_id")])
    holder = customers.find_by_identity(source, external_id)
    if holder is not None:
        if holder.id != customer_id:
            raise _already_linked(holder)
        return holder
    linked = customer.link_identity(Identity(source, external_id, evidence, linked_at=clock.now(), linked_by=by))
    try:
        return customers.save(linked, before=customer, announce=[events.customer_identity_linked(linked)])
    except Duplicate as taken:
        if taken.index != customers.KEYS:
            raise
        raise _already_linked(customers.get_by_identity(source, external_id)) from taken


def unlink_identity(customer_id: str, *, source: str, external_id: str, expected: int | None) -> Customer:
    """Raises NotFound, PreconditionFailed, Conflict."""
    customer = _load(customer_id, expected)
    unlinked = customer.unlink_identity(source, external_id, at=clock.now())
    return customers.save(unlinked, before=customer, announce=[events.customer_identity_unlinked(unlinked)])


def log_interaction(fields: dict[str, Any], *, by: str) -> Interaction:
    """Raises Invalid."""
    if customers.find(fields["customer_id"]) is None:
        raise Invalid([_no_such_customer("customer_id")])
    interaction = Interaction(id=ids.new_id(), version=1, staff_id=by, logged_at=clock.now(), **fields)
    return interactions.insert(interaction, announce=[events.interaction_logged(interaction)])


def answer_intake(received: list[tuple[Intake, Event]]) -> None:
    """Match every contact to a customer or register one, and announce who it is. Runs inside the batch's transaction.

    A contact that was answered before is left out. Raises Duplicate when another worker registers the same person at
    the same time; the batch then runs again and finds that person.
    """
    while received:
        received = _answer_round(received)


def _answer_round(received: list[tuple[Intake, Event]]) -> list[tuple[Intake, Event]]:
    """Answers those that are left, because one customer has taken all that one event of it can name."""
    known = _known_to([intake for intake, _ in received])
    directory = Directory(known.values())
    causes: dict[str, list[Event]] = defaultdict(list)
    rest: list[tuple[Intake, Event]] = []
    for number, (intake, event) in enumerate(received):
        try:
            customer_id = directory.receive(intake, at=clock.now(), new_id=ids.new_id)
        except DirectoryFull:
            rest = received[number:]
            break
        if customer_id is not None:
            causes[customer_id].append(event)
    _store([(directory[customer_id], of_customer) for customer_id, of_customer in causes.items()], known=known)
    return rest


def _known_to(intakes: list[Intake]) -> dict[str, Customer]:
    found = customers.find_for_intake(
        emails={intake.email for intake in intakes if intake.email},
        phones={intake.phone for intake in intakes if intake.phone},
        keys={key for intake in intakes for key in (intake.key, *intake.claims)},
        named={(point, one.name) for one in intakes for point in (one.phone, one.email) if point and one.name},
    )
    return {customer.id: customer for customer in found}


def _store(answered: Iterable[tuple[Customer, list[Event]]], *, known: dict[str, Customer]) -> None:
    """One version of each customer answers all its contacts of the round; it is announced as caused by the last one."""
    new, matched = [], []
    for customer, causes in answered:
        made = Made(known.get(customer.id), customer, [Cause(event.id, event.type) for event in causes])
        if made.before is not None:
            matched.append((made, [events.customer_matched(customer, cause=causes[-1])]))
        else:
            new.append((made, [events.customer_registered(customer, cause=causes[-1])]))
    customers.save_all(matched)
    customers.insert_all(new)


def _saved(before: Customer, after: Customer, announce: Callable[[Customer], Announcement]) -> Customer:
    """What was decided before is neither stored nor announced again."""
    return before if after is before else customers.save(after, before=before, announce=[announce(after)])


def _load(customer_id: str, expected: int | None) -> Customer:
    customer = customers.get(customer_id)
    http.check_version(customer, expected)
    return customer


def _refuse_unknown_company(company_id: str | None) -> None:
    if company_id is None:
        return
    company = customers.find(company_id)
    if company is None or company.kind != COMPANY:
        raise Invalid([FieldError("company_id", "company", "There is no such company. Register it first.")])


def _no_such_customer(field: str) -> FieldError:
    return FieldError(field, "exists", "There is no such customer. Look for the customer in the list.")


def _already_linked(holder: Customer) -> Conflict:
    return Conflict(
        f"Customer {holder.id} has this identity. Remove it there first if it is wrong.",
        code="identity-already-linked",
        extra={"customer_id": holder.id},
    )
