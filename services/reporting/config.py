"""Settings of the reporting service."""

import functools
import os
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from shared.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class ReportingSettings(ServiceSettings):
    """`business_time_zone` is the IANA name of the zone whose midnight ends a day; rebuild the views after a change."""

    service: ClassVar[str] = "reporting"
    business_time_zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        # A wrong name must stop the start, not every event.
        ZoneInfo(self.business_time_zone)


@functools.cache
def business_zone() -> ZoneInfo:
    """The zone of this process. Handlers are a plain table and get no settings, so it is read from the environment."""
    return ZoneInfo(os.environ.get("BUSINESS_TIME_ZONE", ReportingSettings.business_time_zone))
