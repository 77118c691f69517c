"""The common fields of request bodies: what they take, and the rule that their errors name."""

from datetime import timedelta

import pytest
from marshmallow import Schema, fields

from shared import clock, http
from shared.problems import MAX_ERRORS, Invalid
from shared.text import fields as text_fields
from shared.text.money import Money
from shared.text.phones import Number
from tests.support import vectors


class Row(Schema):
    name = text_fields.text(5)


class Body(text_fields.ReadsPhones):
    name = text_fields.text(20)
    note = text_fields.long_text(100, may_be_empty=True)
    choice = text_fields.one_of(("a", "b"))
    phone = text_fields.phone()
    phones = text_fields.items(text_fields.phone(), most=3)
    email = text_fields.email()
    price = fields.Nested(text_fields.MoneySchema)
    rows = text_fields.items(fields.Nested(Row), most=200)
    was = text_fields.past_day()
    will_be = text_fields.planned_day()


def read(**body) -> dict:
    return http.load(Body(), body)


def rules(**body) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read(**body)
    return {error.field: error.rule for error in refused.value.errors}


def test_a_body_is_brought_into_its_one_form():
    body = read(
        name=" Lu\u200bcia ",
        note="one\r\ntwo\u200dthree",
        phone="010 6552 9988 ext. 12",
        email="Lucia <Lucia@Example.com>",
        price={"amount": 5, "currency": "JPY"},
    )

    assert body == {
        "name": "Lucia",
        "note": "one\ntwo\u200dthree",
        "phone": Number("+861065529988", "12"),
        "email": "lucia@example.com",
        "price": Money(5, "JPY"),
    }


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"name": 7}, {"name": "string"}),
        ({"name": "x" * 21}, {"name": "max-length"}),
        ({"name": "x" * 100_000}, {"name": "max-length"}),
        ({"choice": "c"}, {"choice": "one-of"}),
        ({"choice": ["a"]}, {"choice": "string"}),
        ({"phone": "12345"}, {"phone": "phone-e164"}),
        ({"email": "nobody"}, {"email": "email"}),
        ({"price": {"amount": 5, "currency": "ABC"}}, {"price.currency": "currency"}),
        ({"country": "ZZ"}, {"country": "country"}),
        ({"was": "2027-02-29"}, {"was": "date"}),
        ({"was": "1899-12-31"}, {"was": "date-range"}),
        ({"will_be": "2101-01-01"}, {"will_be": "date-range"}),
        ({"rows": "x"}, {"rows": "list"}),
        ({"rows": [{"name": "a"}, {"name": "abcdef"}]}, {"rows.1.name": "max-length"}),
        ({"what": 1}, {"what": "unknown-field"}),
    ],
)
def test_an_error_names_the_field_and_its_rule(body, broken):
    assert rules(**body) == broken


@pytest.mark.parametrize("blank", [*vectors.of("texts")["blank"], ""])
def test_a_blank_text_is_refused_unless_it_may_be_empty(blank):
    assert rules(name=blank) == {"name": "blank"}
    assert read(note=blank) == {"note": ""}


@pytest.mark.parametrize("currency", vectors.of("currencies")["refused"])
def test_a_currency_that_is_not_in_the_list_is_refused(currency):
    assert rules(price={"amount": 5, "currency": currency}) == {"price.currency": "currency"}


def test_a_day_that_was_is_not_after_tomorrow():
    tomorrow = clock.today() + timedelta(days=1)

    assert read(was=tomorrow.isoformat()) == {"was": tomorrow}
    assert rules(was=(tomorrow + timedelta(days=1)).isoformat()) == {"was": "date-range"}


def test_the_length_of_a_list_is_checked_before_what_it_holds():
    assert rules(rows=[{"name": "far too long"}] * 201) == {"rows": "length"}


def test_a_list_is_given_up_after_so_many_errors():
    assert len(rules(rows=[{"name": "far too long"}] * 200)) == MAX_ERRORS


def test_a_body_may_name_the_country_of_its_phones():
    assert read(country="US", phone="504-621-8927", phones=["(504) 621-8927"]) == {
        "phone": Number("+15046218927"),
        "phones": [Number("+15046218927")],
    }
    assert rules(phone="504-621-8927") == {"phone": "phone-e164"}
