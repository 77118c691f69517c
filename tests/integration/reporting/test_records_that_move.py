"""A lead or a call turns out to be another customer's: it leaves the one view and comes into the other."""

from dataclasses import replace
from itertools import permutations

import pytest

from services.reporting.consumers import HANDLERS
from services.reporting.projections import fold
from shared import consumer, ids
from shared.events import Event
from tests.support import oracle
from tests.support.histories import History

STEPS = {
    "telephony.call": [
        ("received", "queued"),
        ("answered", "answered"),
        ("identified", "answered"),
        ("ended", "ended"),
    ],
    "sales.lead": [
        ("matched", "new"),
        ("qualified", "qualified"),
        ("reassigned", "qualified"),
        ("converted", "converted"),
    ],
}
BLOCKS = {"telephony.call": "calls", "sales.lead": "leads"}


def told_of(noun: str, first: str, second: str) -> list[Event]:
    """Two events under the first customer, the hand-over under both, and one more under the second."""
    type = {"telephony.call": "telephony.call.answered", "sales.lead": "sales.lead.matched"}[noun]
    example = next(e for e in History(seed=9, customers=2).events(200) if e.type == type)
    record_id = ids.new_id()

    def event(version: int, owner: str, *, key: str, more: str = "") -> Event:
        fact, status = STEPS[noun][version - 1]
        return replace(
            example,
            id=f"{record_id}:{version}{more}",
            subject=record_id,
            type=f"{noun}.{fact}",
            version=version,
            customer_id=key,
            data=example.data | {"status": status, "customer_id": owner},
            partition=0 if key == first else 1,
        )

    return [
        event(1, first, key=first),
        event(2, first, key=first),
        event(3, second, key=second),
        event(3, second, key=first, more=":1"),
        event(4, second, key=second),
    ]


def apply(reporting, *batches: list[Event]) -> None:
    with reporting.bound():
        for batch in batches:
            consumer.apply_batch(HANDLERS, batch)


def stored(reporting, *customer_ids: str) -> dict[str, dict]:
    return {id: fold.comparable(reporting.database.views.find_one({"_id": id})) for id in customer_ids}


@pytest.mark.slow("all 120 orders of five events")
@pytest.mark.parametrize("noun", STEPS)
def test_the_record_is_shown_to_the_customer_who_has_it_in_any_order_of_the_events(reporting, noun):
    block = BLOCKS[noun]
    for order in permutations(range(5)):
        first, second = ids.new_id(), ids.new_id()
        told = told_of(noun, first, second)
        disturbed = [told[place] for place in order]

        apply(reporting, disturbed[:1], disturbed[1:3], disturbed[3:], disturbed)

        views = stored(reporting, first, second)
        assert oracle.differences(views, told) == []
        assert (views[first][block]["items"], views[first]["totals"]) == ({}, {})
        assert [item["version"] for item in views[second][block]["items"].values()] == [4]


@pytest.mark.parametrize("noun", STEPS)
def test_a_record_that_comes_back_is_shown_again(reporting, noun):
    first, second = ids.new_id(), ids.new_id()
    told = told_of(noun, first, second)[:4]
    key, lost = told[0].subject, told[2]
    back = [
        replace(lost, id=f"{key}:5{more}", version=5, customer_id=customer, data=lost.data | {"customer_id": first})
        for more, customer in (("", first), (":1", second))
    ]

    for batches in ([told, back], [back, told], [[*back, *told]]):
        for name in ("views", "timeline"):
            reporting.database[name].delete_many({})
        apply(reporting, *batches)

        views = stored(reporting, first, second)
        assert [len(views[id][BLOCKS[noun]]["items"]) for id in (first, second)] == [1, 0]


def test_the_360_and_the_timeline_of_who_has_lost_everything_are_answered(reporting):
    first, second = ids.new_id(), ids.new_id()
    apply(reporting, told_of("sales.lead", first, second))

    view = reporting.get(f"/v1/customers/{first}/360", as_="manager.wang").get_json()
    other = reporting.get(f"/v1/customers/{second}/360", as_="manager.wang").get_json()

    assert (view["leads"]["open"], view["leads"]["closed"], view["totals"]["leads"]) == ([], [], 0)
    assert (len(other["leads"]["closed"]), other["totals"]["leads"]) == (1, 1)
    entry = view["timeline"]["entries"][0]
    assert (entry["type"], entry["facts"]["customer_id"]) == ("sales.lead.reassigned", second)


def test_a_record_that_a_crowded_view_does_not_show_moves_too(reporting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fold, "MAX_ITEMS", 2)
    first, second = ids.new_id(), ids.new_id()
    moving, *staying = (told_of("telephony.call", first, second) for _ in range(5))
    told = [*moving, *(event for events in staying for event in events[:2])]

    apply(reporting, [event for events in (moving, *staying) for event in events[:2]], moving[2:])

    assert oracle.differences(stored(reporting, first, second), told, shown=2) == []
    assert stored(reporting, first)[first]["totals"]["calls"] == 4
    assert reporting.database.overflow_items.count_documents({"customer_id": first}) == 2


def test_a_shown_record_that_moves_makes_room_for_one_that_was_not_shown(reporting, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fold, "MAX_ITEMS", 2)
    first, second = ids.new_id(), ids.new_id()
    *staying, moving = (told_of("telephony.call", first, second) for _ in range(5))
    told = [*moving, *(event for events in staying for event in events[:2])]

    apply(reporting, [event for events in (*staying, moving) for event in events[:2]], moving[2:])

    assert oracle.differences(stored(reporting, first, second), told, shown=2) == []
    assert len(stored(reporting, first)[first]["calls"]["items"]) == 2
