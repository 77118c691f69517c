"""Settings of the telephony service, beyond those of every service."""

from dataclasses import dataclass
from typing import ClassVar

from shared.settings import ServiceSettings
from shared.text import countries
from shared.text.countries import Country


@dataclass(frozen=True, kw_only=True)
class TelephonySettings(ServiceSettings):
    service: ClassVar[str] = "telephony"
    switch_secret: str
    offer_seconds: float = 20.0
    settle_seconds: float = 5.0
    queue_limit_seconds: float = 1800.0
    default_country: Country = countries.USUAL
