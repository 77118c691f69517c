"""The contact of a ticket whose customer is not yet known, in the form in which people are matched."""

import re
from dataclasses import dataclass

import phonenumbers

DEFAULT_REGION = "CN"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Contact:
    """`email` is lower case, `phone` is E.164; at least one of them is there."""

    full_name: str
    company_name: str | None = None
    email: str | None = None
    phone: str | None = None


def normal_email(text: str) -> str:
    """Trimmed and lower case. Raises ValueError."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise ValueError("This is not an e-mail address. Write it as name@example.com.")
    return email


def normal_phone(text: str) -> str:
    """E.164; a number without a country code is Chinese. Raises ValueError."""
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException as problem:
        raise ValueError("This is not a phone number. Write it as +8613812345678.") from problem
    # A number that can only be dialled within one town, such as 12345, is also "possible" to the library.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("This phone number has too few or too many digits. Write it as +8613812345678.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
