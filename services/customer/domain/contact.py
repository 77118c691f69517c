"""Contact points: one way of writing for every phone number and e-mail address."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

HOME_REGION = "CN"
PHONE_LABELS = ("mobile", "work", "home", "fax", "other")
EMAIL_LABELS = ("work", "home", "other")
ADDRESS_LABELS = ("work", "home", "billing", "shipping", "other")

_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)+")


@dataclass(frozen=True)
class Phone:
    """`number` is E.164."""

    number: str
    label: str = "other"


@dataclass(frozen=True)
class Email:
    """`address` is trimmed and in lower case."""

    address: str
    label: str = "other"


@dataclass(frozen=True)
class Address:
    """`country` is an ISO 3166-1 alpha-2 code."""

    country: str
    label: str = "other"
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


def phone_number(text: str) -> str:
    """The number in E.164; without a country code it is read as one in China. Raises ValueError."""
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as problem:
        raise ValueError(f"{text!r} is not a phone number") from problem
    # A number that can only be dialled within one town, such as 12345, is also "possible" to the library.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(f"{text!r} has too few or too many digits for a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_address(text: str) -> str:
    """Raises ValueError."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise ValueError(f"{text!r} is not an e-mail address")
    return address
