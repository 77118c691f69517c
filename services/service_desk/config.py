"""Settings of the service desk."""

from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from shared import clock
from shared.settings import ServiceSettings
from shared.text import countries
from shared.text.countries import Country


@dataclass(frozen=True, kw_only=True)
class ServiceDeskSettings(ServiceSettings):
    """Both settings are here so that a wrong name stops the start.

    What all code asks are `clock.business_zone()` and `countries.default()`.
    """

    service: ClassVar[str] = "service_desk"
    business_time_zone: ZoneInfo = clock.DEFAULT_BUSINESS_ZONE
    default_country: Country = countries.USUAL
