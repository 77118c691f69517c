"""A customer: a person or a company, with contact points and the identities that other systems know them by."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from services.customer.domain import contact, search, unverified
from services.customer.domain.contact import Address, Email, Phone
from services.customer.domain.unverified import Decision, Point, Source
from shared.problems import Conflict, FieldError, Invalid, NotFound
from shared.text import names

T = TypeVar("T")

PERSON, COMPANY = "person", "company"
KINDS = (PERSON, COMPANY)
TIERS = ("A", "B", "C")
LANGUAGES = ("en", "zh")
ACTIVE = "active"
MAX_PHONES = MAX_EMAILS = 20
MAX_ADDRESSES = 10
MAX_TAGS = 30
MAX_IDENTITIES = 500
KEPT_INTAKE = 50
CLAIM_NAME = "/"  # Between the number and the name in the claim of somebody who shares a number.


@dataclass(frozen=True)
class Identity:
    """What another system calls the customer, why we believe it, and who said so."""

    source: str
    id: str
    evidence: str
    linked_at: datetime
    linked_by: str


@dataclass(frozen=True)
class IntakeRef:
    """A contact that another service told us of: which of its records it was."""

    source: str
    id: str


@dataclass(frozen=True)
class Lookup:
    """What the customer is found by. Derived from the other fields whenever they change.

    `keys` are those that no other customer may have: identities, contacts that were answered, and claims. They share one
    index, because every index makes every change of a customer dearer; so do kind, tier and the words in `terms`.
    """

    terms: list[str] = field(default_factory=list)
    phone_tails: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Customer:
    """`claims` are the e-mails and phones by which an intake registered this customer.

    No other customer may have the same claim, so that two workers that meet the same new person at the same time cannot
    both register them. `recent_intake` holds the last 50 contacts, oldest first; `registered_from` is the first one of a
    customer whom no staff entered. `unverified` is what contacts told beside, and `decisions` what staff made of that.
    `possible_duplicate_of` are customers with the same phone and another name.
    """

    id: str
    version: int
    kind: str
    display_name: str
    created_at: datetime
    updated_at: datetime
    given_name: str | None = None
    family_name: str | None = None
    company_name: str | None = None
    employer_name: str | None = None
    company_id: str | None = None
    phones: list[Phone] = field(default_factory=list)
    emails: list[Email] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    tier: str | None = None
    tags: list[str] = field(default_factory=list)
    language: str | None = None
    notes: str | None = None
    status: str = ACTIVE
    identities: list[Identity] = field(default_factory=list)
    recent_intake: list[IntakeRef] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    registered_from: Source | None = None
    unverified: list[Point] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    possible_duplicate_of: list[str] = field(default_factory=list)
    updated_by: str | None = None
    lookup: Lookup = field(default_factory=Lookup)

    @property
    def has_name(self) -> bool:
        return any(names.read(name) for name in (self.given_name, self.family_name, self.company_name))

    def change(self, changes: dict[str, Any], *, at: datetime) -> "Customer":
        """Take over the given fields; lists are replaced whole. Raises Invalid."""
        return _finished(replace(self, **changes, updated_at=at))

    def link_identity(self, identity: Identity) -> "Customer":
        """Raises Conflict when there is no room for another one."""
        if len(self.identities) >= MAX_IDENTITIES:
            raise Conflict(
                f"This customer has {MAX_IDENTITIES} identities already. Remove one that is no longer used.",
                code="too-many-identities",
            )
        return indexed(replace(self, identities=[*self.identities, identity], updated_at=identity.linked_at))

    def unlink_identity(self, source: str, external_id: str, *, at: datetime) -> "Customer":
        """Raises NotFound."""
        rest = [one for one in self.identities if (one.source, one.id) != (source, external_id)]
        if len(rest) == len(self.identities):
            raise NotFound(
                f"This customer has no identity {external_id[:200]} of {source[:40]}. Read the customer again."
            )
        return indexed(replace(self, identities=rest, updated_at=at))


def register(*, id: str, at: datetime, kind: str, **fields: Any) -> Customer:
    """A new customer. Raises Invalid when the names do not fit the kind."""
    return _finished(Customer(id=id, version=1, kind=kind, display_name="", created_at=at, updated_at=at, **fields))


def identity_key(source: str, external_id: str) -> str:
    """One text for a source and an id of it; a source has no slash."""
    return f"identity:{source}/{external_id}"


def intake_key(source: str, external_id: str) -> str:
    return f"intake:{source}/{external_id}"


def email_claim(address: str) -> str:
    return f"email:{address}"


def phone_claim(line: str) -> str:
    return f"phone:{line}"


def duplicate_mark(customer_id: str) -> str:
    """The search term of a customer who may be this one."""
    return f"duplicate-of:{customer_id}"


def indexed(customer: Customer) -> Customer:
    """With `lookup` as the other fields want it, without claims to contact points that are gone, and with nothing left
    as unverified that is the customer's own by now.
    """
    emails = [email.address for email in customer.emails]
    numbers = [phone.number for phone in customer.phones]
    held = {*map(email_claim, emails), *(phone_claim(phone.line) for phone in customer.phones)}
    claims = [claim for claim in customer.claims if claim in held or claim.rpartition(CLAIM_NAME)[0] in held]
    identities = [identity_key(one.source, one.id) for one in customer.identities]
    intake = [intake_key(one.source, one.id) for one in customer.recent_intake]
    marks = [*search.marks(customer.kind, customer.tier), *map(duplicate_mark, customer.possible_duplicate_of)]
    return replace(
        customer,
        claims=claims,
        unverified=[one for one in customer.unverified if not _holds(customer, one)],
        lookup=Lookup(
            terms=search.terms(customer.display_name, emails, marks=marks),
            phone_tails=[search.phone_tail(number) for number in numbers],
            keys=identities + intake + claims,
        ),
    )


def _holds(customer: Customer, point: Point) -> bool:
    if point.kind == unverified.PHONE:
        return contact.line(point.value, point.extension) in (phone.line for phone in customer.phones)
    if point.kind == unverified.EMAIL:
        return point.value in (email.address for email in customer.emails)
    held = customer.employer_name if point.kind == unverified.EMPLOYER else customer.display_name
    return names.same(point.value, held or "")


def _finished(customer: Customer) -> Customer:
    name = customer.company_name or "" if customer.kind == COMPANY else _person_name(customer)
    if customer.kind == COMPANY:
        _refuse_person_fields(customer)
    if not name:
        raise Invalid([_missing_name(customer.kind)])
    return indexed(
        replace(
            customer,
            display_name=name,
            phones=_without_repeats(customer.phones, lambda phone: phone.line),
            emails=_without_repeats(customer.emails, lambda email: email.address),
            tags=_without_repeats(customer.tags, str),
        )
    )


def _without_repeats(items: list[T], key: Callable[[T], str]) -> list[T]:
    first: dict[str, T] = {}
    for item in items:
        first.setdefault(key(item), item)
    return list(first.values())


def _person_name(customer: Customer) -> str:
    if customer.company_name:
        raise Invalid(
            [FieldError("company_name", "company-only", "A person has an employer_name, not a company_name.")]
        )
    if customer.company_id == customer.id:
        raise Invalid([FieldError("company_id", "not-itself", "Must be another customer.")])
    name = names.display_name(customer.given_name, customer.family_name)
    # Somebody of whom only a number or an address is known is shown by it until there is a name.
    return name or (customer.display_name if customer.recent_intake else "")


def _refuse_person_fields(customer: Customer) -> None:
    wrong = [name for name in ("given_name", "family_name", "employer_name", "company_id") if getattr(customer, name)]
    if wrong:
        raise Invalid([FieldError(name, "person-only", "Only a person has this field.") for name in wrong])


def _missing_name(kind: str) -> FieldError:
    if kind == COMPANY:
        return FieldError("company_name", "required", "A company needs a name.")
    return FieldError("given_name", "required", "A person needs a given name or a family name.")
