"""An agent may find in the middle of a call that another customer is on the line; the call is then that customer's."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.reporting.consumers import HANDLERS
from services.reporting.projections import fold
from shared import consumer, ids
from shared.events import Event
from tests.support.histories import START, History


def call_between(first: str, second: str) -> list[Event]:
    """Received and answered for one customer, identified as another one's, ended."""
    example = next(e for e in History(seed=9, customers=2).events(200) if e.type == "telephony.call.answered")
    call_id = ids.new_id()
    steps = (
        ("received", first, "queued"),
        ("answered", first, "answered"),
        ("identified", second, "answered"),
        ("ended", second, "ended"),
    )
    return [
        replace(
            example,
            id=f"{call_id}:{version}",
            subject=call_id,
            type=f"telephony.call.{fact}",
            version=version,
            customer_id=customer_id,
            data=example.data | {"status": status, "customer_id": customer_id},
            partition=0 if customer_id == first else 1,
        )
        for version, (fact, customer_id, status) in enumerate(steps, start=1)
    ]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_call_is_shown_to_the_customer_of_its_newest_event_in_any_order(reporting, order):
    first, second = ids.new_id(), ids.new_id()
    told = call_between(first, second)
    disturbed = [told[place] for place in order]

    with reporting.bound():
        for batch in (disturbed[:1], disturbed[1:3], disturbed[3:], disturbed):
            consumer.apply_batch(HANDLERS, batch)

    stored = {id: fold.comparable(reporting.database.views.find_one({"_id": id})) for id in (first, second)}
    assert stored == fold.expected_views(told, applied_at=START)
    assert stored[first]["calls"]["items"] == {}
    assert stored[first]["totals"] == {}
    assert [item["version"] for item in stored[second]["calls"]["items"].values()] == [4]


def test_a_call_that_a_crowded_view_does_not_show_moves_too(reporting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fold, "MAX_ITEMS", 2)
    first, second = ids.new_id(), ids.new_id()
    calls = [call_between(first, second) for _ in range(5)]
    moving, *staying = calls
    told = [*moving, *(event for events in staying for event in events[:2])]

    with reporting.bound():
        for batch in ([event for events in calls for event in events[:2]], moving[2:]):
            consumer.apply_batch(HANDLERS, batch)

    stored = {id: fold.comparable(reporting.database.views.find_one({"_id": id})) for id in (first, second)}
    assert stored == fold.expected_views(told, applied_at=START)
    assert stored[first]["totals"]["calls"] == 4
    assert reporting.database.overflow_items.count_documents({"customer_id": first}) == 2


def test_a_shown_call_that_moves_makes_room_for_one_that_was_not_shown(reporting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fold, "MAX_ITEMS", 2)
    first, second = ids.new_id(), ids.new_id()
    calls = [call_between(first, second) for _ in range(5)]
    *staying, moving = calls
    told = [*moving, *(event for events in staying for event in events[:2])]

    with reporting.bound():
        for batch in ([event for events in calls for event in events[:2]], moving[2:]):
            consumer.apply_batch(HANDLERS, batch)

    stored = {id: fold.comparable(reporting.database.views.find_one({"_id": id})) for id in (first, second)}
    assert stored == fold.expected_views(told, applied_at=START)
    assert len(stored[first]["calls"]["items"]) == 2
