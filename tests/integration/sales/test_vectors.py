"""What people write reaches a lead as contracts/vectors say, alone, in a batch and by staff."""

import pytest

from tests.support import vectors

PHONES, EMAILS, SEARCH, TEXTS = (vectors.of(name) for name in ("phones", "emails", "search", "texts"))


@pytest.fixture
def send(sales, partner):
    """`send(rows)`: what became of these leads of a new partner, in their order."""

    def batch(rows: list[dict], **options) -> list[dict]:
        id, key = partner(**options)
        leads = [{"external_id": str(n), "full_name": "Lucia Garcia"} | row for n, row in enumerate(rows)]
        answer = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": leads}, headers=key)
        assert answer.status_code == 200
        return [row | _kept(sales, row) for row in answer.json["results"]]

    return batch


def _kept(sales, row: dict) -> dict:
    if row["lead"] is None:
        return {"broken": {error["field"]: error["rule"] for error in row["errors"]}}
    return {"kept": sales.get(f"/v1/leads/{row['lead']['id']}", as_="rep.li").json}


def test_phone_numbers_are_kept_as_the_vectors_say(send):
    rows = send([{"phone": one["written"], "country": one["country"]} for one in PHONES["read"]])

    kept = [(row["kept"]["phone"], row["kept"]["phone_extension"]) for row in rows]
    assert kept == [(one["number"], one["extension"]) for one in PHONES["read"]]


def test_what_is_no_phone_number_is_refused_by_name(send):
    written = [one for one in PHONES["refused"] if one["written"]]
    rows = send([{"phone": one["written"], "country": one["country"], "email": "a@b.example"} for one in written])

    assert [set(row["broken"]) for row in rows] == [{"phone"}] * len(written)
    assert {row["broken"]["phone"] for row in rows} == {"phone-e164", "blank"}


def test_e_mail_addresses_are_kept_as_the_vectors_say(send):
    rows = send([{"email": one["written"]} for one in EMAILS["read"]])

    assert [row["kept"]["email"] for row in rows] == [one["address"] for one in EMAILS["read"]]


def test_what_is_no_e_mail_address_is_refused_by_name(send):
    written = [one for one in EMAILS["refused"] if one]
    rows = send([{"email": one, "phone": "13800138000"} for one in written])

    assert [set(row["broken"]) for row in rows] == [{"email"}] * len(written)
    assert {row["broken"]["email"] for row in rows} == {"email", "blank"}


def test_names_lose_what_cannot_be_seen_and_must_have_something_else(send):
    rows = send([{"full_name": one["written"], "phone": "13800138000"} for one in TEXTS["kept"]])
    blank = send([{"full_name": one, "phone": "13800138000"} for one in TEXTS["blank"]])

    assert [row["kept"]["full_name"] for row in rows] == [one["kept"] for one in TEXTS["kept"]]
    assert [row["broken"] for row in blank] == [{"full_name": "blank"}] * len(blank)


def test_staff_enter_what_partners_send(sales):
    body = {"source": "visit", "full_name": "Lucia", "phone": "(504) 621-8927 ext 5", "country": "US"}
    lead = sales.post("/v1/leads", body, as_="rep.li").json
    refused = sales.post("/v1/leads", body | {"country": None}, as_="rep.li")

    assert (lead["phone"], lead["phone_extension"]) == ("+15046218927", "5")
    assert [(error["field"], error["rule"]) for error in refused.json["errors"]] == [("phone", "phone-e164")]


def test_a_partner_has_a_country_of_its_own_and_a_lead_may_name_another(send):
    national, german, wrong = send(
        [{"phone": "504-621-8927"}, {"phone": "030 901820", "country": "DE"}, {"phone": "110", "country": "XX"}],
        default_country="US",
    )

    assert (national["kept"]["phone"], german["kept"]["phone"]) == ("+15046218927", "+4930901820")
    assert wrong["broken"] == {"phone": "phone-e164", "country": "country"}


def test_a_partner_of_no_country_is_refused(sales):
    answer = sales.post("/v1/partners", {"id": "nowhere", "name": "Nowhere", "default_country": "XX"}, as_="admin.root")

    assert [(error["field"], error["rule"]) for error in answer.json["errors"]] == [("default_country", "country")]


@pytest.mark.parametrize("kind", ["found", "not_found"])
def test_a_lead_is_found_as_the_vectors_say(sales, send, kind):
    cases = [case for case in SEARCH[kind] if case["asked"]]
    rows = send([{"full_name": case["in"], "email": "a@b.example"} for case in cases])

    for case, row in zip(cases, rows, strict=True):
        page = sales.get("/v1/leads", query_string={"q": case["asked"], "limit": 200}, as_="rep.li").json
        found = row["lead"]["id"] in {item["id"] for item in page["items"]}
        assert found == (kind == "found"), case


def test_a_search_reads_an_index_in_the_order_of_its_answer(sales, send):
    send([{"company_name": f"上海远大贸易有限公司{number}", "email": "a@b.example"} for number in range(200)])

    for asked in ("远大", "公", "上海远大贸易", "贸易 远大"):
        sales.database.command("profile", 2)
        sales.get("/v1/leads", query_string={"q": asked, "limit": 20}, as_="rep.li")
        sales.database.command("profile", 0)
        (read,) = sales.database["system.profile"].find({"op": "query", "command.find": "leads"})
        sales.database["system.profile"].drop()
        assert "hasSortStage" not in read, asked
        assert read["docsExamined"] <= 40, asked


def test_a_price_is_in_a_currency_of_the_list(sales):
    contract = vectors.of("currencies")
    product = {"name": {"en": "GTX", "zh": "GTX"}}
    taken, refused = [], []
    for number, currency in enumerate([*contract["digits"], *contract["refused"]]):
        body = product | {"sku": f"CUR-{number}", "list_price": {"amount": 100, "currency": currency}}
        answer = sales.post("/v1/products", body, as_="manager.wang")
        if answer.status_code == 201:
            taken.append(currency)
        else:
            refused += [(error["field"], error["rule"]) for error in answer.json["errors"]]

    assert taken == list(contract["digits"])
    assert refused == [("list_price.currency", "currency")] * len(contract["refused"])


@pytest.mark.parametrize("blank", TEXTS["blank"])
def test_blank_texts_are_refused_everywhere(sales, blank):
    answers = [
        sales.post("/v1/opportunities", {"customer_id": "c", "name": blank, "amount": MONEY}, as_="manager.wang"),
        sales.post(
            "/v1/products", {"sku": "B", "name": {"en": blank, "zh": "x"}, "list_price": MONEY}, as_="manager.wang"
        ),
        sales.post("/v1/partners", {"id": "blank", "name": blank}, as_="admin.root"),
    ]

    assert [[error["rule"] for error in answer.json["errors"]] for answer in answers] == [["blank"]] * 3


MONEY = {"amount": 100, "currency": "CNY"}
