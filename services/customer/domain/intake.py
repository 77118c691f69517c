"""Intake: is a contact that another service tells us of a customer we know, or somebody new?

A customer is known by the e-mail addresses and phone numbers of `emails` and `phones`, and by nothing else: those that
staff entered or confirmed, and those with which the customer was registered, be it by a contact. The rules, in order:

1. The e-mail address is a customer's: it is that customer. Of several, the oldest with the same name, else the oldest.
2. The phone number is a customer's with the same name: it is that customer, the oldest if several have the name. If
   several customers share the number and both sides have an e-mail address, another address says that it is not.
3. The phone number is exactly one customer's, one side has no name and one side no e-mail address: it is that customer.
   Somebody without a name on a number that several share is whoever else has no name there.
4. Otherwise it is somebody new, who may be each holder of the phone number (`possible_duplicate_of`): staff decide.

A company is named by `company_name`; a person's employer is not the person's name, but a contact that names nothing but
the employer does not contradict.

What the contact adds to a known customer (phone, e-mail, employer, the name of somebody without one) becomes unverified
(see `unverified.py`), and only if the names do not contradict. Unverified facts identify nobody, whoever tells them and
however often: knowing a name and an address is no proof. So whoever attaches his own phone to another one's name and
address is not taken for that customer when he calls from it.

The contact points of a first contact identify the customer whom it registers, because the next contact of the same
person would else register them again. What follows: a stranger who is first to name somebody's phone is registered with
it. If nobody else has it, that customer holds only what the stranger said. If somebody has it under another name, both
have it now, a caller from it is shown as a choice of the two and never as one of them, and the pages name each other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any

from services.customer.domain import contact, unverified
from services.customer.domain import customer as customers
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import COMPANY, KEPT_INTAKE, PERSON, Customer, IntakeRef
from services.customer.domain.unverified import EMAIL, EMPLOYER, NAME, PHONE, Point, Source
from shared.text import names

MAX_POSSIBLE_DUPLICATES = 10
SAME, SILENT, OTHER = "same", "silent", "other"


@dataclass(frozen=True)
class Intake:
    """`email` in lower case, `phone` in E.164. Raises ValueError when nothing says who it is."""

    ref: IntakeRef
    full_name: str | None = None
    company_name: str | None = None
    email: str | None = None
    phone: str | None = None
    phone_extension: str | None = None
    partner_id: str | None = None

    def __post_init__(self) -> None:
        if not any((self.full_name, self.company_name, self.email, self.phone)):
            raise ValueError(f"intake {self.key} has neither a name nor a contact point")

    @cached_property
    def key(self) -> str:
        return customers.intake_key(self.ref.source, self.ref.id)

    @property
    def name(self) -> str | None:
        return self.full_name or self.company_name

    @cached_property
    def line(self) -> str | None:
        """The phone with its extension: whoever shares only the number of a switchboard is somebody else."""
        return contact.line(self.phone, self.phone_extension) if self.phone else None

    @property
    def source(self) -> Source:
        return Source(self.ref.source, self.ref.id, self.partner_id)

    @cached_property
    def claims(self) -> list[str]:
        """By these no second customer may be registered. Who shares a number that is claimed claims it with the name."""
        email = [customers.email_claim(self.email)] if self.email else []
        return email + ([customers.phone_claim(self.line), self._named_claim] if self.line else [])

    def free_claims(self, claimed: set[str]) -> list[str]:
        free = [claim for claim in self.claims if claim not in claimed]
        whole = self.line is not None and customers.phone_claim(self.line) in free
        return free[:-1] if whole and free[-1] == self._named_claim else free

    @cached_property
    def _named_claim(self) -> str:
        digest = blake2b(" ".join(names.key(self.name or "")).encode(), digest_size=8).hexdigest()
        return f"{customers.phone_claim(self.line or '')}{customers.CLAIM_NAME}{digest}"


class Directory:
    """The customers that a batch of intakes may concern, and what becomes of them.

    `known` must hold every customer with a key or claim of the batch; of every e-mail address all holders, or at least
    the oldest; of every phone number all holders, or at least two; and of both the oldest holder with the name of each
    contact that has them.
    """

    def __init__(self, known: Iterable[Customer]) -> None:
        self._answered: set[str] = set()
        self._customers: dict[str, Customer] = {}
        self._by_point: dict[str, set[str]] = {}
        self._claimed: set[str] = set()
        self._taken: dict[str, int] = {}
        for customer in sorted(known, key=lambda one: one.id):
            self._put(customer)

    def receive(self, intake: Intake, *, at: datetime, new_id: Callable[[], str]) -> str | None:
        """The id of the customer that it is, known or new; None when it was answered before.

        Raises DirectoryFull when this customer cannot remember more contacts of one batch.
        """
        if intake.key in self._answered:
            return None
        customer = self._find(intake)
        if customer is None:
            alike = [one.id for one in self._holders(intake.line)][:MAX_POSSIBLE_DUPLICATES]
            claims = intake.free_claims(self._claimed)
            customer = _new(intake, id=new_id(), at=at, claims=claims, possible_duplicate_of=alike)
        if self._taken.get(customer.id, 0) >= KEPT_INTAKE:
            raise DirectoryFull(customer.id)
        self._taken[customer.id] = self._taken.get(customer.id, 0) + 1
        self._put(_recognised(customer, intake, at=at))
        return customer.id

    def __getitem__(self, customer_id: str) -> Customer:
        return self._customers[customer_id]

    def _find(self, intake: Intake) -> Customer | None:
        if mailed := self._holders(intake.email):
            return next((one for one in mailed if _names(one, intake) == SAME), mailed[0])
        called = self._holders(intake.line)
        alone = len(called) == 1
        for one in called:
            if _names(one, intake) == SAME and (alone or not (intake.email and one.emails)):
                return one
        if not alone and intake.name is not None:
            return None
        silent = (one for one in called if _names(one, intake) == SILENT and (alone or not one.has_name))
        return next((one for one in silent if not (intake.email and one.emails)), None)

    def _holders(self, point: str | None) -> list[Customer]:
        """People before companies, because a person's contact may also name the company; then the oldest first."""
        holders = [self._customers[id] for id in self._by_point.get(point or "", ())]
        return sorted(holders, key=lambda one: (one.kind == COMPANY, one.id))

    def _put(self, customer: Customer) -> None:
        self._customers[customer.id] = customer
        for point in (*(one.address for one in customer.emails), *(one.line for one in customer.phones)):
            self._by_point.setdefault(point, set()).add(customer.id)
        self._claimed.update(customer.claims)
        self._answered.update(customers.intake_key(ref.source, ref.id) for ref in customer.recent_intake)


