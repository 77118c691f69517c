"""Search words: what a name can be found by."""

import re

MAX_WORDS = 30
MAX_WORD_LENGTH = 20
_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


def words(*names: str | None) -> list[str]:
    """The lower-case words of the names. Chinese has no spaces, so every ending of a run of characters is a word.

    A search compares beginnings: 远大 finds 上海远大贸易 by its ending 远大贸易.
    """
    found: dict[str, None] = {}
    for name in names:
        for run in split(name or ""):
            for word in _endings(run):
                found[word] = None
    return list(found)[:MAX_WORDS]


def split(text: str) -> list[str]:
    """The words of a text, in its order."""
    return [word[:MAX_WORD_LENGTH] for word in _WORD.findall(text.lower())]


def _endings(run: str) -> list[str]:
    if run[0] < "\u3400" or run[0] > "\u9fff":
        return [run]
    return [run[start:] for start in range(max(1, len(run) - 1))]
