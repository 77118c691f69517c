"""Search words and contact details."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.service_desk.domain.contact import normal_email, normal_phone
from services.service_desk.domain.words import asked_words, indexed_words


def finds(asked: str, subject: str) -> bool:
    indexed = indexed_words(subject)
    return all(any(word.startswith(beginning) for word in indexed) for beginning in asked_words(asked))


@pytest.mark.parametrize(
    ("asked", "subject"),
    [
        ("打印", "彩色打印机无法联网"),
        ("机", "彩色打印机"),
        ("PRINT off", "The printer is offline"),
        ("usb线", "新的USB线断了"),
        ("线", "新的USB线断了"),
    ],
)
def test_a_subject_is_found_by_words_from_their_beginning_and_by_chinese_characters(asked, subject):
    assert finds(asked, subject)


@pytest.mark.parametrize(("asked", "subject"), [("rinter", "The printer"), ("打机", "打印机"), ("late box", "Late")])
def test_a_subject_without_one_of_the_words_is_not_found(asked, subject):
    assert not finds(asked, subject)


@given(st.text(max_size=60))
def test_every_subject_is_found_by_itself(subject):
    assert finds(subject, subject)


def test_a_contact_is_written_in_the_form_in_which_people_are_matched():
    assert normal_email("  Amelia@Novak.Example ") == "amelia@novak.example"
    assert normal_phone("138 0013 8000") == "+8613800138000"
    assert normal_phone("+44 20 7946 0123") == "+442079460123"


@pytest.mark.parametrize("text", ["12", "12345", "abc", "+999"])
def test_what_is_no_phone_number_is_refused(text):
    with pytest.raises(ValueError, match="phone number"):
        normal_phone(text)
