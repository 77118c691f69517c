"""An interaction: one touch with a customer that somebody logged by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.problems import FieldError, Invalid

CHANNELS = ("call", "visit", "fax", "letter", "email", "sms", "web", "social", "chat", "agent", "broker", "other")
DIRECTIONS = ("in", "out")
CLOCK_DIFFERENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Interaction:
    """`subject` and `body` stay in this service. An interaction is never changed, so its version is always 1."""

    id: str
    version: int
    customer_id: str
    channel: str
    direction: str
    subject: str
    body: str | None
    occurred_at: datetime
    duration_s: int | None
    staff_id: str
    logged_at: datetime

    def __post_init__(self) -> None:
        if self.occurred_at > self.logged_at + CLOCK_DIFFERENCE:
            raise Invalid([FieldError("occurred_at", "not-in-future", "Must not be in the future.")])
