"""Numbers as callers' switches show them."""

import pytest

from services.telephony.domain.number import e164


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("13812345678", "+8613812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("021 6123 4567", "+862161234567"),
        ("+44 20 7946 0123", "+442079460123"),
        ("anonymous", None),
        ("", None),
        (None, None),
        ("12", None),
        ("\u0000", None),
    ],
)
def test_a_number_has_one_form_however_it_is_shown(shown, number):
    assert e164(shown) == number
