"""The CSV import's rules: what a row becomes, and what is wrong with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from stack.import_csv import rows, totals
from stack.import_csv.__main__ import MAPPINGS
from stack.import_csv.mapping import Mapping, WrongMapping, read
from stack.import_csv.rows import Product, Row, WrongRow
from stack.import_csv.totals import Totals

PRO = Product("GTX-PRO", "GTX Pro", 482_100)


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return read(MAPPINGS / "crm-sales-opportunities.yaml")


def a_row(**cells: str) -> Row:
    given = {
        "opportunity_id": "Z063OYW0", "sales_agent": "Darcel Schlecht", "product": "GTXPro", "account": "Isdom",
        "deal_stage": "Won", "engage_date": "10/25/2016", "close_date": "3/11/2017", "close_value": "4514",
    }  # fmt: skip
    return Row("sales_pipeline.csv", 3, given | cells)


def deal_of(row: Row, mapping: Mapping) -> rows.Deal:
    return rows.deal(row, mapping, {"GTX Pro": PRO}, {"Darcel Schlecht"})


def test_a_row_becomes_an_opportunity_in_the_words_of_the_api(mapping):
    deal = deal_of(a_row(), mapping)

    assert rows.opportunity(deal, mapping, customer_id="c1") == {
        "customer_id": "c1",
        "name": "GTX Pro · Isdom",
        "stage": "won",
        "lines": [{"sku": "GTX-PRO", "quantity": 1, "unit_price": {"amount": 451_400, "currency": "USD"}}],
        "engaged_on": "2016-10-25",
        "closed_on": "2017-03-11",
        "source": "crm-sales-opportunities",
        "external_ref": "Z063OYW0",
        "owner_id": "darcel.schlecht",
    }


def test_an_open_opportunity_without_a_value_counts_with_the_list_price(mapping):
    deal = deal_of(a_row(deal_stage="Prospecting", engage_date="", close_date="", close_value=""), mapping)

    body = rows.opportunity(deal, mapping, customer_id="c1")
    assert (deal.value, deal.outcome, body["stage"]) == (482_100, "open", "prospecting")
    assert "closed_on" not in body
    assert "engaged_on" not in body


def test_a_lost_opportunity_has_a_reason(mapping):
    body = rows.opportunity(deal_of(a_row(deal_stage="Lost", close_value="0"), mapping), mapping, customer_id="c1")

    assert (body["stage"], body["lost_reason"]) == ("lost", "other")


def test_an_opportunity_without_an_account_goes_to_the_stand_in(mapping):
    assert deal_of(a_row(account=" "), mapping).account == "Account not stated"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"deal_stage": "Maybe"}, "'Maybe' is not in opportunities.stages"),
        ({"product": "GTX Max"}, "'GTX Max' is not in products.csv"),
        ({"sales_agent": "Nobody"}, "'Nobody' is not in sales_teams.csv"),
        ({"opportunity_id": ""}, "'opportunity_id' is empty"),
        ({"close_date": "2017-03-11"}, "not a date in the form"),
        ({"close_date": ""}, "'close_date' is empty"),
        ({"deal_stage": "Lost", "close_date": ""}, "'close_date' is empty"),
        ({"close_value": "many"}, "not an amount"),
        ({"close_value": "-5"}, "not an amount"),
        ({"close_value": "1.005"}, "at most 2 decimals"),
        ({"close_value": "NaN"}, "not an amount"),
        ({"close_value": "1e999999"}, "not an amount"),
        ({"close_value": "1e9999"}, "more than anything costs"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(mapping, cells, reason):
    with pytest.raises(WrongRow, match=reason):
        deal_of(a_row(**cells), mapping)


def test_a_missing_column_is_named(mapping):
    with pytest.raises(WrongRow, match="There is no column 'deal_stage'"):
        deal_of(Row("sales_pipeline.csv", 2, {"opportunity_id": "1"}), mapping)


def test_an_account_becomes_a_company(mapping):
    row = Row("accounts.csv", 2, {
        "account": "Betatech", "sector": "medical", "year_established": "1986", "revenue": "647.18",
        "employees": "1185", "office_location": "Kenya", "subsidiary_of": "",
    })  # fmt: skip

    assert rows.account(row, mapping) == {
        "kind": "company",
        "company_name": "Betatech",
        "tags": ["medical"],
        "notes": "sector: medical; year_established: 1986; revenue: 647.18; employees: 1185",
        "addresses": [{"country": "KE", "label": "work"}],
    }


def test_an_account_brings_its_phones_and_addresses_and_the_country_in_which_they_are_read(mapping):
    columns = replace(
        mapping.accounts, name="name", tags=[], notes=[], phones=["tel", "tel 2"], emails=["mail"], country=""
    )
    american = replace(mapping, accounts=columns, phone_country="US")
    row = Row(
        "accounts.csv", 2, {"name": "Norte", "tel": "504-621-8927 x5", "tel 2": "", "mail": "Lucia <l@n.example>"}
    )

    assert rows.account(row, american) == {
        "kind": "company",
        "company_name": "Norte",
        "tags": [],
        "notes": None,
        "phones": [{"number": "504-621-8927 x5"}],
        "emails": [{"address": "Lucia <l@n.example>"}],
        "country": "US",
    }
    with pytest.raises(WrongRow, match="504-621-8927"):
        rows.account(row, replace(american, phone_country=None))
    with pytest.raises(WrongRow, match="nobody"):
        rows.account(replace(row, cells=row.cells | {"mail": "nobody"}), american)


def test_amounts_have_the_decimals_of_their_currency(mapping):
    assert rows.money("5000", replace(mapping, currency="JPY")) == 5000
    assert rows.money("1.250", replace(mapping, currency="KWD")) == 1250
    with pytest.raises(WrongRow, match="at most 0 decimals"):
        rows.money("5000.50", replace(mapping, currency="JPY"))


def test_amounts_may_have_thousands_separators_and_decimals(mapping):
    assert rows.money("1,234.50", mapping) == 123_450


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path):
    (tmp_path / "people.csv").write_bytes("\ufeffname\n李娜\n".encode())

    assert [row["name"] for row in rows.read(tmp_path, "people.csv")] == ["李娜"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("currency: USD", "colour: red", "colour"),
        ("currency: USD", "currency: Dollars", "ISO 4217"),
        ("currency: USD", "currency: USD\nphone_country: XX", "ISO 3166-1"),
        ("Won: won", "Won: sold", "sold"),
        ("missing_value: list-price", "missing_value: guess", "missing_value"),
        ("products:", "products: [", "cannot be read"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(tmp_path: Path, before, after, reason):
    text = (MAPPINGS / "crm-sales-opportunities.yaml").read_text().replace(before, after, 1)
    (tmp_path / "wrong.yaml").write_text(text)

    with pytest.raises(WrongMapping, match=reason):
        read(tmp_path / "wrong.yaml")


def test_totals_that_differ_are_marked(mapping):
    ours, theirs = Totals(), Totals()
    ours.add_deal(deal_of(a_row(), mapping))

    same = totals.table("agent", ours.agents, ours.agents, currency="USD", minor_digits=2)
    other = totals.table("agent", ours.agents, theirs.agents, currency="USD", minor_digits=2)

    assert "4,514.00 in 1" in same[1]
    assert "≠" not in same[1]
    assert "≠ 0.00 in 0" in other[1]


def test_the_api_gives_the_same_totals_as_the_rows_that_made_it(mapping):
    deals = [deal_of(a_row(), mapping), deal_of(a_row(deal_stage="Engaging", close_value=""), mapping)]
    ours = Totals()
    for deal in deals:
        ours.add_deal(deal)
    answered = [
        rows.opportunity(deal, mapping, customer_id="c1") | {"amount": {"amount": deal.value, "currency": "USD"}}
        for deal in deals
    ]

    assert totals.of_api(answered) == ours
