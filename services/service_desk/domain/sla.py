"""Service policies: how fast a ticket is promised an answer and a solution, and which policy applies to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.service_desk.domain import business_time
from services.service_desk.domain.business_time import Calendar, OpeningHours
from shared.problems import FieldError, Invalid

PRIORITIES = ("low", "normal", "high", "urgent")
LONGEST_PROMISE_WEEKS = 52


@dataclass(frozen=True)
class Target:
    """Promised times in working minutes of the policy's calendar."""

    first_response_minutes: int
    resolution_minutes: int


@dataclass(frozen=True)
class SlaPolicy:
    """`types` and `tiers` say to which tickets it applies; empty means all. Policies are tried by `rank`."""

    id: str
    version: int
    name: str
    rank: int
    types: tuple[str, ...]
    tiers: tuple[str, ...]
    calendar: Calendar
    targets: dict[str, Target]

    def applies_to(self, *, type: str, tier: str | None) -> bool:
        return (not self.types or type in self.types) and (not self.tiers or tier in self.tiers)

    def first_response_due(self, priority: str, opened_at: datetime, *, stopped: timedelta) -> datetime:
        """`stopped` is the working time in which the clock stood still."""
        return self._due(self.targets[priority].first_response_minutes, opened_at, stopped)

    def resolution_due(self, priority: str, opened_at: datetime, *, stopped: timedelta) -> datetime:
        """`stopped` is the working time in which the clock stood still."""
        return self._due(self.targets[priority].resolution_minutes, opened_at, stopped)

    def change(self, changes: dict) -> "SlaPolicy":
        """Raises Invalid when the opening hours overlap or are too few for the promises."""
        changed = replace(self, **changes)
        if business_time.overlapping_hours(changed.calendar):
            message = "Each span must end after it begins, and spans of one weekday must not overlap."
            raise Invalid([FieldError("calendar.opening_hours", "overlap", message)])
        longest = max(target.resolution_minutes for target in changed.targets.values())
        if business_time.weekly_working_time(changed.calendar) * LONGEST_PROMISE_WEEKS < timedelta(minutes=longest):
            message = "The opening hours of a year are fewer than the longest promised time."
            raise Invalid([FieldError("targets", "too-long", message)])
        return changed

    def _due(self, minutes: int, opened_at: datetime, stopped: timedelta) -> datetime:
        return business_time.add_working_time(self.calendar, opened_at, timedelta(minutes=minutes) + stopped)


def choose_policy(policies: Iterable[SlaPolicy], *, type: str, tier: str | None) -> SlaPolicy:
    """The first fitting policy by rank; AROUND_THE_CLOCK when none fits."""
    ranked = sorted(policies, key=lambda policy: (policy.rank, policy.id))
    return next((policy for policy in ranked if policy.applies_to(type=type, tier=tier)), AROUND_THE_CLOCK)


def _targets(**hours: tuple[float, float]) -> dict[str, Target]:
    return {
        priority: Target(first_response_minutes=int(first * 60), resolution_minutes=int(resolution * 60))
        for priority, (first, resolution) in hours.items()
    }


AROUND_THE_CLOCK = SlaPolicy(
    id="around-the-clock",
    version=1,
    name="Around the clock",
    rank=100,
    types=(),
    tiers=(),
    calendar=Calendar("UTC", tuple(OpeningHours(day, "00:00", "24:00") for day in range(1, 8)), ()),
    targets=_targets(low=(24, 168), normal=(8, 72), high=(2, 24), urgent=(1, 8)),
)

# Statutory holidays of mainland China, without the moved working days, which the State Council sets each year.
_HOLIDAYS = (
    "2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-04-05 2026-05-01 2026-05-02 2026-06-19 2026-09-25 "
    "2026-10-01 2026-10-02 2026-10-03 2027-01-01 2027-02-05 2027-02-06 2027-02-07 2027-02-08 2027-04-05 2027-05-01 "
    "2027-05-02 2027-06-09 2027-09-15 2027-10-01 2027-10-02 2027-10-03"
)

OFFICE_HOURS = SlaPolicy(
    id="office-hours",
    version=1,
    name="Office hours for questions",
    rank=10,
    types=("question", "other"),
    tiers=(),
    calendar=Calendar(
        "Asia/Shanghai",
        tuple(
            OpeningHours(day, opens, closes)
            for day in range(1, 6)
            for opens, closes in (("09:00", "12:00"), ("13:00", "18:00"))
        ),
        tuple(_HOLIDAYS.split()),
    ),
    targets=_targets(low=(16, 80), normal=(8, 24), high=(4, 16), urgent=(2, 8)),
)

DEFAULT_POLICIES = (OFFICE_HOURS, AROUND_THE_CLOCK)
