"""Business time: working hours of a calendar with a time zone, weekdays and holidays.

Durations are real (UTC) time inside the opening hours, so that a day with a clock change counts what really passed.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OpeningHours:
    """One span of a weekday in local time: ISO weekday (1 is Monday), `HH:MM`; `closes` may be `24:00`."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class Calendar:
    """`holidays` are ISO dates, local to `time_zone`. There is at least one opening, so that time always passes."""

    time_zone: str
    opening_hours: tuple[OpeningHours, ...]
    holidays: tuple[str, ...]


def add_working_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The moment at which `duration` of working time has passed since `start`."""
    remaining = duration
    for opens, closes in _spans_from(calendar, start):
        begin = max(opens, start)
        if remaining <= closes - begin:
            return begin + remaining
        remaining -= closes - begin
    raise OverflowError("The calendar ends before this much working time has passed.")


def working_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time between two moments; zero when `end` is not after `start`."""
    total = timedelta(0)
    for opens, closes in _spans_from(calendar, start):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta(0))
    return total


def weekly_working_time(calendar: Calendar) -> timedelta:
    """Working time of a week without holidays."""
    minutes = (_minutes(span.closes) - _minutes(span.opens) for span in calendar.opening_hours)
    return timedelta(minutes=sum(minutes))


def overlapping_hours(calendar: Calendar) -> bool:
    """Whether two spans of one weekday overlap, or one ends before it begins."""
    spans = sorted((span.weekday, _minutes(span.opens), _minutes(span.closes)) for span in calendar.opening_hours)
    backwards = any(opens >= closes for _, opens, closes in spans)
    return backwards or any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(spans))


def _spans_from(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening spans in UTC that end after `start`, in order, until the last day that a date can name."""
    day = start.astimezone(ZoneInfo(calendar.time_zone)).date()
    while day < date.max:
        for opens, closes in _spans_of_day(calendar, day):
            if closes > start:
                yield opens, closes
        day += ONE_DAY


@functools.lru_cache(maxsize=8192)
def _spans_of_day(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    if day.isoformat() in calendar.holidays:
        return ()
    zone = ZoneInfo(calendar.time_zone)
    spans = []
    previous_end = datetime.min.replace(tzinfo=UTC)
    for hours in sorted(calendar.opening_hours, key=lambda hours: hours.opens):
        if hours.weekday != day.isoweekday():
            continue
        # A clock change can swallow a span, or push its beginning into the next one.
        opens = max(_moment(day, hours.opens, zone), previous_end)
        closes = _moment(day, hours.closes, zone)
        if opens < closes:
            spans.append((opens, closes))
            previous_end = closes
    return tuple(spans)


def _moment(day: date, text: str, zone: ZoneInfo) -> datetime:
    if text == "24:00":
        day, text = day + ONE_DAY, "00:00"
    return datetime.combine(day, time.fromisoformat(text), tzinfo=zone).astimezone(UTC)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
