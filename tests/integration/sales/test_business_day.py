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
    customer, sku = known_customer(), product()["sku"]
    at(EARLY_MORNING_IN_SHANGHAI)

    url = f"/v1/opportunities/{open_opportunity(sales, customer, lines=[{'sku': sku, 'quantity': 1}])['id']}"
    ordered = sales.post(f"{url}/orders", {}, as_="rep.li")

    assert ordered.status_code == 201, ordered.get_json()
    assert sales.get(url, as_="rep.li").get_json()["closed_on"] == DAY


def test_an_import_that_leaves_out_its_dates_gets_the_business_day(sales, known_customer, at):
    customer = known_customer()
    at(EARLY_MORNING_IN_SHANGHAI)

    imported = open_opportunity(sales, customer, as_="importer.xu", stage="won")

    assert (imported["engaged_on"], imported["closed_on"]) == (DAY, DAY)


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

    stages = {stage["stage"]: stage for stage in sales.get("/v1/pipeline", as_="exec.lin").get_json()["stages"]}

    assert [card["closed_on"] for card in stages["lost"]["cards"]] == ["2026-12-02"]
