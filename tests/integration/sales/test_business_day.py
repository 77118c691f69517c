"""What sales dates by itself carries the business day, which begins while it is still yesterday in UTC."""

from datetime import UTC, datetime

import pytest

from shared import clock

EARLY_MORNING_IN_SHANGHAI = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
NEW_YEAR_IN_SHANGHAI = datetime(2027, 12, 31, 17, 0, tzinfo=UTC)
CNY = {"amount": 700, "currency": "CNY"}
DAY = "2027-03-02"


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


def open_opportunity(sales, customer: str, *, as_: str = "rep.li", **fields) -> dict:
    made = sales.post(
        "/v1/opportunities", {"customer_id": customer, "name": "呼叫中心", "amount": CNY} | fields, as_=as_
    )
    assert made.status_code == 201, made.get_json()
    return made.get_json()


def test_a_win_is_closed_and_counted_on_the_business_day(service, sales, known_customer, at):
    reporting = service("reporting")
    customer = known_customer()
    at(EARLY_MORNING_IN_SHANGHAI)

    opportunity = open_opportunity(sales, customer)
    won = sales.post(f"/v1/opportunities/{opportunity['id']}/move", {"stage": "won"}, as_="rep.li").get_json()
    sales.relay()
    reporting.consume()

    assert (won["engaged_on"], won["closed_on"]) == (DAY, DAY)
    board = reporting.get(f"/v1/dashboards/daily?from=2027-03-01&to={DAY}", as_="exec.lin").get_json()
    assert [day["opportunities_won"] for day in board["days"]] == [0, 1]


def test_an_order_closes_its_opportunity_on_the_business_day(sales, known_customer, product, at):
    customer, sku = known_customer(), product(price=CNY["amount"])["sku"]
    at(EARLY_MORNING_IN_SHANGHAI)

    url = f"/v1/opportunities/{open_opportunity(sales, customer, lines=[{'sku': sku, 'quantity': 1}])['id']}"
    ordered = sales.post(f"{url}/orders", {}, as_="rep.li")

    assert ordered.status_code == 201, ordered.get_json()
    assert sales.get(url, as_="rep.li").get_json()["closed_on"] == DAY


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_an_import_says_when_it_was_closed_and_then_was_engaged_on_that_day_at_the_latest(
    sales, known_customer, at, stage
):
    body = {"customer_id": known_customer(), "name": "呼叫中心", "amount": CNY, "stage": stage}
    at(EARLY_MORNING_IN_SHANGHAI)

    silent = sales.post("/v1/opportunities", body, as_="importer.xu")
    told = open_opportunity(sales, body["customer_id"], as_="importer.xu", stage=stage, closed_on="2025-06-30")

    assert silent.status_code == 422
    error = silent.get_json()["errors"][0]
    assert (error["field"], error["rule"]) == ("closed_on", "required")
    assert (told["engaged_on"], told["closed_on"]) == ("2025-06-30", "2025-06-30")


@pytest.mark.parametrize(
    ("field", "day", "taken"),
    [
        ("closed_on", "1900-01-01", True),
        ("closed_on", "1899-12-31", False),
        ("closed_on", "0201-01-12", False),
        ("closed_on", "2027-03-03", True),
        ("closed_on", "2027-03-04", False),
        ("engaged_on", "0001-01-01", False),
        ("engaged_on", "9999-12-31", False),
        ("expected_close_on", "2100-12-31", True),
        ("expected_close_on", "2101-01-01", False),
        ("expected_close_on", "0001-01-01", False),
    ],
)
def test_a_day_that_was_lies_between_1900_and_tomorrow_and_a_plan_in_this_century(
    sales, known_customer, at, field, day, taken
):
    body = {"customer_id": known_customer(), "name": "x", "amount": CNY, "stage": "won", "closed_on": DAY}
    if field == "closed_on":
        body["engaged_on"] = min(day, DAY)
    at(EARLY_MORNING_IN_SHANGHAI)

    answer = sales.post("/v1/opportunities", body | {field: day}, as_="importer.xu")

    assert answer.status_code == (201 if taken else 422), answer.get_json()
    if not taken:
        assert ("date-range") in [error["rule"] for error in answer.get_json()["errors"]]


def test_the_opportunity_of_a_converted_lead_is_engaged_on_the_business_day(sales, known_customer, new_lead, at):
    customer = known_customer()
    at(EARLY_MORNING_IN_SHANGHAI)

    url = f"/v1/leads/{new_lead()['id']}"
    sales.post(f"{url}/qualify", as_="rep.li")
    converted = sales.post(f"{url}/convert", {"customer_id": customer}, as_="rep.li")

    assert converted.status_code == 200, converted.get_json()
    assert converted.get_json()["opportunity"]["engaged_on"] == DAY


def test_the_number_of_an_order_has_the_year_of_the_business_day(sales, known_customer, product, at):
    customer, sku = known_customer(), product()["sku"]
    at(NEW_YEAR_IN_SHANGHAI)

    order = sales.post("/v1/orders", {"customer_id": customer, "lines": [{"sku": sku, "quantity": 1}]}, as_="rep.li")

    assert order.get_json()["number"].startswith("SO-2028-")


def test_the_board_goes_back_ninety_business_days(sales, known_customer, at):
    customer = known_customer()
    at(EARLY_MORNING_IN_SHANGHAI)
    for day in ("2026-12-01", "2026-12-02"):
        open_opportunity(
            sales, customer, as_="importer.xu", stage="lost", lost_reason="price", engaged_on=day, closed_on=day
        )

    board = sales.get("/v1/pipeline", as_="exec.lin").get_json()
    stages = {stage["stage"]: stage for stage in board["stages"]}

    assert board["today"] == DAY
    assert [card["closed_on"] for card in stages["lost"]["cards"]] == ["2026-12-02"]
