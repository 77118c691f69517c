"""Folding: the form in which texts are compared and searched, so that `Łukasz` is lukasz and 張偉 is 张伟."""

import re
import unicodedata
from pathlib import Path

from shared.text import characters

# Letters that Unicode does not take apart, as people write them on a keyboard without them.
_LETTERS = {
    "æ": "ae", "ǽ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i",
    "ŋ": "n", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɖ": "d", "ɛ": "e", "ɔ": "o", "ƒ": "f", "ɨ": "i",
    "ȼ": "c", "ɏ": "y", "ƀ": "b", "ǥ": "g", "ɉ": "j", "ƶ": "z", "ⱥ": "a", "ɇ": "e", "ꝼ": "f", "ſ": "s", "ﬀ": "ff",
    "ʻ": "", "ʼ": "", "ʽ": "", "ʾ": "", "ʿ": "", "ˈ": "", "ʹ": "", "ʺ": "", "ـ": "",
}  # fmt: skip
# Marks that are left out: accents and points. Marks that are letters of their script (Indic vowels, Japanese voicing) stay.
_MARKS = re.compile(
    f"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    f"\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f{characters.VARIATION_SELECTORS}]+"
)
CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\u1100-\u11ff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_INNER_MARKS = "\u0900-\u0963\u0966-\u0d7f\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84\u102b-\u103e\u17b6-\u17d3"
_CJK_ONLY = re.compile(f"[{CJK}{characters.VARIATION_SELECTORS}]*[{CJK}][{CJK}{characters.VARIATION_SELECTORS}]*")
# Texts of these characters only change by the table; most Chinese names do.
_SIMPLE = re.compile("[\u4e00-\u9fff 0-9a-z]+")
_CJK_BLANK = re.compile(f"(?<=[{CJK}])\\s+(?=[{CJK}])")
_WORD = re.compile(f"[{CJK}]+|(?:[^\\W_{CJK}]|[{_INNER_MARKS}])+")


def fold(text: str) -> str:
    """Without capitals, accents, full-width and traditional forms, and invisible characters; folding again changes nothing."""
    if text.isascii() and text.isprintable():
        return text.lower()
    if _SIMPLE.fullmatch(text):
        return text.strip().translate(_TABLE)
    spread = unicodedata.normalize("NFKD", characters.line(text).casefold()).casefold()
    composed = unicodedata.normalize("NFC", _MARKS.sub("", spread))
    return _MARKS.sub("", composed.translate(_TABLE)).strip()


def words(text: str, *, spaced: bool = True) -> list[str]:
    """The folded words; a run of Chinese, Japanese or Korean characters is one word, also beside Latin letters.

    Not `spaced`, blanks between such characters do not end a word: `王 小明` is 王小明.
    """
    folded = fold(text)
    return _WORD.findall(folded if spaced or folded.isascii() else _CJK_BLANK.sub("", folded))


def is_cjk(text: str) -> bool:
    """True for a text of Chinese, Japanese or Korean characters only."""
    return bool(_CJK_ONLY.fullmatch(text))


def _simplified() -> dict[str, str]:
    lines = Path(__file__).with_name("simplified.txt").read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


_TABLE = str.maketrans(_LETTERS | _simplified())
