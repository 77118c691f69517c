"""Settings of the customer service; it needs none beyond those of every service."""

from dataclasses import dataclass
from typing import ClassVar

from shared.settings import ServiceSettings


@dataclass(frozen=True, kw_only=True)
class CustomerSettings(ServiceSettings):
    service: ClassVar[str] = "customer"
