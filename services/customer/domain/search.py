"""Search: what a customer is found by, and what a query asks for.

Names are found as `shared/text/search.py` says; beside them

- the part of an e-mail address before the `@` is kept like a name, and whole with the `@`;
- a phone number is kept backwards, so that a number without its country code, or its last digits, is a beginning;
- kind and tier are terms with a colon, which no word has.

At most 600 terms are kept for a customer, kind, tier and name first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.text import characters, countries, emails, phones, search
from shared.text.search import Words

MAX_TERMS = search.MOST_TERMS
FEWEST_DIGITS = 4
NO_WORDS = Words()


@dataclass(frozen=True)
class Query:
    """Wanted are all `words`, or `email_start`, or one of `phone_tails`."""

    words: Words = NO_WORDS
    email_start: str | None = None
    phone_tails: tuple[str, ...] = ()


def marks(kind: str | None, tier: str | None) -> list[str]:
    """The terms for kind and tier, the rarer first."""
    return [f"{name}:{value}" for name, value in (("tier", tier), ("kind", kind)) if value is not None]


def terms(display_name: str, addresses: Iterable[str], *, marks: Iterable[str] = ()) -> list[str]:
    """The search terms of a customer with this name, these e-mail addresses and marks."""
    locals_ = [address.partition("@")[0] for address in addresses]
    whole = [f"{local}@" for local in locals_]
    found = dict.fromkeys([*marks, *search.terms(display_name), *whole, *search.terms(*locals_)])
    return list(found)[:MAX_TERMS]


def phone_tail(number: str) -> str:
    """The digits from the last to the first."""
    return re.sub(r"\D", "", number)[::-1]


def parse(text: str) -> Query:
    """What somebody typed into the search box, as conditions."""
    text = characters.plain(text)
    if (address := emails.start(text)) is not None:
        return Query(Words((address,))) if address.endswith("@") else Query(email_start=address)
    return Query(search.asked(text), phone_tails=tuple(_phone_tails(text)))


def _phone_tails(text: str) -> list[str]:
    digits = phones.digits(text)
    if len(digits) < FEWEST_DIGITS:
        return []
    try:
        number = phone_tail(phones.read(text, countries.here()).e164)
    except ValueError:
        number = None
    if number is not None and digits.startswith(("+", "00")):
        return [number]
    # Without its country code a number may be from any country: what was typed is its end, after the trunk zero.
    digits = digits.lstrip("+")
    typed = digits.lstrip("0")[::-1]
    if len(typed) < FEWEST_DIGITS:
        typed = digits[::-1]
    return [typed] if number is None or number.startswith(typed) else [typed, number]
