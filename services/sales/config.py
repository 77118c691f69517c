"""Settings of the sales service; it needs none beyond those of every service."""

from dataclasses import dataclass
from typing import ClassVar

from shared.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class SalesSettings(ServiceSettings):
    service: ClassVar[str] = "sales"
