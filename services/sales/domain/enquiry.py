"""An enquiry: who wants what, as it is written on a lead, and the rules for reading it from outside."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers

from shared.problems import FieldError, Invalid

COUNTRY = "CN"
LIMITS = {
    "full_name": 200,
    "company_name": 200,
    "email": 254,
    "phone": 40,
    "interest": 1000,
    "campaign_code": 40,
}
FIELDS = tuple(LIMITS)
_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>.]+(\.[^@\s<>.]+)+")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")
_CHINESE_MOBILE = re.compile(r"(?:\+86)?(1[3-9]\d{9})", re.ASCII)
_SEPARATORS = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class Enquiry:
    """At least one name and one way to answer. `email` is in lower case, `phone` E.164, `campaign_code` in capitals."""

    full_name: str | None
    company_name: str | None
    email: str | None
    phone: str | None
    interest: str | None
    campaign_code: str | None


def read(row: Mapping[str, object]) -> Enquiry:
    """Raises Invalid with an entry for each field that breaks a rule. Fields of `row` with other names are ignored."""
    errors: list[FieldError] = []
    values = {name: text(row, name, limit, errors) for name, limit in LIMITS.items()}
    values["email"] = _email(values["email"], errors)
    values["phone"] = _phone(values["phone"], errors)
    values["campaign_code"] = _campaign_code(values["campaign_code"], errors)
    if not errors:
        _require_one(values, ("full_name", "company_name"), errors)
        _require_one(values, ("email", "phone"), errors)
    if errors:
        raise Invalid(errors)
    return Enquiry(**values)


def text(row: Mapping[str, object], name: str, limit: int, errors: list[FieldError]) -> str | None:
    """The trimmed text of a field; None when it is missing, null or empty."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        errors.append(FieldError(name, "string", "Must be a text."))
        return None
    if len(value) > limit:
        errors.append(FieldError(name, "max-length", f"Must have at most {limit} characters."))
        return None
    return value.strip() or None


def _email(value: str | None, errors: list[FieldError]) -> str | None:
    if value is None:
        return None
    if not _EMAIL.fullmatch(value):
        errors.append(FieldError("email", "email", "Must be an e-mail address such as name@example.com."))
    return value.lower()


def _phone(value: str | None, errors: list[FieldError]) -> str | None:
    if value is None:
        return None
    # Most numbers are Chinese mobile numbers; the library would need forty times as long for them.
    if mobile := _CHINESE_MOBILE.fullmatch(value.translate(_SEPARATORS)):
        return f"+86{mobile[1]}"
    try:
        number = phonenumbers.parse(value, COUNTRY)
        # A number that can only be dialled within one town, such as 12345, is also "possible" to the library.
        if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass  # Answered below, like a number of an impossible length.
    message = "Must be a phone number: with its country code such as +44 20 7946 0123, or a Chinese one without."
    errors.append(FieldError("phone", "phone-e164", message))
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
