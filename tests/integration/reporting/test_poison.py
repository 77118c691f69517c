"""An event that cannot be applied is set aside, all others are applied, and its replay after the mend applies it too."""

from collections import Counter
from dataclasses import replace

import orjson
import pytest

from services.reporting.consumers import HANDLERS, TOPICS
from shared import deadletters
from tests.support import oracle
from tests.support.histories import History, encoded

POISON = {
    "crm.customer": {"created_at": "yesterday"},
    "crm.lead": {"status": ["new"]},
    "crm.opportunity": {"amount": None},
    "crm.order": {"total": {"amount": "much", "currency": "CNY"}},
    "crm.ticket": {"status": {"is": "open"}},
    "crm.call": {"talk_s": "long"},
    "crm.interaction": {"occurred_at": None},
    "crm.campaign": {"code": None},
}


def broken(event):
    return replace(event, data=event.data | POISON[event.topic])


def without(event):
    """The same mistake in the other way: the field is missing."""
    field = next(iter(POISON[event.topic]))
    return replace(event, data={name: value for name, value in event.data.items() if name != field})


def stored(reporting) -> dict[str, dict]:
    return {view["_id"]: view for view in reporting.database.views.find()}


def test_poison_on_every_topic_is_set_aside_and_the_rest_flows(reporting, tell, monkeypatch: pytest.MonkeyPatch):
    told = History(seed=77, customers=3).events(120)
    chosen = {}
    for event in told:
        if event.customer_id or event.topic == "crm.campaign":
            chosen.setdefault(event.topic, event)
    healthy = [event for event in told if event not in chosen.values()]

    tell(broken(chosen[event.topic]) if event is chosen[event.topic] else event for event in told)
    reporting.publish_raw("crm.order", b"no event at all")
    reporting.consume(within=60)

    letters = reporting.read_topic("reporting.dlq")
    assert Counter(letter["topic"] for letter in letters) == Counter([*TOPICS, "crm.order"])
    assert oracle.differences(stored(reporting), healthy) == []

    mended = {event.id: event for event in chosen.values()}
    decode = deadletters.events.decode

    def mend(value: bytes, **where):
        event = decode(value, **where)
        return replace(event, data=mended[event.id].data) if event.id in mended else event

    monkeypatch.setattr(deadletters.events, "decode", mend)
    applied, failed = deadletters.replay(reporting.settings, reporting.database, HANDLERS)

    assert (applied, failed) == (len(TOPICS), 1)
    assert oracle.differences(stored(reporting), told) == []


def test_an_event_with_a_missing_field_or_a_strange_envelope_is_set_aside(reporting, tell):
    before = len(reporting.read_topic("reporting.dlq"))
    views = {view["_id"]: view for view in reporting.database.views.find()}
    told = History(seed=78, customers=1).events(40)
    [order, *_] = (event for event in told if event.topic == "crm.order")
    _, value = encoded(order)
    strange = [{"id": 5}, {"subject": ""}, {"version": 0}, {"version": "2"}, {"time": "2026-11-02T01:00:00"}]

    tell([without(order)])
    for change in strange:
        reporting.publish_raw("crm.order", orjson.dumps(orjson.loads(value) | change))
    reporting.consume(within=60)

    assert len(reporting.read_topic("reporting.dlq")) == before + 1 + len(strange)
    assert {view["_id"]: view for view in reporting.database.views.find()} == views
