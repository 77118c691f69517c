"""The contact of a ticket whose customer is not yet known, in the form in which people are matched."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """`email` is lower case, `phone` is E.164; at least one of them is there."""

    full_name: str
    company_name: str | None = None
    email: str | None = None
    phone: str | None = None
    phone_extension: str | None = None
