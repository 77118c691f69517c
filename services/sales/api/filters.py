"""The query parameters that several lists have."""

import re

from flask import request

from shared.problems import FieldError, Invalid

MAX_TEXT = 100
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def text(name: str) -> str | None:
    """Raises Invalid when the parameter is empty or too long."""
    value = request.args.get(name)
    if value is not None and not 1 <= len(value) <= MAX_TEXT:
        raise Invalid([FieldError(name, "length", f"Must have 1 to {MAX_TEXT} characters.")])
    return value


def code(name: str) -> str | None:
    """A campaign code in capitals. Raises Invalid."""
    value = _matching(name, _CODE)
    return value.upper() if value else None


def slug(name: str) -> str | None:
    """Raises Invalid."""
    return _matching(name, _SLUG)


def flag(name: str) -> bool | None:
    """Raises Invalid."""
    value = request.args.get(name)
    if value not in (None, "true", "false"):
        raise Invalid([FieldError(name, "one-of", "Must be true or false.")])
    return None if value is None else value == "true"


def without_none(criteria: dict) -> dict:
    return {name: value for name, value in criteria.items() if value is not None}


def _matching(name: str, pattern: re.Pattern) -> str | None:
    value = request.args.get(name)
    if value is not None and not pattern.fullmatch(value):
        raise Invalid([FieldError(name, "pattern", f"Must match {pattern.pattern}.")])
    return value
