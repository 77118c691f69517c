"""How a partner's row becomes an enquiry."""

import pytest

from services.sales.domain import partner
from services.sales.domain.enquiry import Enquiry
from shared.problems import Invalid

GOOD = {"external_id": "EG-1", "full_name": "张伟", "email": "zhang.wei@example.com"}


def rules(row: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        partner.read_lead(row, country="CN")
    return {error.field: error.rule for error in refused.value.errors}


def test_a_row_is_trimmed_and_brought_into_one_form():
    row = {
        "external_id": " EG-1 ",
        "full_name": " Anna Keller ",
        "company_name": "",
        "email": " Anna.Keller@Example.COM ",
        "phone": "138 0013-8000",
        "interest": None,
        "campaign_code": "spring-2026",
    }

    external_id, enquiry = partner.read_lead(row, country="CN")

    assert external_id == "EG-1"
    assert enquiry == Enquiry("Anna Keller", None, "anna.keller@example.com", "+8613800138000", None, "SPRING-2026")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086 13800138000", "+8613800138000"),
        ("0571 8888 6666", "+8657188886666"),
        ("(010) 6552-9988", "+861065529988"),
        ("+44 20 7946 0123", "+442079460123"),
        ("+49 (0)30 901820", "+4930901820"),
    ],
)
def test_a_phone_number_is_kept_as_e164_and_is_chinese_without_a_country_code(written, stored):
    _, enquiry = partner.read_lead(GOOD | {"phone": written}, country="CN")

    assert enquiry.phone == stored


@pytest.mark.parametrize("written", ["12345", "call me", "123", "+86 1380013800099999", "++", "0"])
def test_a_phone_number_that_cannot_be_read_is_an_error_that_names_the_rule(written):
    assert rules(GOOD | {"phone": written}) == {"phone": "phone-e164"}


def test_every_wrong_field_has_its_own_error():
    row = {"external_id": 7, "full_name": "x" * 201, "email": "nobody", "phone": "?", "campaign_code": "§", "rate": 1}

    assert rules(row) == {
        "external_id": "string",
        "full_name": "max-length",
        "email": "email",
        "phone": "phone-e164",
        "campaign_code": "campaign-code",
        "rate": "unknown-field",
    }


def test_a_row_needs_an_external_id():
    assert rules({"full_name": "Anna", "email": "anna@example.com"}) == {"external_id": "required"}


def test_a_row_needs_a_name_and_a_way_to_answer():
    assert rules({"external_id": "EG-1", "interest": "CRM"}) == {"full_name": "one-required", "email": "one-required"}
    assert rules({"external_id": "EG-1", "company_name": "Norte Foods"}) == {"email": "one-required"}


@pytest.mark.parametrize("row", [None, 7, "EG-1", [], [1]])
def test_a_row_that_is_not_an_object_is_an_error(row):
    assert rules(row) == {"body": "object"}
