"""The business day: the date where the business is, whatever the date in UTC."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.config import ReportingSettings
from services.sales.config import SalesSettings
from shared import clock

REQUIRED = dict.fromkeys(
    ("MONGO_URI", "MONGO_DATABASE", "KAFKA_BOOTSTRAP", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL"), "x"
)


@pytest.fixture
def zone(monkeypatch):
    """`zone(name)` makes it the business time zone."""

    def choose(name: str) -> None:
        monkeypatch.setenv("BUSINESS_TIME_ZONE", name)
        clock.business_zone.cache_clear()

    yield choose
    monkeypatch.undo()
    clock.business_zone.cache_clear()


@pytest.mark.parametrize(
    ("name", "moment", "day"),
    [
        ("Asia/Shanghai", datetime(2027, 3, 1, 15, 59, tzinfo=UTC), date(2027, 3, 1)),
        ("Asia/Shanghai", datetime(2027, 3, 1, 16, 0, tzinfo=UTC), date(2027, 3, 2)),
        ("America/New_York", datetime(2027, 3, 1, 4, 59, tzinfo=UTC), date(2027, 2, 28)),
        ("America/New_York", datetime(2027, 7, 1, 4, 0, tzinfo=UTC), date(2027, 7, 1)),
    ],
)
def test_a_business_day_begins_at_midnight_in_the_business_time_zone(zone, monkeypatch, name, moment, day):
    zone(name)
    monkeypatch.setattr(clock, "now", lambda: moment)

    assert clock.business_date(moment) == day
    assert clock.today() == day


@pytest.mark.parametrize("settings", [SalesSettings, ReportingSettings])
@pytest.mark.parametrize("name", ["Middle/Earth", "Asia", ""])
def test_a_service_that_books_by_day_does_not_start_with_an_unknown_zone(settings, name, capsys):
    with pytest.raises(SystemExit):
        settings.from_environment(REQUIRED | {"BUSINESS_TIME_ZONE": name})

    assert f"BUSINESS_TIME_ZONE={name!r}" in capsys.readouterr().err


@pytest.mark.parametrize("settings", [SalesSettings, ReportingSettings])
def test_the_services_share_a_business_time_zone_when_none_is_set(settings):
    assert settings.from_environment(REQUIRED).business_time_zone == clock.DEFAULT_BUSINESS_ZONE
