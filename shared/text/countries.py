"""Countries: ISO 3166-1 codes, and the one in which a number without a country code is read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import phonenumbers

_reading: ContextVar[str | None] = ContextVar("country", default=None)


def is_one(code: object) -> bool:
    return isinstance(code, str) and code in phonenumbers.SUPPORTED_REGIONS


class Country(str):
    """An ISO 3166-1 alpha-2 code in capitals, of a country with telephone numbers. Raises ValueError for another text."""

    __slots__ = ()

    def __new__(cls, code: str) -> "Country":
        if not is_one(code):
            raise ValueError(f"{code[:10]!r} is not one of the two-letter codes of ISO 3166-1")
        return super().__new__(cls, code)


USUAL = Country("CN")


def default() -> str:
    """DEFAULT_COUNTRY of this deployment; each service's settings have checked it."""
    return os.environ.get("DEFAULT_COUNTRY") or USUAL


def here() -> str:
    """The country of what is read at the moment: named by the request, else the deployment's."""
    return _reading.get() or default()


@contextmanager
def reading_in(country: object) -> Iterator[None]:
    """Within it, `here()` is this country, if it is one; otherwise nothing changes."""
    token = _reading.set(country if is_one(country) else _reading.get())
    try:
        yield
    finally:
        _reading.reset(token)
