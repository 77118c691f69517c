"""The import itself: products, accounts and opportunities go to the API; refused rows go to the error file."""

import csv
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from shared import ids
from stack.client import Api, Refused
from stack.import_csv import rows
from stack.import_csv.mapping import Mapping
from stack.import_csv.rows import Deal, Product, Row, WrongRow
from stack.import_csv.totals import Totals

T = TypeVar("T")

WAITING = 64
REPORT_SECONDS = 2.0


def _account_id(name: str) -> str:
    """What the account is called in its source: its name, or where that cannot be an id, the name's digest."""
    if len(name) <= 100 and ids.fits_a_path(name):
        return name
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


class Errors:
    """The error file: file, line, reason and the row itself. It is made with the first error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._lock = threading.Lock()
        path.unlink(missing_ok=True)

    def add(self, row: Row, reason: object) -> None:
        with self._lock, self.path.open("a", encoding="utf-8", newline="") as file:
            if not self.count:
                csv.writer(file).writerow(["file", "line", "reason", "row"])
            self.count += 1
            csv.writer(file).writerow([row.file, row.line, reason, json.dumps(row.cells, ensure_ascii=False)])


@dataclass
class Import:
    """`api=None` is a dry run: everything is read and checked, nothing is sent."""

    folder: Path
    mapping: Mapping
    api: Api | None
    person: str
    errors: Errors
    workers: int
    say: Callable[[str], None]
    products: dict[str, Product] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    customers: dict[str, str] = field(default_factory=dict)

    def run(self) -> Totals:
        """Everything, in the order in which one thing needs another; answers the totals of the files."""
        self._products()
        self._people()
        self._accounts()
        return self._opportunities()

    def _products(self) -> None:
        for row in rows.read(self.folder, self.mapping.products.file):
            with_errors(self._product, row, self.errors)
        self.say(f"products        {len(self.products):,}")

    def _product(self, row: Row) -> None:
        product = rows.product(row, self.mapping)
        if self.api is not None:
            self._send_product(self.api, product)
        self.products[product.name] = product

    def _send_product(self, api: Api, product: Product) -> None:
        price = {"amount": product.list_price, "currency": self.mapping.currency}
        body = {"sku": product.sku, "name": {"en": product.name, "zh": product.name}, "list_price": price}
        try:
            api.post("sales/v1/products", body, as_=self.person, key=self._key("product", product.sku))
        except Refused as problem:
            # A product with this sku is on the list already; an import does not change it.
            if problem.status != 409:
                raise

    def _people(self) -> None:
        for row in rows.read(self.folder, self.mapping.people.file):
            with_errors(lambda row: self.people.add(row.needed(self.mapping.people.name)), row, self.errors)
        self.say(f"people          {len(self.people):,}")

    def _accounts(self) -> None:
        found = self._in_parallel(self._account, rows.read(self.folder, self.mapping.accounts.file))
        self.customers = {name: customer_id for name, customer_id in filter(None, found)}
        if (missing := self.mapping.accounts.missing) and missing not in self.customers:
            stand_in = {"kind": "company", "company_name": missing}
            self.customers[missing] = self._customer(missing, stand_in)
        self.say(f"accounts        {len(self.customers):,}")

    def _account(self, row: Row) -> tuple[str, str]:
        body = rows.account(row, self.mapping)
        name = body["company_name"]
        return name, self._customer(name, body)

    def _customer(self, name: str, body: dict[str, Any]) -> str:
        """The id of the customer that this source calls by this name; a new customer when there is none."""
        if self.api is None:
            return ""
        identity = {"source": self.mapping.source, "id": _account_id(name)}
        try:
            known = self.api.get("customer/v1/identities/resolve", as_=self.person, **identity)
            return known["customer"]["id"]
        except Refused as problem:
            if problem.status != 404:
                raise
        created = self.api.post("customer/v1/customers", body, as_=self.person, key=self._key("account", name))
        link = identity | {"customer_id": created["id"], "evidence": f"Import of {self.mapping.accounts.file}"}
        self.api.post("customer/v1/identities/link", link, as_=self.person, key=self._key("identity", name))
        return created["id"]

    def _opportunities(self) -> Totals:
        totals, done, began = Totals(), 0, time.monotonic()
        reported = began
        deals = self._in_parallel(self._opportunity, rows.read(self.folder, self.mapping.opportunities.file))
        for deal in deals:
            if deal is not None:
                totals.add_deal(deal)
                done += 1
            if time.monotonic() - reported > REPORT_SECONDS:
                reported = time.monotonic()
                self.say(
                    f"opportunities   {done:,}  ({done / (reported - began):,.0f}/s, {self.errors.count:,} refused)"
                )
        self.say(f"opportunities   {done:,}  in {time.monotonic() - began:.1f} s")
        return totals

    def _opportunity(self, row: Row) -> Deal:
        deal = rows.deal(row, self.mapping, self.products, self.people)
        if deal.account not in self.customers:
            raise WrongRow(f"The account {deal.account!r} is not in {self.mapping.accounts.file}.")
        if self.api is not None:
            body = rows.opportunity(deal, self.mapping, customer_id=self.customers[deal.account])
            self.api.post("sales/v1/opportunities", body, as_=self.person, key=self._key("opportunity", deal.id))
        return deal

    def _in_parallel(self, work: Callable[[Row], T], source: Iterable[Row]) -> Iterator[T | None]:
        """None for a row that was refused. Reads only as far ahead as is being worked on, so memory stays small."""
        with ThreadPoolExecutor(self.workers) as pool:
            running: set[Future[T | None]] = set()
            for row in source:
                running.add(pool.submit(with_errors, work, row, self.errors))
                if len(running) >= WAITING:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            yield from (one.result() for one in running)

    def _key(self, kind: str, name: str) -> str:
        return f"import:{self.mapping.source}:{kind}:{hashlib.sha256(name.encode()).hexdigest()}"


def with_errors(work: Callable[[Row], T], row: Row, errors: Errors) -> T | None:
    """What is wrong with one row does not stop the others; a server that fails does."""
    try:
        return work(row)
    except WrongRow as problem:
        errors.add(row, problem)
    except Refused as problem:
        if not 400 <= problem.status < 500 or problem.status in (401, 403):
            raise
        errors.add(row, problem)
    return None
