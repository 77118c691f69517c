"""Settings of the service desk."""

from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from shared import clock
from shared.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class ServiceDeskSettings(ServiceSettings):
    """`business_time_zone` is here so that a wrong name stops the start; `clock.business_zone()` is what all code asks."""

    service: ClassVar[str] = "service_desk"
    business_time_zone: ZoneInfo = clock.DEFAULT_BUSINESS_ZONE
