"""E-mail addresses: every usual notation becomes one, and what a mail program would read otherwise is refused."""

import re
import unicodedata

import idna

from shared.text import characters

RULE = "email"
MESSAGE = "Must be an e-mail address such as name@example.com, without other signs around it."
LONGEST = 254
LONGEST_LOCAL = 64
LONGEST_WRITTEN = 400

# Of the signs that the standard allows, `?`, `&` and `%` would change the meaning of a mailto link, and quotes, braces
# and bars are more often left over from something else; an apostrophe stands only within a name.
_LOCAL = r"[a-z0-9!#$*+/=^_~-]+(?:[.'][a-z0-9!#$*+/=^_~-]+)*"
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ASCII = re.compile(f"{_LOCAL}@{_DOMAIN}")
_BETWEEN_BRACKETS = re.compile(r"[^<>@]*<([^<>]+)>")
_MAILTO = re.compile("mailto:", re.IGNORECASE)


def read(text: str) -> str:
    """The address in lower case, its domain as people read it (`bücher.example`). Raises ValueError."""
    if len(text) > LONGEST_WRITTEN:
        raise ValueError(MESSAGE)
    written = text.strip().lower()
    if _ASCII.fullmatch(written) and "xn--" not in written:
        return _checked(written)
    local, domain = _bare(characters.plain(text)).rsplit("@", 1)
    domain = _readable(domain)
    if not _ASCII.fullmatch(f"{_as_ascii(local)}@{_as_ascii(domain)}"):
        raise ValueError(MESSAGE)
    return _checked(f"{local}@{domain}")


def start(text: str) -> str | None:
    """What somebody typed of an address, as far as its `@` or further; None for another text."""
    if text.count("@") != 1:
        return None
    try:
        return read(text)
    except ValueError:
        written = _MAILTO.sub("", text.strip().lstrip("<").rstrip(">"), count=1).lower()
        return None if re.search(r"\s", written) else written


def _bare(written: str) -> str:
    """Without a display name and `mailto:`."""
    if bracketed := _BETWEEN_BRACKETS.fullmatch(written):
        written = bracketed[1].strip()
    written = _MAILTO.sub("", written, count=1).lower()
    if written.count("@") != 1:
        raise ValueError(MESSAGE)
    return written


def _readable(domain: str) -> str:
    """An international domain in its one Unicode form, however it was written."""
    domain = domain.replace("。", ".")
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.decode(idna.encode(domain, uts46=True))
    except idna.IDNAError as problem:
        raise ValueError(MESSAGE) from problem


def _as_ascii(text: str) -> str:
    """Letters, marks and digits of other scripts may stand wherever ASCII letters may."""
    if text.isascii():
        return text
    return "".join("x" if c > "\x7f" and unicodedata.category(c)[0] in "LMN" else c for c in text)


def _checked(address: str) -> str:
    if len(address) > LONGEST or address.index("@") > LONGEST_LOCAL:
        raise ValueError(MESSAGE)
    return address
