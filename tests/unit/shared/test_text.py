"""Folding, phones and money beyond single examples: what holds for every text."""

import contextlib
import re
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from shared.problems import Invalid
from shared.text import characters, countries, folding, money, phones, search
from shared.text.money import Money


def finds(asked: str, text: str) -> bool:
    wanted, kept = search.asked(asked), search.terms(text)
    whole = all(term in kept for term in wanted.terms)
    return whole and all(any(k.startswith(s) for k in kept) for s in wanted.starts)


def test_folding_what_is_folded_changes_nothing_for_any_character():
    letters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    once = [folding.fold(letter) for letter in letters[:0x3100] + letters[0xF000 - 0x800 : 0x12000 - 0x800]]

    assert [folding.fold(letter) for letter in once] == once


def test_every_european_letter_has_a_form_that_a_plain_keyboard_can_type():
    letters = [chr(code) for code in range(0xC0, 0x180) if unicodedata.category(chr(code)) in ("Lu", "Ll")]

    # The Catalan ŀ is an l and a middle dot, which ends a word.
    assert [letter for letter in letters if not "".join(folding.words(letter)).isascii()] == []


def test_a_traditional_character_is_folded_as_opencc_simplifies_it():
    pairs = {chr(left): right for left, right in folding._TABLE.items() if folding.is_cjk(chr(left))}
    simplify = OpenCC("t2s")
    again = [simplify.convert(simplify.convert(character)) for character in pairs]

    assert len(pairs) > 4000
    assert [unicodedata.normalize("NFKC", character) for character in again] == list(pairs.values())


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_every_text_is_found_by_itself(text):
    assert finds(text, text)


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_text_is_found_by_itself_within_a_longer_one(text, other):
    assert finds(text, f"{other} {text}")


def test_the_terms_of_a_text_and_of_a_question_are_bounded():
    long = "".join(chr(0x4E00 + number) for number in range(2000)) + " ".join(
        f"w{number}abcdefgh" for number in range(99)
    )

    assert len(search.terms(long)) == search.MOST_TERMS
    assert len(search.asked(long).terms) <= search.MOST_ASKED
    assert len(search.asked(long).starts) <= search.MOST_ASKED


@settings(deadline=None)
@given(st.text(max_size=80))
def test_a_line_has_neither_line_breaks_nor_invisible_ends(text):
    line = characters.line(text)

    assert characters.line(line) == line
    assert not re.search("[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", line)


@settings(deadline=None)
@given(st.integers(10_000_000_000, 19_999_999_999))
def test_the_quick_way_for_chinese_mobiles_agrees_with_the_library(number):
    written = str(number)
    try:
        quick = phones.read(written, "CN").e164
    except ValueError:
        quick = None
    try:
        whole = phones.read(f"({written})", "CN").e164
    except ValueError:
        whole = None

    assert quick == whole


@settings(deadline=None)
@given(st.text(max_size=70))
def test_any_text_is_a_phone_number_or_refused(text):
    with contextlib.suppress(ValueError):
        assert re.fullmatch(r"\+[0-9]{5,15}", phones.read(text, "CN").e164)


def test_the_country_of_a_request_is_used_within_it_only():
    with countries.reading_in("US"):
        assert countries.here() == "US"
        with countries.reading_in("ZZ"):
            assert countries.here() == "US"

    assert countries.here() == countries.default()


@pytest.mark.parametrize("code", ["", "cn", "CHN", "ZZ", "中国"])
def test_what_is_no_country_is_refused(code):
    with pytest.raises(ValueError, match="ISO 3166-1"):
        countries.Country(code)


def test_money_is_added_up_in_one_currency_only():
    yuan, dollars = Money(100, "CNY"), Money(5, "USD")

    assert money.total([yuan, yuan.times(2)], field="lines") == Money(300, "CNY")
    assert yuan - Money(40, "CNY") == Money(60, "CNY")
    with pytest.raises(ValueError, match="CNY and USD"):
        yuan + dollars
    with pytest.raises(Invalid, match="one currency"):
        money.total([yuan, dollars], field="lines")
    with pytest.raises(Invalid, match="at most"):
        money.total([Money(money.MAX_TOTAL, "CNY"), yuan], field="lines")


def test_what_is_left_of_a_currency_that_is_no_more_can_still_be_read():
    assert money.of_fact({"amount": 7, "currency": "HRK"}) == Money(7, "HRK")


@pytest.mark.parametrize("amount", [{"amount": 1.5, "currency": "CNY"}, {"amount": True, "currency": "CNY"}])
def test_what_is_no_whole_amount_is_no_money(amount):
    with pytest.raises(ValueError, match="whole amount"):
        money.of_fact(amount)


@pytest.mark.parametrize("currency", ["cny", "CN", "CNYX", "C.Y", "ÄÖÜ", "$", None])
def test_what_is_no_code_is_no_currency(currency):
    with pytest.raises(ValueError, match="currency"):
        money.of_fact({"amount": 1, "currency": currency})
