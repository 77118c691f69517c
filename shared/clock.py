"""The clock: aware UTC times in the millisecond precision that MongoDB keeps, and the days of the business."""

import functools
import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DEFAULT_BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@functools.cache
def business_zone() -> ZoneInfo:
    """The zone whose midnight ends a business day. Code that has no settings asks too, so it is read from the environment."""
    name = os.environ.get("BUSINESS_TIME_ZONE")
    return DEFAULT_BUSINESS_ZONE if name is None else ZoneInfo(name)


def business_date(moment: datetime) -> date:
    return moment.astimezone(business_zone()).date()


def today() -> date:
    """The business day that it is now."""
    return business_date(now())


def to_json(moment: datetime) -> str:
    """RFC 3339 with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_json(text: str) -> datetime:
    """Raises ValueError for a text without a time zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone. Add Z or an offset such as +08:00.")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
