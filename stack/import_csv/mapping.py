"""The mapping file: which column of which CSV file holds what."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cattrs
import yaml

from shared.text import countries
from shared.text.currencies import DIGITS

STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won", "lost")
LIST_PRICE, ZERO = "list-price", "zero"


class WrongMapping(Exception):
    """The mapping file cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Products:
    """`aliases` are spellings in other files, each with the name in this one."""

    file: str
    name: str
    list_price: str
    aliases: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """`tags`, `notes`, `phones` and `emails` are columns. `missing` names the customer for opportunities without an account."""

    file: str
    name: str
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    country: str | None = None
    countries: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    missing: str | None = None


@dataclass(frozen=True, kw_only=True)
class People:
    """`ids` gives the staff id of a name; without an entry it is made from the name."""

    file: str
    name: str
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Opportunities:
    """`stages` gives our stage for each of theirs; `missing_value` is `list-price` or `zero`."""

    file: str
    id: str
    owner: str
    product: str
    account: str
    stage: str
    stages: dict[str, str]
    value: str
    engaged_on: str
    closed_on: str
    missing_value: str = ZERO
    lost_reason: str = "other"


@dataclass(frozen=True, kw_only=True)
class Mapping:
    """`source` names the import: the same source imported again adds nothing.

    Phone numbers without a country code are read in the row's country, else in `phone_country`, else in the deployment's.
    """

    source: str
    currency: str
    date_format: str
    products: Products
    accounts: Accounts
    people: People
    opportunities: Opportunities
    thousands: str = ","
    phone_country: str | None = None

    @property
    def minor_digits(self) -> int:
        """The decimals of the currency, by ISO 4217."""
        return DIGITS[self.currency]


def read(path: Path) -> Mapping:
    """Raises WrongMapping."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    try:
        mapping = converter.structure(yaml.safe_load(path.read_text(encoding="utf-8")), Mapping)
    except (OSError, yaml.YAMLError) as problem:
        raise WrongMapping(f"{path} cannot be read: {problem}") from problem
    except cattrs.BaseValidationError as problem:
        raise WrongMapping(f"{path}: {'; '.join(cattrs.transform_error(problem))}") from problem
    _check(mapping, path)
    return mapping


def _check(mapping: Mapping, path: Path) -> None:
    unknown: set[Any] = set(mapping.opportunities.stages.values()) - set(STAGES)
    if unknown:
        raise WrongMapping(f"{path}: opportunities.stages names {sorted(unknown)}; there are {', '.join(STAGES)}.")
    if mapping.currency not in DIGITS:
        raise WrongMapping(f"{path}: currency {mapping.currency!r} is not a code of ISO 4217, such as CNY.")
    named = [*mapping.accounts.countries.values(), *([mapping.phone_country] if mapping.phone_country else [])]
    if wrong := [code for code in named if not countries.is_one(code)]:
        raise WrongMapping(f"{path}: {', '.join(map(repr, wrong))} is not a country of ISO 3166-1, such as CN.")
    if mapping.opportunities.missing_value not in (LIST_PRICE, ZERO):
        raise WrongMapping(f"{path}: opportunities.missing_value is {LIST_PRICE} or {ZERO}.")
