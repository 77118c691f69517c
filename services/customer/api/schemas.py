"""What the requests of the customer API must look like."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.customer.domain.contact import ADDRESS_LABELS, EMAIL_LABELS, PHONE_LABELS, Address, Email, Phone
from services.customer.domain.customer import (
    KINDS,
    LANGUAGES,
    MAX_ADDRESSES,
    MAX_EMAILS,
    MAX_PHONES,
    MAX_TAGS,
    TIERS,
)
from services.customer.domain.duplicates import Sought
from services.customer.domain.interaction import CHANNELS, DIRECTIONS
from shared import ids
from shared.text.fields import (
    ReadsPhones,
    Text,
    broken,
    country,
    email,
    items,
    long_text,
    matching,
    one_of,
    past_moment,
    phone,
    text,
)
from shared.text.phones import LONGEST_EXTENSION

MAX_EXTERNAL_ID = 100


def optional(longest: int) -> Text:
    return text(longest, allow_none=True)


def _fits_a_path(id: str) -> None:
    if not ids.fits_a_path(id):
        raise broken("path-segment", ids.PATH_RULE)


class PhoneInput(Schema):
    number = phone(required=True)
    label = one_of(PHONE_LABELS)
    extension = matching("[0-9]+", "Write the digits of the extension.", longest=LONGEST_EXTENSION, allow_none=True)

    @post_load
    def build(self, data: dict, **_: Any) -> Phone:
        """An extension in a field of its own counts, or else the one that stands behind the number."""
        number = data.pop("number")
        return Phone(number.e164, **{"extension": number.extension} | _without_none(data))


class EmailInput(Schema):
    address = email(required=True)
    label = one_of(EMAIL_LABELS)

    @post_load
    def build(self, data: dict, **_: Any) -> Email:
        return Email(**data)


class AddressInput(Schema):
    label = one_of(ADDRESS_LABELS)
    street = optional(300)
    city = optional(100)
    region = optional(100)
    postal_code = optional(20)
    country = country(required=True)

    @post_load
    def build(self, data: dict, **_: Any) -> Address:
        return Address(**data)


class ChangeCustomer(ReadsPhones):
    given_name = optional(100)
    family_name = optional(100)
    company_name = optional(200)
    employer_name = optional(200)
    company_id = optional(64)
    phones = items(fields.Nested(PhoneInput), most=MAX_PHONES)
    emails = items(fields.Nested(EmailInput), most=MAX_EMAILS)
    addresses = items(fields.Nested(AddressInput), most=MAX_ADDRESSES)
    tier = one_of(TIERS, allow_none=True)
    tags = items(text(40), most=MAX_TAGS)
    language = one_of(LANGUAGES, allow_none=True)
    notes = long_text(4000, may_be_empty=True, allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def changes_something(self, data: dict, **_: Any) -> None:
        if not data:
            raise ValidationError("Name at least one field to change.")


class CreateCustomer(ChangeCustomer):
    kind = one_of(KINDS, required=True)


class MatchCustomers(ReadsPhones):
    full_name = optional(200)
    employer_name = optional(200)
    phones = items(phone(), most=MAX_PHONES)
    emails = items(email(), most=MAX_EMAILS)

    @validates_schema(skip_on_field_errors=False)
    def says_something(self, data: dict, **_: Any) -> None:
        if not data:
            raise ValidationError("Name at least one field to look for.")

    @post_load
    def build(self, data: dict, **_: Any) -> Sought:
        numbers = tuple(number.e164 for number in data.pop("phones", ()))
        addresses = tuple(data.pop("emails", ()))
        return Sought(**data, phones=numbers, emails=addresses)


class LinkIdentity(Schema):
    source = matching(
        "[a-z0-9][a-z0-9.-]*",
        "Use small letters, digits, dots and hyphens, such as web-shop.",
        longest=40,
        required=True,
    )
    id = Text(MAX_EXTERNAL_ID, str.strip, may_be_empty=False, validate=_fits_a_path, required=True)
    customer_id = text(64, required=True)
    evidence = text(200, required=True)


class LogInteraction(Schema):
    customer_id = text(64, required=True)
    channel = one_of(CHANNELS, required=True)
    direction = one_of(DIRECTIONS, required=True)
    subject = text(200, required=True)
    body = long_text(20000, may_be_empty=True, load_default=None, allow_none=True)
    occurred_at = past_moment(required=True)
    duration_s = fields.Integer(
        strict=True, validate=validate.Range(min=0, max=86400), load_default=None, allow_none=True
    )


def _without_none(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}
