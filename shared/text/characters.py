"""Characters: what can be seen of a text, and what is left when the rest is taken away."""

import re
import unicodedata

# Unicode's Default_Ignorable_Code_Point and the control and format characters, with the blank Braille pattern, and
# without what has a shape of its own (such as U+0600) and variation selectors, which choose the shape of a name's letter.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Those that Python calls printable.
_PRINTABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0]")
_BREAK = re.compile("[\t-\r\x85\u2028\u2029]+")
_LINE_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
VARIATION_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SHAPELESS = re.compile(f"[{VARIATION_SELECTORS}\\s]+")


def line(text: str) -> str:
    """One line: without invisible characters and without blanks around it; a line break becomes a blank."""
    if text.isprintable() and (text.isascii() or not _PRINTABLE.search(text)):
        return text.strip()
    return _BREAK.sub(" ", _INVISIBLE.sub("", text)).strip()


def lines(text: str) -> str:
    """A longer text as it was written, but without control characters and with one kind of line break.

    Joiners stay, because scripts and emoji of a longer text need them.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _CONTROL.sub("", _LINE_BREAK.sub("\n", text)).strip()


def is_blank(text: str) -> bool:
    """True when nothing of the text can be seen."""
    seen = line(text)
    return not seen or (not seen[0].isalnum() and not _SHAPELESS.sub("", seen))


def plain(text: str) -> str:
    """One line with full-width and other compatibility forms as their usual letters, for texts that programs read."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _SHAPELESS.sub(" ", unicodedata.normalize("NFKC", line(text))).strip()
