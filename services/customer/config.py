"""Settings of the customer service."""

from dataclasses import dataclass
from typing import ClassVar

from shared.settings import ServiceSettings
from shared.text import countries
from shared.text.countries import Country


@dataclass(frozen=True, kw_only=True)
class CustomerSettings(ServiceSettings):
    """`default_country` is here so that a wrong code stops the start; `countries.default()` is what all code asks."""

    service: ClassVar[str] = "customer"
    default_country: Country = countries.USUAL
