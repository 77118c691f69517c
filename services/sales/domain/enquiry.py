"""An enquiry: who wants what, as it is written on a lead, and the rules for reading it from outside."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.problems import FieldError, Invalid
from shared.text import characters, countries, emails, phones

LIMITS = {
    "full_name": 200,
    "company_name": 200,
    "email": emails.LONGEST_WRITTEN,
    "phone": phones.LONGEST,
    "interest": 1000,
    "campaign_code": 40,
}
COUNTRY = "country"
FIELDS = (*LIMITS, COUNTRY)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Enquiry:
    """At least one name and one way to answer. `email` is in lower case, `phone` E.164, `campaign_code` in capitals."""

    full_name: str | None
    company_name: str | None
    email: str | None
    phone: str | None
    interest: str | None
    campaign_code: str | None
    phone_extension: str | None = None


def read(row: Mapping[str, object], *, country: str) -> Enquiry:
    """A phone number without a country code is one in the row's `country`, or in this one.

    Raises Invalid with an entry for each field that breaks a rule. Fields of `row` with other names are ignored.
    """
    errors: list[FieldError] = []
    country = _country(row, errors) or country
    values = {name: text(row, name, limit, errors) for name, limit in LIMITS.items()}
    values["email"] = _email(values["email"], errors)
    number = _phone(values["phone"], country, errors)
    values["phone"] = number and number.e164
    values["campaign_code"] = _campaign_code(values["campaign_code"], errors)
    if not errors:
        _require_one(values, ("full_name", "company_name"), errors)
        _require_one(values, ("email", "phone"), errors)
    if errors:
        raise Invalid(errors)
    return Enquiry(**values, phone_extension=number and number.extension)


def text(
    row: Mapping[str, object],
    name: str,
    limit: int,
    errors: list[FieldError],
    *,
    clean: Callable[[str], str] = characters.line,
) -> str | None:
    """The cleaned text of a field; None when it is missing, null or empty."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        errors.append(FieldError(name, "string", "Must be a text."))
        return None
    if len(value) > limit:
        errors.append(FieldError(name, "max-length", f"Must have at most {limit} characters."))
        return None
    cleaned = clean(value)
    if cleaned and (cleaned.isascii() or not characters.is_blank(cleaned)):
        return cleaned
    if value:
        errors.append(FieldError(name, "blank", "Write at least one visible character, or leave the field out."))
    return None


def _country(row: Mapping[str, object], errors: list[FieldError]) -> str | None:
    code = row.get(COUNTRY)
    if code is None or countries.is_one(code):
        return code
    errors.append(FieldError(COUNTRY, "country", "Write the two capital letters of ISO 3166-1, such as CN."))
    return None


def _email(value: str | None, errors: list[FieldError]) -> str | None:
    if value is None:
        return None
    try:
        return emails.read(value)
    except ValueError as problem:
        errors.append(FieldError("email", emails.RULE, str(problem)))
        return None


def _phone(value: str | None, country: str, errors: list[FieldError]) -> phones.Number | None:
    if value is None:
        return None
    try:
        return phones.read(value, country)
    except ValueError as problem:
        errors.append(FieldError("phone", phones.RULE, str(problem)))
        return None


def _campaign_code(value: str | None, errors: list[FieldError]) -> str | None:
    if value is None:
        return None
    code = value.upper()
    if not _CODE.fullmatch(code):
        message = "Must start with a letter or digit, and have only letters, digits, dots, hyphens and underscores."
        errors.append(FieldError("campaign_code", "campaign-code", message))
    return code


def _require_one(values: dict[str, str | None], names: tuple[str, str], errors: list[FieldError]) -> None:
    if not any(values[name] for name in names):
        errors.append(FieldError(names[0], "one-required", f"Give {names[0]} or {names[1]}."))