class DirectoryFull(Exception):
    """The customer has taken as many contacts of this batch as its events can name; the others need another round."""


def _names(customer: Customer, intake: Intake) -> str:
    """Whether both have the same name, one side says none, or they have different ones."""
    if not customer.has_name or intake.name is None:
        return SILENT
    if customer.kind == COMPANY:
        return SAME if names.same(intake.company_name or intake.name, customer.display_name) else OTHER
    if intake.full_name is None:
        return SILENT if names.same(intake.name, customer.employer_name or "") else OTHER
    return SAME if names.same(intake.full_name, customer.display_name) else OTHER


def _new(intake: Intake, *, id: str, at: datetime, **fields: Any) -> Customer:
    fields |= {
        "phones": [Phone(intake.phone, extension=intake.phone_extension)] if intake.phone else [],
        "emails": [Email(intake.email)] if intake.email else [],
        "registered_from": intake.source,
    }
    if not intake.full_name and intake.company_name:
        fields |= {"kind": COMPANY, "display_name": intake.company_name, "company_name": intake.company_name}
    elif intake.full_name:
        given, family = names.split(intake.full_name)
        name = {"given_name": given, "family_name": family, "employer_name": intake.company_name}
        fields |= {"kind": PERSON, "display_name": names.display_name(given, family)} | name
    else:
        fields |= {"kind": PERSON, "display_name": intake.email or intake.phone}
    return Customer(id=id, version=1, created_at=at, updated_at=at, **fields)


def _recognised(customer: Customer, intake: Intake, *, at: datetime) -> Customer:
    """With what the intake tells beside, if it may, and so that the intake is not answered again."""
    refs = [*customer.recent_intake, intake.ref][-KEPT_INTAKE:]
    points = customer.unverified
    if told := _told(customer, intake, at=at):
        points = unverified.with_told(points, told, decisions=customer.decisions)
    return customers.indexed(replace(customer, recent_intake=refs, unverified=points, updated_at=at))


def _told(customer: Customer, intake: Intake, *, at: datetime) -> list[Point]:
    """What the intake says of the customer beside what is known."""
    said = {
        PHONE: intake.phone if intake.line not in (phone.line for phone in customer.phones) else None,
        EMAIL: intake.email if intake.email not in (email.address for email in customer.emails) else None,
        NAME: None if customer.has_name else intake.full_name,
        EMPLOYER: intake.company_name if customer.kind == PERSON and customer.employer_name is None else None,
    }
    if not any(said.values()) or _names(customer, intake) == OTHER:
        return []
    points = [unverified.point(kind, value, intake.source, at=at) for kind, value in said.items() if value]
    return [replace(one, extension=intake.phone_extension) if one.kind == PHONE else one for one in points]
