"""Fields of request bodies: the texts, contact points, amounts and days that bodies of several services have.

Each error names its rule. What a list holds is looked at only when its length is allowed, and only until as many errors
as an answer names.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared import clock
from shared.problems import MAX_ERRORS, Broken
from shared.text import characters, countries, emails, phones
from shared.text.currencies import DIGITS
from shared.text.money import MAX_AMOUNT, Money

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2100, 12, 31)


def broken(rule: str, message: str) -> ValidationError:
    """To be raised by a check: the field breaks this rule."""
    return ValidationError(Broken(rule, message))


def _known_currency(code: str) -> None:
    if code not in DIGITS:
        raise broken("currency", "Write the three capital letters of ISO 4217, such as CNY.")


class Text(fields.String):
    """A text that `clean` has gone over; one without a visible character only where it may be empty."""

    def __init__(self, longest: int, clean: Callable[[str], str], *, may_be_empty: bool, **options: Any) -> None:
        super().__init__(**options)
        self._longest, self._clean, self._may_be_empty = longest, clean, may_be_empty

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise broken("string", "Must be a text.")
        if len(value) > 2 * self._longest + 100:
            raise _too_long(self._longest)
        written = self._clean(value)
        if len(written) > self._longest:
            raise _too_long(self._longest)
        if characters.is_blank(written):
            if not self._may_be_empty:
                raise broken("blank", "Write at least one visible character.")
            return ""
        return written


def text(longest: int, **options: Any) -> Text:
    """One line, such as a name or a subject."""
    return Text(longest, characters.line, may_be_empty=False, **options)


def long_text(longest: int, *, may_be_empty: bool = False, **options: Any) -> Text:
    """A text of several lines, such as a note."""
    return Text(longest, characters.lines, may_be_empty=may_be_empty, **options)


class Parsed(fields.String):
    """A text that `parse` brings into its one form; `parse` raises ValueError."""

    def __init__(self, parse: Callable[[str], Any], rule: str, message: str, **options: Any) -> None:
        super().__init__(**options)
        self._parse, self._rule, self._message = parse, rule, message

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str):
            raise broken("string", "Must be a text.")
        try:
            return self._parse(value)
        except (ValueError, OverflowError) as problem:
            raise broken(self._rule, self._message) from problem


def phone(**options: Any) -> Parsed:
    """A phones.Number, read in `countries.here()`."""
    return Parsed(lambda value: phones.read(value, countries.here()), phones.RULE, phones.MESSAGE, **options)


def email(**options: Any) -> Parsed:
    return Parsed(emails.read, emails.RULE, emails.MESSAGE, **options)


def country(**options: Any) -> Parsed:
    message = "Write the two capital letters of ISO 3166-1, such as CN."
    return Parsed(countries.Country, "country", message, **options)


def currency(**options: Any) -> fields.String:
    return fields.String(validate=_known_currency, **options)


def one_of(choices: tuple[str, ...], **options: Any) -> fields.String:
    message = Broken("one-of", f"Must be one of {', '.join(choices)}.")

    def check(value: str) -> None:
        if value not in choices:
            raise ValidationError(message)

    return fields.String(validate=check, **options)


def matching(pattern: str, message: str, *, longest: int, rule: str = "pattern", **options: Any) -> fields.String:
    """A text in ASCII that is wholly of this pattern."""
    whole = re.compile(pattern, re.ASCII)

    def check(value: str) -> None:
        if len(value) > longest:
            raise _too_long(longest)
        if not whole.fullmatch(value):
            raise broken(rule, message)

    return fields.String(validate=check, **options)


class Items(fields.List):
    """A list whose length is checked before what it holds, and which is given up after so many errors."""

    def __init__(self, inner: Any, *, most: int, least: int = 0, **options: Any) -> None:
        super().__init__(inner, **options)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list:
        if not isinstance(value, list):
            raise broken("list", "Must be a list.")
        if not self._least <= len(value) <= self._most:
            raise broken("length", f"Must have {self._least} to {self._most} items.")
        found, errors = [], {}
        for place, item in enumerate(value):
            try:
                found.append(self.inner.deserialize(item, **options))
            except ValidationError as problem:
                errors[place] = problem.messages
                if len(errors) >= MAX_ERRORS:
                    break
        if errors:
            raise ValidationError(errors)
        return found


def items(inner: Any, *, most: int, least: int = 0, **options: Any) -> Items:
    return Items(inner, most=most, least=least, **options)


class Day(fields.Date):
    """A day between FIRST_DAY and what `last` answers."""

    def __init__(self, last: Callable[[], date], **options: Any) -> None:
        super().__init__(**options)
        self._last = last

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> date:
        try:
            day = super()._deserialize(value, *args, **options)
        except ValidationError as problem:
            raise broken("date", "Write a day such as 2026-11-02.") from problem
        last = self._last()
        if not FIRST_DAY <= day <= last:
            raise broken("date-range", f"Must be a day from {FIRST_DAY} to {last}.")
        return day


def past_day(**options: Any) -> Day:
    """A day that tells what was; until tomorrow, because it may be tomorrow already where it is written."""
    return Day(lambda: clock.today() + timedelta(days=1), **options)


def planned_day(**options: Any) -> Day:
    return Day(lambda: LAST_DAY, **options)


def past_moment(**options: Any) -> Parsed:
    """A time that tells what was, between FIRST_DAY and tomorrow; who needs more checks it against the clock."""
    message = f"Write a time since {FIRST_DAY} with its zone, such as 2026-11-02T08:00:00Z."
    return Parsed(_past_moment, "time", message, **options)


def _past_moment(value: str) -> datetime:
    moment = clock.from_json(value)
    if not FIRST_DAY <= moment.date() <= clock.today() + timedelta(days=1):
        raise ValueError(value)
    return moment


class MoneySchema(Schema):
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=MAX_AMOUNT))
    currency = currency(required=True)

    @post_load
    def money(self, data: dict, **_: Any) -> Money:
        return Money(**data)


class PositiveMoneySchema(MoneySchema):
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=MAX_AMOUNT))


class ReadsPhones(Schema):
    """A body that may name the `country` in which its phone numbers without a country code are read. It is not kept."""

    country = country(allow_none=True)

    def load(self, data: Any, **options: Any) -> Any:
        named = data.get("country") if isinstance(data, dict) else None
        if countries.is_one(named):
            data = {name: value for name, value in data.items() if name != "country"}
        with countries.reading_in(named):
            return super().load(data, **options)


def _too_long(longest: int) -> ValidationError:
    return broken("max-length", f"Must have at most {longest} characters.")
