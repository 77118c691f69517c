"""Search words: what of a subject is indexed, and what of a question is looked up."""

import re

MAX_WORDS = 100
_CHINESE = r"\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af"
_RUNS = re.compile(rf"([{_CHINESE}]+)|[^\W_{_CHINESE}]+")


def indexed_words(text: str) -> tuple[str, ...]:
    """Lower-case words; of a run of Chinese characters each one with its follower, and the last one alone."""
    words: dict[str, None] = {}
    for run in _RUNS.finditer(text.lower()):
        words |= dict.fromkeys(_pairs(run[0]) if run[1] else [run[0]])
    return tuple(words)[:MAX_WORDS]


def asked_words(text: str) -> tuple[str, ...]:
    """The beginnings that must all be among the indexed words; empty when the text has no word."""
    words: dict[str, None] = {}
    for run in _RUNS.finditer(text.lower()):
        words |= dict.fromkeys(_pairs(run[0])[: max(1, len(run[0]) - 1)] if run[1] else [run[0]])
    return tuple(words)[:MAX_WORDS]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]
