"""Search: what a customer is found by, and what a query asks for.

Every condition is an equality or a range on an index, so that a search stays fast with millions of customers:

- A word of a name is kept whole and as its beginnings of 1, 2, 3, 5 and 8 characters. `gar` finds Garcia by equality;
  `garc` finds the holders of `gar` that have a term beginning with `garc`.
- A run of Chinese, Japanese or Korean characters is kept as all its pieces of 1 to 3 characters. `小明` and `明` find
  王小明; a longer run in a query must have all its pieces of three characters in the name.
- The part of an e-mail address before the `@` is kept like a name, and whole with the `@`.
- A phone number is kept backwards, so that a number without its country code, or its last digits, is a beginning.
- Kind and tier are terms with a colon, which no word has.

At most 200 terms are kept for a customer, kind, tier and name first.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.customer.domain import contact, names

BEGINNINGS = (1, 2, 3, 5, 8)
LONGEST_PIECE = 3
LONGEST_WORD = 40
MAX_TERMS = 200
FEWEST_DIGITS = 4

_PHONE_LIKE = re.compile(r"[+(]*[0-9][0-9 ()./\-–]*")


@dataclass(frozen=True)
class Query:
    """Wanted are all `terms` and a term beginning with each of `word_starts`, or `email_start`, or one of `phone_tails`."""

    terms: tuple[str, ...] = ()
    word_starts: tuple[str, ...] = ()
    email_start: str | None = None
    phone_tails: tuple[str, ...] = ()


def marks(kind: str | None, tier: str | None) -> list[str]:
    """The terms for kind and tier, the rarer first."""
    return [f"{name}:{value}" for name, value in (("tier", tier), ("kind", kind)) if value is not None]


def terms(display_name: str, addresses: Iterable[str], *, marks: Iterable[str] = ()) -> list[str]:
    """The search terms of a customer with this name, these e-mail addresses and marks."""
    locals_ = [address.partition("@")[0] for address in addresses]
    found = dict.fromkeys(marks)
    found |= dict.fromkeys(term for word in names.words(display_name) for term in _terms_of(word))
    found |= dict.fromkeys(f"{local}@" for local in locals_)
    found |= dict.fromkeys(term for local in locals_ for word in names.words(local) for term in _terms_of(word))
    return list(found)[:MAX_TERMS]


def name_terms(name: str) -> list[str]:
    """Terms of every customer whose name is the same as this one, in whatever order or spacing of the words."""
    words = names.words(name)
    return [term for word in words for term in (word[:LONGEST_WORD] if names.is_cjk(word) else _wanted(word))]


def phone_tail(number: str) -> str:
    """The digits from the last to the first."""
    return re.sub(r"\D", "", number)[::-1]


def parse(text: str) -> Query:
    """What somebody typed into the search box, as conditions."""
    text = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cc").strip()
    if "@" in text and " " not in text:
        address = text.lower()
        return Query(terms=(address,)) if address.endswith("@") else Query(email_start=address)
    wanted = names.words(text)
    short = [term for word in wanted for term in _wanted(word)]
    return Query(
        # The longest term is the rarest, and the index is read for the first.
        terms=tuple(sorted(dict.fromkeys(short), key=len, reverse=True)),
        word_starts=tuple(word[:LONGEST_WORD] for word in wanted if not names.is_cjk(word) and word not in short),
        phone_tails=tuple(_phone_tails(text)),
    )


def _terms_of(word: str) -> Iterator[str]:
    if names.is_cjk(word):
        word = word[:LONGEST_WORD]
        for length in range(LONGEST_PIECE, 0, -1):
            yield from _pieces(word, length)
    else:
        yield from (word[:length] for length in BEGINNINGS if length < len(word))
        yield word[:LONGEST_WORD]


def _wanted(word: str) -> list[str]:
    if names.is_cjk(word):
        return _pieces(word[:LONGEST_WORD], min(len(word), LONGEST_PIECE))
    return [word[: max(length for length in BEGINNINGS if length <= len(word))]]


def _pieces(word: str, length: int) -> list[str]:
    return [word[start : start + length] for start in range(len(word) - length + 1)]


def _phone_tails(text: str) -> list[str]:
    digits = re.sub(r"\D", "", text)
    if len(digits) < FEWEST_DIGITS or not _PHONE_LIKE.fullmatch(text):
        return []
    try:
        number = phone_tail(contact.phone_number(text))
    except ValueError:
        number = None
    if number is not None and text.startswith(("+", "00")):
        return [number]
    # Without its country code a number may be from any country: what was typed is its end, after the trunk zero.
    typed = digits.lstrip("0")[::-1]
    if len(typed) < FEWEST_DIGITS:
        typed = digits[::-1]
    return [typed] if number is None or number.startswith(typed) else [typed, number]
