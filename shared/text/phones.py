"""Phone numbers: every usual notation becomes one, E.164 and an extension beside it.

A number with its country code must be possible there (the numbering plans that we know may be older than the number); one
without must be valid in the country in which it is read, for only that tells that it is of this country.
"""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneMetadata, PhoneNumber, ValidationResult

from shared.text import characters

RULE = "phone-e164"
MESSAGE = (
    "Write the whole phone number: with its country code, such as +44 20 7946 0123, or as it is dialled within the country of "
    "this request. Letters stand only before an extension, such as ext. 12."
)
LONGEST = 60
LONGEST_EXTENSION = 10

_DASHES = "\\-\u2010-\u2015\u2212\u30fc"
_DIALLED = re.compile(rf"[(\s]*\+?[\d(][\d\s()./·{_DASHES}]*")
_TEL = re.compile(r"tel:\s*", re.IGNORECASE)
_EXTENSION = re.compile(
    rf"(?:;ext=|[\s,;(]*(?:extension|extn?|x|#|转|轉|分机号?|分機號?|内线|內線)[\s.:]*)(\d{{1,{LONGEST_EXTENSION}}})\)?\Z",
    re.IGNORECASE,
)
# The usual way to write an extension in China: area code, number, extension.
_CHINESE_EXTENSION = re.compile(r"(0\d{2,3}-\d{7,8})-(\d{1,6})", re.ASCII)
_WITH_CODE = (CountryCodeSource.FROM_NUMBER_WITH_PLUS_SIGN, CountryCodeSource.FROM_NUMBER_WITH_IDD)
_SEPARATORS = str.maketrans("", "", " -")
_IN_ITS_ONE_FORM = re.compile(r"\+861[3-9]\d{9}", re.ASCII)
_MOBILE_WITH_CODE = re.compile(r"(?:\+|00)861[3-9]\d{9}", re.ASCII)
_WITHHELD = re.compile(r"[0\s]*")
_SHOWN = re.compile(rf"[+\d\s()./*#{_DASHES}]+")


class Number(NamedTuple):
    """`e164` begins with a plus sign and the country code."""

    e164: str
    extension: str | None = None


def read(text: str, country: str) -> Number:
    """Raises ValueError, for a short number such as 10086 too: nobody outside its network can call it."""
    # Most numbers are Chinese mobile numbers; the library would need forty times as long for them.
    if _IN_ITS_ONE_FORM.fullmatch(text):
        return Number(text)
    if country == "CN" and (quick := _chinese_mobile(text.translate(_SEPARATORS))):
        return Number(quick)
    written = _TEL.sub("", characters.plain(text), count=1) if len(text) <= LONGEST else ""
    number, extension = _apart(written, country)
    if not _DIALLED.fullmatch(number):
        raise ValueError(MESSAGE)
    try:
        parsed = phonenumbers.parse(number, country, keep_raw_input=True)
    except phonenumbers.NumberParseException as problem:
        raise ValueError(MESSAGE) from problem
    if not _is_taken(parsed):
        raise ValueError(MESSAGE)
    return Number(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), extension)


def shown(text: str | None, country: str) -> str | None:
    """A caller's number as a switch shows it: E.164 if it is one, a short or internal number as it came.

    None when the caller withholds it.
    """
    written = characters.plain(text or "")
    try:
        return read(written, country).e164
    except ValueError:
        kept = len(written) <= LONGEST and _SHOWN.fullmatch(written) and not _WITHHELD.fullmatch(written)
        return written if kept and any(character.isdecimal() for character in written) else None


def digits(text: str) -> str:
    """What somebody typed of a number: its digits, behind a plus sign if there is one; empty for another text."""
    number = _EXTENSION.sub("", _TEL.sub("", characters.plain(text), count=1))
    if len(text) > LONGEST or not _DIALLED.fullmatch(number):
        return ""
    plus = "+" if "+" in number else ""
    return plus + "".join(str(unicodedata.decimal(c)) for c in number if c.isdecimal())


def is_e164(number: str) -> bool:
    """True for a number that may be somebody's, so not for a short one."""
    return number.startswith("+")


def _chinese_mobile(digits: str) -> str | None:
    if _MOBILE_WITH_CODE.fullmatch(digits):
        return "+" + digits.lstrip("+0")
    return f"+86{digits}" if len(digits) == 11 and digits.isascii() and _mobile_of_china().fullmatch(digits) else None


def _apart(written: str, country: str) -> tuple[str, str | None]:
    """The number and its extension."""
    if found := _EXTENSION.search(written):
        return written[: found.start()], found[1]
    if country == "CN" and (found := _CHINESE_EXTENSION.fullmatch(written)):
        return found[1], found[2]
    return written, None


def _is_taken(number: PhoneNumber) -> bool:
    if number.country_code_source not in _WITH_CODE and not phonenumbers.is_valid_number(number):
        return False
    # A number that can only be dialled within one town, such as 12345, is also "possible" to the library.
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _mobile_of_china() -> re.Pattern:
    global _MOBILE
    if _MOBILE is None:
        _MOBILE = re.compile(PhoneMetadata.metadata_for_region("CN").mobile.national_number_pattern, re.ASCII)
    return _MOBILE


_MOBILE: re.Pattern | None = None
