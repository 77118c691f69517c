"""Intake: is a contact that another service tells us of a customer we know, or somebody new?

The rules, in this order:

1. The e-mail address is a customer's: it is that customer, the oldest if several have it.
2. The phone number is exactly one customer's, and one side has no e-mail address or the names are the same: it is that
   customer.
3. The phone number is several customers', the contact has no e-mail address, and one of them has the same name: it is
   that customer, the oldest if several have the name.
4. Otherwise it is somebody new.

What the contact adds to a customer (phone, e-mail, missing names, employer) is taken over only when the names are the
same or one side has none. Otherwise whoever knows a customer's e-mail address could attach his own phone number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.customer.domain import customer as customers
from services.customer.domain import names
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import COMPANY, KEPT_INTAKE, MAX_EMAILS, MAX_PHONES, PERSON, Customer, IntakeRef


@dataclass(frozen=True)
class Intake:
    """`email` in lower case, `phone` in E.164. Raises ValueError when nothing says who it is."""

    ref: IntakeRef
    full_name: str | None = None
    company_name: str | None = None
    email: str | None = None
    phone: str | None = None

    def __post_init__(self) -> None:
        if not any((self.full_name, self.company_name, self.email, self.phone)):
            raise ValueError(f"intake {self.key} has neither a name nor a contact point")

    @property
    def key(self) -> str:
        return customers.intake_key(self.ref.source, self.ref.id)

    @property
    def name(self) -> str | None:
        return self.full_name or self.company_name

    @property
    def claims(self) -> list[str]:
        email = [customers.email_claim(self.email)] if self.email else []
        return email + ([customers.phone_claim(self.phone)] if self.phone else [])


class Directory:
    """The customers that a batch of intakes may concern, and what becomes of them.

    `known` must hold every customer with a key or claim of the batch, the oldest holder of every e-mail address, and of
    every phone number all holders, or at least two and the oldest one with the name of each contact that has this number
    and no e-mail address.
    """

    def __init__(self, known: Iterable[Customer]) -> None:
        self._answered: set[str] = set()
        self._customers: dict[str, Customer] = {}
        self._by_email: dict[str, str] = {}
        self._by_phone: dict[str, set[str]] = {}
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
            customer = _new(intake, id=new_id(), at=at)
        if self._taken.get(customer.id, 0) >= KEPT_INTAKE:
            raise DirectoryFull(customer.id)
        self._taken[customer.id] = self._taken.get(customer.id, 0) + 1
        self._put(_recognised(customer, intake, claimed=self._claimed, at=at))
        return customer.id

    def __getitem__(self, customer_id: str) -> Customer:
        return self._customers[customer_id]

    def _find(self, intake: Intake) -> Customer | None:
        if intake.email in self._by_email:
            return self._customers[self._by_email[intake.email]]
        holders = [self._customers[id] for id in sorted(self._by_phone.get(intake.phone, ()))]
        if len(holders) == 1 and not (intake.email and holders[0].emails):
            return holders[0]
        if len(holders) > 1 and intake.email:
            return None
        return next((one for one in holders if names.same(intake.name or "", one.display_name)), None)

    def _put(self, customer: Customer) -> None:
        self._customers[customer.id] = customer
        for email in customer.emails:
            self._by_email.setdefault(email.address, customer.id)
        for phone in customer.phones:
            self._by_phone.setdefault(phone.number, set()).add(customer.id)
        self._claimed.update(customer.claims)
        self._answered.update(customers.intake_key(ref.source, ref.id) for ref in customer.recent_intake)


class DirectoryFull(Exception):
    """The customer has taken as many contacts of this batch as its events can name; the others need another round."""


def _new(intake: Intake, *, id: str, at: datetime) -> Customer:
    blank = Customer(id=id, version=1, kind=PERSON, display_name="", created_at=at, updated_at=at)
    if not intake.full_name and intake.company_name:
        return replace(blank, kind=COMPANY)
    return blank


def _recognised(customer: Customer, intake: Intake, *, claimed: set[str], at: datetime) -> Customer:
    """With what the intake adds, if it may, and so that the intake is not answered again."""
    claims = [*customer.claims, *(claim for claim in intake.claims if claim not in claimed)]
    refs = [*customer.recent_intake, intake.ref][-KEPT_INTAKE:]
    added = _added(customer, intake) if _names_agree(customer, intake) else {}
    return customers.indexed(replace(customer, claims=claims, recent_intake=refs, updated_at=at, **added))


def _names_agree(customer: Customer, intake: Intake) -> bool:
    """True when the names are the same or one side has none."""
    if not customer.has_name or intake.name is None:
        return True
    if customer.kind == COMPANY:
        return names.same(intake.company_name or intake.name, customer.display_name)
    if intake.full_name is None:
        return names.same(intake.name, customer.employer_name or "")
    return names.same(intake.full_name, customer.display_name)


def _added(customer: Customer, intake: Intake) -> dict[str, Any]:
    """Contact points, and the names and the employer where none is known."""
    phones, emails = list(customer.phones), list(customer.emails)
    if intake.phone and intake.phone not in {phone.number for phone in phones} and len(phones) < MAX_PHONES:
        phones.append(Phone(intake.phone))
    if intake.email and intake.email not in {email.address for email in emails} and len(emails) < MAX_EMAILS:
        emails.append(Email(intake.email))
    return {"phones": phones, "emails": emails} | _names(customer, intake)


def _names(customer: Customer, intake: Intake) -> dict[str, Any]:
    if customer.kind == COMPANY:
        return {} if customer.has_name else {"company_name": intake.company_name, "display_name": intake.company_name}
    employer = {"employer_name": customer.employer_name or intake.company_name}
    if customer.has_name:
        return employer
    if intake.full_name:
        given, family = names.split(intake.full_name)
        name = names.display_name(given, family)
        return employer | {"given_name": given, "family_name": family, "display_name": name}
    return employer | {"display_name": customer.display_name or intake.email or intake.phone}
