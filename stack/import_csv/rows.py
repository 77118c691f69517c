"""From CSV rows to what the API takes: pure functions, which say in one sentence what is wrong with a row."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from shared.text import countries, emails, phones
from shared.text.money import MAX_AMOUNT
from stack.import_csv.mapping import LIST_PRICE, Mapping

WON, LOST, OPEN = "won", "lost", "open"


class WrongRow(Exception):
    """This row cannot be imported; the text says why."""


@dataclass(frozen=True)
class Row:
    """One line of a CSV file. A column that is not there is a WrongRow."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        try:
            return (self.cells[column] or "").strip()
        except KeyError as problem:
            raise WrongRow(f"There is no column {column!r}; there are {', '.join(map(str, self.cells))}.") from problem

    def needed(self, column: str) -> str:
        if not (text := self[column]):
            raise WrongRow(f"Column {column!r} is empty.")
        return text


@dataclass(frozen=True)
class Product:
    sku: str
    name: str
    list_price: int


@dataclass(frozen=True)
class Deal:
    """One opportunity as the file tells it; `value` is in minor units."""

    id: str
    owner_id: str
    product: Product
    account: str
    stage: str
    value: int
    engaged_on: str | None
    closed_on: str | None

    @property
    def outcome(self) -> str:
        return self.stage if self.stage in (WON, LOST) else OPEN


def read(folder: Path, file: str) -> Iterator[Row]:
    """The rows one by one, however long the file is."""
    with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for cells in reader:
            yield Row(file, reader.line_num, cells)


def product(row: Row, mapping: Mapping) -> Product:
    """Raises WrongRow."""
    name = row.needed(mapping.products.name)
    return Product(sku(name), name, money(row.needed(mapping.products.list_price), mapping))


def sku(name: str) -> str:
    """`GTX Plus Basic` is `GTX-PLUS-BASIC`."""
    return re.sub(r"[^A-Z0-9.]+", "-", name.upper()).strip("-")[:40]


def account(row: Row, mapping: Mapping) -> dict[str, Any]:
    """The body of a new customer. Raises WrongRow."""
    columns = mapping.accounts
    body: dict[str, Any] = {
        "kind": "company",
        "company_name": row.needed(columns.name),
        "tags": [text[:40] for column in columns.tags if (text := row[column])],
        "notes": "; ".join(f"{column}: {row[column]}" for column in columns.notes if row[column]) or None,
    }
    if columns.country and (country := row[columns.country]):
        if country not in columns.countries:
            raise WrongRow(f"accounts.countries does not say which country {country!r} is.")
        body["addresses"] = [{"country": columns.countries[country], "label": "work"}]
    return body | _contact_points(row, mapping, body)


def _contact_points(row: Row, mapping: Mapping, body: dict[str, Any]) -> dict[str, Any]:
    """Phones and e-mail addresses, and the country in which the numbers are to be read. Raises WrongRow."""
    columns = mapping.accounts
    country = next((one["country"] for one in body.get("addresses", ())), mapping.phone_country)
    numbers = [text for column in columns.phones if (text := row[column])]
    addresses = [text for column in columns.emails if (text := row[column])]
    try:
        for text in numbers:
            phones.read(text, country or countries.default())
        for text in addresses:
            emails.read(text)
    except ValueError as problem:
        raise WrongRow(f"{text!r}: {problem}") from problem
    found: dict[str, Any] = {"phones": [{"number": text} for text in numbers]} if numbers else {}
    if addresses:
        found["emails"] = [{"address": text} for text in addresses]
    return found | ({"country": country} if numbers and country else {})


def staff_id(name: str, mapping: Mapping) -> str:
    """`Moses Frase` is `moses.frase` unless the mapping says otherwise."""
    return mapping.people.ids.get(name) or re.sub(r"\W+", ".", name.lower()).strip(".")


def deal(row: Row, mapping: Mapping, products: dict[str, Product], people: set[str]) -> Deal:
    """`products` are by name, `people` are the known names. Raises WrongRow."""
    columns = mapping.opportunities
    stage = _looked_up(row.needed(columns.stage), columns.stages, "opportunities.stages")
    owner = row.needed(columns.owner)
    if owner not in people:
        raise WrongRow(f"{owner!r} is not in {mapping.people.file}.")
    name = row.needed(columns.product)
    sold = _looked_up(mapping.products.aliases.get(name, name), products, mapping.products.file)
    closed = stage in (WON, LOST)
    return Deal(
        id=row.needed(columns.id),
        owner_id=staff_id(owner, mapping),
        product=sold,
        account=_account_of(row, mapping),
        stage=stage,
        value=_value(row, mapping, sold),
        engaged_on=day(row[columns.engaged_on], mapping),
        closed_on=day(row.needed(columns.closed_on), mapping) if closed else None,
    )


def opportunity(deal: Deal, mapping: Mapping, *, customer_id: str) -> dict[str, Any]:
    """The body of a new opportunity."""
    price = {"amount": deal.value, "currency": mapping.currency}
    body = {
        "customer_id": customer_id,
        "name": f"{deal.product.name} · {deal.account}"[:200],
        "stage": deal.stage,
        "lines": [{"sku": deal.product.sku, "quantity": 1, "unit_price": price}],
        "engaged_on": deal.engaged_on,
        "closed_on": deal.closed_on,
        "source": mapping.source,
        "external_ref": deal.id,
        "owner_id": deal.owner_id,
    }
    if deal.stage == LOST:
        body["lost_reason"] = mapping.opportunities.lost_reason
    return {name: value for name, value in body.items() if value is not None}


def money(text: str, mapping: Mapping) -> int:
    """Minor units. Raises WrongRow."""
    try:
        amount = Decimal(text.replace(mapping.thousands, "")).scaleb(mapping.minor_digits)
    except ArithmeticError as problem:  # Also an exponent beyond all reason.
        raise WrongRow(f"{text!r} is not an amount.") from problem
    if amount.is_finite() and amount > MAX_AMOUNT:
        raise WrongRow(f"{text!r} is more than anything costs.")
    if not amount.is_finite() or amount != amount.to_integral_value() or amount < 0:
        raise WrongRow(f"{text!r} is not an amount with at most {mapping.minor_digits} decimals.")
    return int(amount)


def day(text: str, mapping: Mapping) -> str | None:
    """An ISO date, None for an empty cell. Raises WrongRow."""
    if not text:
        return None
    try:
        return datetime.strptime(text, mapping.date_format).date().isoformat()
    except ValueError as problem:
        raise WrongRow(f"{text!r} is not a date in the form {mapping.date_format!r}.") from problem


def _account_of(row: Row, mapping: Mapping) -> str:
    name = row[mapping.opportunities.account]
    if name:
        return mapping.accounts.aliases.get(name, name)
    if mapping.accounts.missing is None:
        raise WrongRow("There is no account, and accounts.missing does not name a customer for such rows.")
    return mapping.accounts.missing


def _value(row: Row, mapping: Mapping, sold: Product) -> int:
    if text := row[mapping.opportunities.value]:
        return money(text, mapping)
    return sold.list_price if mapping.opportunities.missing_value == LIST_PRICE else 0


def _looked_up(text: str, known: dict[str, Any], where: str) -> Any:
    if text not in known:
        raise WrongRow(f"{text!r} is not in {where}.")
    return known[text]
