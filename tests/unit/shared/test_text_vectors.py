"""The rules of shared/text say what the vectors say."""

import pytest

from shared.text import characters, emails, names, phones, search
from shared.text.currencies import DIGITS
from tests.support import vectors

PHONES, EMAILS, NAMES = vectors.of("phones"), vectors.of("emails"), vectors.of("names")
SEARCH, TEXTS = vectors.of("search"), vectors.of("texts")


def finds(asked: str, text: str) -> bool:
    """What a repository asks the database, asked of one text."""
    wanted, kept = search.asked(asked), search.terms(text)
    whole = all(term in kept for term in wanted.terms)
    return bool(wanted.terms) and whole and all(any(k.startswith(s) for k in kept) for s in wanted.starts)


@pytest.mark.parametrize("one", PHONES["read"], ids=lambda one: one["written"])
def test_a_phone_number_has_one_form_in_all_notations(one):
    assert phones.read(one["written"], one["country"]) == phones.Number(one["number"], one["extension"])


@pytest.mark.parametrize("one", PHONES["read"], ids=lambda one: one["written"])
def test_a_phone_number_in_its_one_form_stays_so(one):
    assert phones.read(one["number"], "CN").e164 == one["number"]


@pytest.mark.parametrize("one", PHONES["refused"], ids=lambda one: one["written"])
def test_what_is_no_phone_number_in_its_country_is_refused(one):
    with pytest.raises(ValueError, match="phone number"):
        phones.read(one["written"], one["country"])


@pytest.mark.parametrize("one", PHONES["shown"], ids=lambda one: one["written"])
def test_a_caller_is_shown_as_the_number_came(one):
    assert phones.shown(one["written"], "CN") == one["shown"]


@pytest.mark.parametrize("one", EMAILS["read"], ids=lambda one: one["written"])
def test_an_e_mail_address_has_one_form_in_all_notations(one):
    assert emails.read(one["written"]) == one["address"]
    assert emails.read(one["address"]) == one["address"]


@pytest.mark.parametrize("written", EMAILS["refused"])
def test_what_is_no_e_mail_address_is_refused(written):
    with pytest.raises(ValueError, match="e-mail"):
        emails.read(written)


@pytest.mark.parametrize("one", NAMES["joined"], ids=lambda one: one["shown"])
def test_a_name_is_shown_in_the_order_of_its_language(one):
    assert names.display_name(one["given"], one["family"]) == one["shown"]


@pytest.mark.parametrize("one", NAMES["split"], ids=lambda one: one["full"])
def test_a_full_name_is_taken_apart(one):
    assert names.split(one["full"]) == (one["given"], one["family"])


@pytest.mark.parametrize("written", NAMES["nameless"])
def test_what_has_no_letter_is_no_name(written):
    assert names.read(written) is None


@pytest.mark.parametrize(("one", "other"), NAMES["same"])
def test_the_same_name_is_recognised_in_another_notation(one, other):
    assert names.same(one, other)


@pytest.mark.parametrize(("one", "other"), NAMES["different"])
def test_different_and_missing_names_are_not_the_same(one, other):
    assert not names.same(one, other)


@pytest.mark.parametrize("one", SEARCH["found"], ids=lambda one: one["asked"])
def test_a_text_is_found(one):
    assert finds(one["asked"], one["in"])


@pytest.mark.parametrize("one", SEARCH["not_found"], ids=lambda one: one["asked"])
def test_a_text_is_not_found(one):
    assert not finds(one["asked"], one["in"])


@pytest.mark.parametrize("one", TEXTS["kept"], ids=lambda one: one["kept"])
def test_invisible_characters_go(one):
    assert characters.line(one["written"]) == one["kept"]


@pytest.mark.parametrize("written", TEXTS["blank"])
def test_what_cannot_be_seen_is_blank(written):
    assert characters.is_blank(written)


def test_the_currencies_are_those_of_the_contract():
    contract = vectors.of("currencies")

    assert contract["digits"] == DIGITS
    assert not DIGITS.keys() & contract["refused"]
