"""Duplicates: how likely a customer to be created is one that we have.

Each reason has a weight w; the score is 100 x (1 - product of (1 - w)), as if the reasons were independent evidence.
"""

from dataclasses import dataclass
from math import prod

from services.customer.domain.customer import Customer
from shared.text import names

EMAIL_EQUAL, PHONE_EQUAL, NAME_EQUAL, EMPLOYER_EQUAL = "email-equal", "phone-equal", "name-equal", "employer-equal"
WEIGHTS = {EMAIL_EQUAL: 0.9, PHONE_EQUAL: 0.7, NAME_EQUAL: 0.5, EMPLOYER_EQUAL: 0.2}


@dataclass(frozen=True)
class Sought:
    """What is known of the customer to be created; `phones` in E.164, `emails` in lower case."""

    full_name: str | None = None
    employer_name: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """`score` is from 1 to 100."""

    customer: Customer
    score: int
    reasons: list[str]


def rank(sought: Sought, candidates: list[Customer], *, limit: int) -> list[Match]:
    """The candidates for whom a reason speaks, the highest score first."""
    found = []
    for candidate in candidates:
        if reasons := _reasons(sought, candidate):
            score = round(100 * (1 - prod(1 - WEIGHTS[reason] for reason in reasons)))
            found.append(Match(candidate, score, reasons))
    return sorted(found, key=lambda match: (-match.score, match.customer.id))[:limit]


def _reasons(sought: Sought, candidate: Customer) -> list[str]:
    speaks = {
        EMAIL_EQUAL: any(email.address in sought.emails for email in candidate.emails),
        PHONE_EQUAL: any(phone.number in sought.phones for phone in candidate.phones),
        NAME_EQUAL: names.same(sought.full_name or "", candidate.display_name),
        EMPLOYER_EQUAL: names.same(sought.employer_name or "", candidate.employer_name or ""),
    }
    return [reason for reason, true in speaks.items() if true]
