"""Search: the terms by which a text is found, and what a query asks of them.

Every condition is an equality or a range on an index of `(terms, _id)`, so that a search stays fast with millions of records:

- A word is kept whole and as its beginnings of 1, 2, 3, 5 and 8 characters. `gar` finds Garcia by equality; `garc` finds
  the holders of `gar` that have a term beginning with `garc`.
- A run of Chinese, Japanese or Korean characters is kept as all its pairs and single characters. `小明` and `明` find
  王小明; a longer run in a query must have all its pairs in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.text import folding

BEGINNINGS = (1, 2, 3, 5, 8)
LONGEST_WORD = 40
MOST_TERMS = 600
MOST_ASKED = 16


@dataclass(frozen=True)
class Words:
    """Wanted are all `terms`, the rarest first, and a term beginning with each of `starts`."""

    terms: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()


def terms(*texts: str | None) -> list[str]:
    """At most MOST_TERMS, those of the first text first."""
    words = (word for text in texts if text for word in folding.words(text, spaced=False))
    found = dict.fromkeys(term for word in words for term in _terms_of(word))
    return list(found)[:MOST_TERMS]


def asked(text: str) -> Words:
    """What somebody typed into a search box."""
    words = folding.words(text)
    wanted = dict.fromkeys(term for word in words for term in _wanted(word))
    # The longest term is the rarest, and the index is read for the first.
    ranked = sorted(_some(list(wanted)), key=len, reverse=True)
    starts = [word[:LONGEST_WORD] for word in words if not folding.is_cjk(word) and word not in wanted]
    return Words(tuple(ranked), tuple(_some(list(dict.fromkeys(starts)))))


def criteria(field: str, words: Words) -> dict[str, Any] | None:
    """The question to MongoDB; None when nothing is asked, so that nothing is found."""
    if not words.terms:
        return None
    conditions: list[dict] = [{field: term} for term in words.terms]
    conditions += [{field: {"$regex": f"^{re.escape(start)}"}} for start in words.starts]
    return {"$and": conditions}


def whole(text: str) -> list[str]:
    """Terms of every text that has the same words as this one, in whatever order and spacing."""
    return _some([term for word in folding.words(text) for term in _wanted(word)])


def _terms_of(word: str) -> Iterator[str]:
    if folding.is_cjk(word):
        yield from _pairs(word)
        yield from word
    else:
        yield word[:LONGEST_WORD]
        yield from (word[:length] for length in BEGINNINGS if length < len(word))


def _wanted(word: str) -> list[str]:
    if folding.is_cjk(word):
        return _pairs(word) or [word]
    return [word[: max(length for length in BEGINNINGS if length <= len(word))]]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _some(found: list[str]) -> list[str]:
    """As many as MongoDB should compare, from all over the text."""
    return found if len(found) <= MOST_ASKED else [found[at * len(found) // MOST_ASKED] for at in range(MOST_ASKED)]
