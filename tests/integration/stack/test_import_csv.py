"""The CSV import against the real customer and sales services."""

import csv
from pathlib import Path

import httpx
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from stack.client import Api
from stack.import_csv import totals
from stack.import_csv.__main__ import MAPPINGS
from stack.import_csv.mapping import Mapping, read
from stack.import_csv.send import Errors, Import
from stack.import_csv.totals import Totals

FILES = {
    "products.csv": "product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n",
    "accounts.csv": (
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n"
        "Isdom,medical,2002,3178.24,4540,United States,\n"
        "Nowhere,retail,2002,1,1,Atlantis,\n"
    ),
    "sales_teams.csv": "sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\n",
    "sales_pipeline.csv": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "A1,Moses Frase,GTXPro,Isdom,Won,10/25/2016,3/11/2017,4514\n"
        "A2,Moses Frase,GTX Basic,,Lost,10/25/2016,3/11/2017,0\n"
        "A3,Moses Frase,GTX Basic,Isdom,Prospecting,,,\n"
        "A4,Moses Frase,GTX Max,Isdom,Won,10/25/2016,3/11/2017,100\n"
        "A5,Moses Frase,GTX Basic,Nowhere,Won,10/25/2016,3/11/2017,100\n"
    ),
}


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return read(MAPPINGS / "crm-sales-opportunities.yaml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def run(service, issuer, folder, mapping, tmp_path_factory):
    """`run()` imports the folder with the two services behind one address, as behind the gateway."""
    customer, sales = service("customer"), service("sales")
    address = DispatcherMiddleware(not_found, {"/api/customer": customer.app, "/api/sales": sales.app})
    api = Api("http://gateway", issuer.token, transport=Delivering(address, customer, sales))
    errors_file = tmp_path_factory.mktemp("errors") / "errors.csv"

    def once(*, dry: bool = False) -> tuple[Totals, Totals, list[dict[str, str]]]:
        errors = Errors(errors_file)
        work = Import(
            folder=folder, mapping=mapping, api=None if dry else api, person="importer.xu", errors=errors, workers=1,
            say=lambda _: None,
        )  # fmt: skip
        of_files = work.run()
        of_api = totals.of_api(api.every("sales/v1/opportunities", as_="importer.xu", source=mapping.source))
        refused = list(csv.DictReader(errors_file.open())) if errors_file.exists() else []
        return of_files, of_api, refused

    yield once
    api.close()


class Delivering(httpx.WSGITransport):
    """Brings the customers to sales before an opportunity needs them, as the workers do."""

    def __init__(self, app, customer, sales) -> None:
        super().__init__(app=app)
        self._customer, self._sales = customer, sales

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path.endswith("/opportunities") and self._customer.relay():
            self._sales.consume()
        return super().handle_request(request)


def not_found(_environ, start_response):
    start_response("404 Not Found", [("Content-Type", "application/json")])
    return [b"{}"]


def test_a_dry_run_sends_nothing(run):
    of_files, of_api, refused = run(dry=True)

    assert of_files.agents
    assert not of_api.agents
    assert len(refused) == 3


def test_the_totals_come_out_as_they_went_in_and_wrong_rows_are_named(run):
    of_files, of_api, refused = run()

    assert of_api == of_files
    assert of_api.agents == {
        ("moses.frase", "won"): [1, 451_400],
        ("moses.frase", "lost"): [1, 0],
        ("moses.frase", "open"): [1, 55_000],
    }
    assert [(row["file"], row["line"]) for row in refused] == [
        ("accounts.csv", "3"), ("sales_pipeline.csv", "5"), ("sales_pipeline.csv", "6"),
    ]  # fmt: skip
    assert "Atlantis" in refused[0]["reason"]


def test_the_same_import_again_adds_nothing(run, service):
    _, before, _ = run()

    _, after, _ = run()

    assert after == before
    assert service("customer").database.customers.count_documents({}) == 2
    assert service("sales").database.opportunities.count_documents({}) == 3
