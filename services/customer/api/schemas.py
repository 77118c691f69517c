"""What the requests of the customer API must look like."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.customer.domain import contact
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
from shared import clock, ids

SOURCE = r"[a-z0-9][a-z0-9.-]{0,39}\Z"
MAX_EXTERNAL_ID = 100


class Text(fields.String):
    """A text without blanks around it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, *args, **kwargs).strip()


class Parsed(fields.String):
    """A text that `parse` brings into its one form; `parse` raises ValueError."""

    def __init__(self, parse: Callable[[str], Any], message: str, **options: Any) -> None:
        super().__init__(**options)
        self._parse = parse
        self._message = message

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._parse(super()._deserialize(value, *args, **kwargs))
        except (ValueError, OverflowError) as problem:
            raise ValidationError(self._message) from problem


def text(longest: int, **options: Any) -> Text:
    return Text(validate=validate.Length(min=1, max=longest), **options)


def optional(longest: int) -> Text:
    return text(longest, allow_none=True)


def one_of(choices: tuple[str, ...], **options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(choices), **options)


def phone(**options: Any) -> Parsed:
    return Parsed(_phone_number, "Write the whole number, such as +8613800138000, or 010 6552 9988.", **options)


def email(**options: Any) -> Parsed:
    return Parsed(contact.email_address, "Write an e-mail address such as lucia@example.com.", **options)


def _phone_number(value: str) -> str:
    if len(value) > 40:
        raise ValueError("too long")
    return contact.phone_number(value)


def _fits_a_path(id: str) -> None:
    if not ids.fits_a_path(id):
        raise ValidationError(ids.PATH_RULE)


class PhoneInput(Schema):
    number = phone(required=True)
    label = one_of(PHONE_LABELS)

    @post_load
    def build(self, data: dict, **_: Any) -> Phone:
        return Phone(**data)


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
    country = fields.String(
        required=True, validate=validate.Regexp(r"[A-Z]{2}\Z", error="Write the two capital letters of ISO 3166-1.")
    )

    @post_load
    def build(self, data: dict, **_: Any) -> Address:
        return Address(**data)


class ChangeCustomer(Schema):
    given_name = optional(100)
    family_name = optional(100)
    company_name = optional(200)
    employer_name = optional(200)
    company_id = optional(64)
    phones = fields.List(fields.Nested(PhoneInput), validate=validate.Length(max=MAX_PHONES))
    emails = fields.List(fields.Nested(EmailInput), validate=validate.Length(max=MAX_EMAILS))
    addresses = fields.List(fields.Nested(AddressInput), validate=validate.Length(max=MAX_ADDRESSES))
    tier = one_of(TIERS, allow_none=True)
    tags = fields.List(text(40), validate=validate.Length(max=MAX_TAGS))
    language = one_of(LANGUAGES, allow_none=True)
    notes = Text(validate=validate.Length(max=4000), allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def changes_something(self, data: dict, **_: Any) -> None:
        if not data:
            raise ValidationError("Name at least one field to change.")


class CreateCustomer(ChangeCustomer):
    kind = one_of(KINDS, required=True)


class MatchCustomers(Schema):
    full_name = optional(200)
    employer_name = optional(200)
    phones = fields.List(phone(), validate=validate.Length(max=MAX_PHONES))
    emails = fields.List(email(), validate=validate.Length(max=MAX_EMAILS))

    @validates_schema(skip_on_field_errors=False)
    def says_something(self, data: dict, **_: Any) -> None:
        if not data:
            raise ValidationError("Name at least one field to look for.")

    @post_load
    def build(self, data: dict, **_: Any) -> Sought:
        lists = {name: tuple(data.pop(name, ())) for name in ("phones", "emails")}
        return Sought(**data, **lists)


class LinkIdentity(Schema):
    source = fields.String(
        required=True,
        validate=validate.Regexp(SOURCE, error="Use small letters, digits, dots and hyphens, such as web-shop."),
    )
    id = Text(
        required=True,
        validate=[validate.Length(min=1, max=MAX_EXTERNAL_ID), _fits_a_path],
    )
    customer_id = text(64, required=True)
    evidence = text(200, required=True)


class LogInteraction(Schema):
    customer_id = text(64, required=True)
    channel = one_of(CHANNELS, required=True)
    direction = one_of(DIRECTIONS, required=True)
    subject = text(200, required=True)
    body = fields.String(validate=validate.Length(max=20000), load_default=None, allow_none=True)
    occurred_at = Parsed(clock.from_json, "Write a time with its zone, such as 2026-11-20T09:30:00Z.", required=True)
    duration_s = fields.Integer(
        strict=True, validate=validate.Range(min=0, max=86400), load_default=None, allow_none=True
    )
