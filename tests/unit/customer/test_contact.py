"""Contact points: every usual notation becomes one."""

import pytest

from services.customer.domain import contact


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0086 138 0013 8000",
        "8613800138000",
        "＋８６ １３８００１３８０００",
    ],
)
def test_a_chinese_mobile_number_has_one_form_in_all_notations(text):
    assert contact.phone_number(text) == "+8613800138000"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("021-5050 1234", "+862150501234"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+1 (415) 555-0132", "+14155550132"),
        ("+39 06 1234567", "+39061234567"),
    ],
)
def test_numbers_of_other_places_keep_their_country(text, number):
    assert contact.phone_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "12", "12345", "+86 1", "+8612345", "+1234567", "1" * 40])
def test_what_is_no_phone_number_is_refused(text):
    with pytest.raises(ValueError, match="phone number"):
        contact.phone_number(text)


def test_an_e_mail_address_is_kept_in_lower_case_without_blanks():
    assert contact.email_address("  Lucia.Garcia@Example.COM ") == "lucia.garcia@example.com"


@pytest.mark.parametrize(
    "text",
    ["", "lucia", "@example.com", "lucia@", "lucia@example", "lu cia@example.com", "a@b@c.d", "a@.com", "a@b..com"],
)
def test_what_is_no_e_mail_address_is_refused(text):
    with pytest.raises(ValueError, match="e-mail"):
        contact.email_address(text)
