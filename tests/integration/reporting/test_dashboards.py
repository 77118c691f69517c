"""Counts by day in the business time zone, and the freshness of what is shown."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.reporting.lag import Gauge
from shared import clock, ids, kafka
from tests.support.histories import History, encoded


def first(type: str):
    return next(event for event in History(seed=9, customers=2).events(200) if event.type == type)


def once_more(event, **changes):
    """The event about another record."""
    subject = ids.new_id()
    return replace(event, id=f"{subject}:{event.version}", subject=subject, **changes)


def day_of(reporting, day: str) -> dict:
    response = reporting.get(f"/v1/dashboards/daily?from={day}&to={day}", as_="exec.lin")
    assert response.status_code == 200
    [counts] = response.get_json()["days"]
    return counts


def test_days_without_events_are_there_with_zeros(reporting):
    response = reporting.get("/v1/dashboards/daily?from=2020-02-27&to=2020-03-02", as_="manager.wang")

    days = response.get_json()["days"]
    assert [day["day"] for day in days] == ["2020-02-27", "2020-02-28", "2020-02-29", "2020-03-01", "2020-03-02"]
    assert all(day["leads_received"] == 0 and day["won_value"] == [] and day["interactions"] == {} for day in days)
    assert response.get_json()["time_zone"] == "Asia/Shanghai"


def test_a_day_begins_at_midnight_in_shanghai(reporting, tell):
    placed = first("sales.order.placed")
    tell([once_more(placed, data=placed.data | {"placed_at": "2026-11-09T23:30:00.000Z"})])
    reporting.consume()

    assert day_of(reporting, "2026-11-10")["orders_placed"] == 1
    assert day_of(reporting, "2026-11-09")["orders_placed"] == 0


def test_a_won_opportunity_counts_on_its_closing_day_and_a_contact_when_it_took_place(reporting, tell):
    won, contact = first("sales.opportunity.won"), first("customer.interaction.logged")
    closed = won.data | {"closed_on": "2026-10-05", "amount": {"amount": 700, "currency": "EUR"}}
    visited = contact.data | {"occurred_at": "2026-10-06T20:00:00.000Z", "channel": "visit"}

    tell([once_more(won, data=closed), once_more(won, data=closed), once_more(contact, data=visited)])
    reporting.consume()

    assert day_of(reporting, "2026-10-05")["opportunities_won"] == 2
    assert day_of(reporting, "2026-10-05")["won_value"] == [{"amount": 1400, "currency": "EUR"}]
    assert day_of(reporting, "2026-10-07")["interactions"] == {"visit": 1}


def test_a_day_on_which_more_is_taken_back_than_won_is_below_zero(reporting, tell):
    reopened, cancelled = first("sales.opportunity.reopened"), first("sales.order.cancelled")
    money, at = {"amount": 700, "currency": "EUR"}, "2026-09-04T16:30:00.000Z"
    was_won = reopened.data | {"reopened_from": "won", "amount": money, "stage_since": at}

    tell(
        [
            once_more(reopened, data=was_won),
            once_more(cancelled, data=cancelled.data | {"total": money, "cancelled_at": at}),
        ]
    )
    reporting.consume()

    day = day_of(reporting, "2026-09-05")
    assert (day["opportunities_won"], day["orders_cancelled"]) == (-1, 1)
    assert day["won_value"] == day["order_value"] == [{"amount": -700, "currency": "EUR"}]


def test_an_old_ticket_and_an_old_call_count_on_their_days_once_however_often_they_are_told(reporting, tell):
    opened, answered = first("service-desk.ticket.opened"), first("telephony.call.answered")
    ticket = once_more(opened, data=opened.data | {"opened_at": "2017-03-23T16:00:00.000Z"})
    call = once_more(answered, data=answered.data | {"answered_at": "2017-03-24T01:00:00.000Z", "direction": "inbound"})

    tell([call, ticket, ticket])
    reporting.consume()
    tell([ticket, call])
    reporting.consume()

    day = day_of(reporting, "2017-03-24")
    assert (day["tickets_opened"], day["calls_answered"]) == (1, 1)


def test_a_late_fact_stands_on_the_timeline_where_it_took_place(reporting, tell):
    answered = first("telephony.call.answered")
    call = once_more(answered, data=answered.data | {"answered_at": "2017-03-24T01:00:00.000Z"})

    tell([call])
    reporting.consume()

    page = reporting.get(f"/v1/customers/{call.customer_id}/timeline?kind=call", as_="exec.lin").get_json()
    assert [entry["at"] for entry in page["items"] if entry["id"] == call.id] == ["2017-03-24T01:00:00.000Z"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Shanghai"])
def test_the_last_days_end_with_the_business_day_that_it_is_now(reporting, monkeypatch, zone):
    monkeypatch.setattr(clock, "business_zone", lambda: ZoneInfo(zone))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 9, 23, 30, tzinfo=UTC))

    answer = reporting.get("/v1/dashboards/daily?days=7", as_="exec.lin").get_json()

    today = {"America/Los_Angeles": "2026-11-09", "Asia/Shanghai": "2026-11-10"}[zone]
    assert len(answer["days"]) == 7
    assert (answer["to"], answer["days"][-1]["day"]) == (today, today)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("days=0", "days"),
        ("days=367", "days"),
        ("days=%D9%A7", "days"),
        ("days=7&from=2026-03-01", "days"),
        ("from=2026-02-30", "from"),
        ("to=today", "to"),
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("from=2025-01-01&to=2026-12-31", "from"),
    ],
)
def test_a_range_that_cannot_be_shown_is_refused(reporting, query, field):
    response = reporting.get(f"/v1/dashboards/daily?{query}", as_="exec.lin")

    assert response.status_code == 422
    assert response.get_json()["errors"][0]["field"] == field


def test_without_a_range_the_last_thirty_days_are_shown(reporting):
    assert len(reporting.get("/v1/dashboards/daily", as_="exec.lin").get_json()["days"]) == 30


def test_freshness_tells_the_lag_of_each_topic_and_its_last_event(reporting, tell):
    ticket = once_more(first("service-desk.ticket.opened"))
    reporting.consume()
    gauge = Gauge(reporting.settings)

    tell([ticket])
    with reporting.bound():
        gauge.measure()
    behind = reporting.get("/v1/freshness", as_="operator.kim").get_json()
    reporting.consume()
    with reporting.bound():
        gauge.measure()
    caught_up = reporting.get("/v1/freshness", as_="operator.kim").get_json()

    [before] = [row for row in behind["topics"] if row["topic"] == "crm.ticket"]
    assert before["lag_events"] == 1
    [row] = [row for row in caught_up["topics"] if row["topic"] == "crm.ticket"]
    assert row["lag_events"] == 0
    assert row["last_event"]["event_id"] == ticket.id
    assert row["samples"] == before["samples"] + 1
    assert caught_up["overall"]["p95_ms"] >= caught_up["overall"]["p50_ms"]


def test_the_end_of_a_transaction_is_not_taken_for_an_event_that_waits(reporting):
    key, value = encoded(once_more(first("service-desk.ticket.opened")))
    producer = kafka.producer(reporting.settings, transactional_id=f"lag-{ids.new_id()}")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(reporting.settings.topic("crm.ticket"), key=key, value=value).get(10)
    producer.commit_transaction()
    producer.close()

    reporting.consume()
    with reporting.bound():
        Gauge(reporting.settings).measure()

    lag = {
        row["topic"]: row["lag_events"] for row in reporting.get("/v1/freshness", as_="admin.root").get_json()["topics"]
    }
    assert set(lag.values()) == {0}


def test_only_those_who_run_or_judge_the_business_see_dashboards(reporting):
    assert reporting.get("/v1/dashboards/daily", as_="rep.li").status_code == 403
    assert reporting.get("/v1/freshness", as_="supervisor.wu").status_code == 403
    assert reporting.get("/v1/freshness").status_code == 401
