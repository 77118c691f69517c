"""Business time: what a promised hour means on a calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.service_desk.domain.business_time import (
    Calendar,
    OpeningHours,
    add_working_time,
    overlapping_hours,
    weekly_working_time,
    working_time,
)
from services.service_desk.domain.sla import AROUND_THE_CLOCK, OFFICE_HOURS

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    hours = []
    for weekday in draw(st.sets(st.integers(1, 7), min_size=1)):
        bounds = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
        hours += [OpeningHours(weekday, _text(opens), _text(closes)) for opens, closes in list(pairwise(bounds))[::2]]
    days = draw(st.sets(st.dates(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date()), max_size=10))
    return Calendar(draw(st.sampled_from(ZONES)), tuple(hours), tuple(sorted(day.isoformat() for day in days)))


def _text(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
durations = st.integers(1, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))


@given(calendars(), moments, durations)
def test_exactly_the_promised_working_time_passes_until_the_due_time(calendar, start, duration):
    due = add_working_time(calendar, start, duration)

    assert due > start
    assert working_time(calendar, start, due) == duration


@given(calendars(), moments, durations, durations)
def test_two_promises_one_after_the_other_are_one_promise(calendar, start, one, other):
    in_two_steps = add_working_time(calendar, add_working_time(calendar, start, one), other)

    assert in_two_steps == add_working_time(calendar, start, one + other)


@given(calendars(), moments, moments, durations)
def test_a_later_start_is_never_due_earlier(calendar, one, other, duration):
    earlier, later = sorted((one, other))

    assert add_working_time(calendar, earlier, duration) <= add_working_time(calendar, later, duration)


@given(calendars(), moments, durations)
def test_nothing_is_due_on_a_holiday_or_outside_the_opening_hours(calendar, start, duration):
    due = add_working_time(calendar, start, duration)

    just_before = (due - timedelta(milliseconds=1)).astimezone(ZoneInfo(calendar.time_zone))
    assert just_before.date().isoformat() not in calendar.holidays
    assert just_before.isoweekday() in {hours.weekday for hours in calendar.opening_hours}


@given(moments, durations)
def test_around_the_clock_working_time_is_plain_time(start, duration):
    assert add_working_time(AROUND_THE_CLOCK.calendar, start, duration) == start + duration


@given(calendars(), moments, moments)
def test_working_time_never_exceeds_the_time_that_passed(calendar, one, other):
    start, end = sorted((one, other))

    assert timedelta(0) <= working_time(calendar, start, end) <= end - start


def test_friday_afternoon_runs_on_into_monday():
    friday = datetime(2026, 11, 6, 17, 0, tzinfo=SHANGHAI)

    due = add_working_time(OFFICE_HOURS.calendar, friday, timedelta(hours=2))

    assert due == datetime(2026, 11, 9, 10, 0, tzinfo=SHANGHAI)


def test_the_lunch_hour_does_not_count():
    late_morning = datetime(2026, 11, 4, 11, 30, tzinfo=SHANGHAI)

    due = add_working_time(OFFICE_HOURS.calendar, late_morning, timedelta(hours=1))

    assert due == datetime(2026, 11, 4, 13, 30, tzinfo=SHANGHAI)


def test_national_day_does_not_count():
    before = datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI)

    due = add_working_time(OFFICE_HOURS.calendar, before, timedelta(hours=2))

    assert due == datetime(2026, 10, 5, 10, 0, tzinfo=SHANGHAI)


def test_the_night_of_the_clock_change_counts_what_really_passed():
    nights = Calendar("Europe/Berlin", tuple(OpeningHours(day, "00:00", "06:00") for day in range(1, 8)), ())
    spring = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    autumn = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)

    assert working_time(nights, spring, spring + timedelta(days=1)) == timedelta(hours=5)
    assert working_time(nights, autumn, autumn + timedelta(days=1)) == timedelta(hours=7)


def test_a_week_in_the_office_has_forty_hours():
    assert weekly_working_time(OFFICE_HOURS.calendar) == timedelta(hours=40)


def test_overlapping_and_backward_spans_are_noticed():
    one = OpeningHours(1, "09:00", "12:00")

    assert overlapping_hours(Calendar("UTC", (one, OpeningHours(1, "11:00", "13:00")), ()))
    assert overlapping_hours(Calendar("UTC", (OpeningHours(1, "12:00", "09:00"),), ()))
    assert not overlapping_hours(Calendar("UTC", (one, OpeningHours(1, "12:00", "13:00")), ()))
    assert not overlapping_hours(Calendar("UTC", (one, OpeningHours(2, "11:00", "13:00")), ()))
