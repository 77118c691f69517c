"""A customer's view depends on the set of events and on nothing else."""

import random

import pytest

from services.reporting.projections import fold as folding
from services.reporting.projections.timeline import entry_of
from services.reporting.repositories.field_names import id_of, key_of
from shared import clock, events
from tests.support import oracle
from tests.support.folding import Store, views_of
from tests.support.histories import START, History


def batches(log: list[events.Event], chance: random.Random) -> list[list[events.Event]]:
    cut, rest = [], list(log)
    while rest:
        size = chance.choice((1, 2, 7, 40))
        cut.append(rest[:size])
        rest = rest[size:]
    return cut


def test_the_histories_used_here_keep_the_contracts():
    for event in History(seed=1, customers=5).events(60):
        events.validator(event.type)(event.data)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_any_batches_and_any_repetition_give_the_same_view(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folding, "MAX_ITEMS", 4)
    chance = random.Random(seed)
    log = History(seed, customers=3).events(90)
    in_order, disturbed = Store(), Store()

    for batch in batches(log, chance):
        in_order.apply(batch)
    again = log + chance.choices(log, k=len(log) // 2)
    chance.shuffle(again)
    for batch in batches(again, chance):
        disturbed.apply(batch)

    assert disturbed.outcome() == in_order.outcome()
    assert disturbed.overflow


@pytest.mark.parametrize("seed", range(20))
def test_the_views_say_what_the_slow_way_says_in_any_order_and_any_batches(seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folding, "MAX_ITEMS", 4)
    chance = random.Random(seed)
    log = History(seed, customers=4).events(150)
    disturbed = chance.sample(log, len(log)) + chance.choices(log, k=30)
    store = Store()

    for batch in batches(disturbed, chance):
        store.apply(batch)

    assert oracle.differences(store.views, log, shown=4) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda view: view["totals"].update(orders=view["totals"]["orders"] + 1),
        lambda view: view["totals"]["order_value"].update(CNY=1),
        lambda view: view["orders"]["items"].popitem(),
        lambda view: next(iter(view["tickets"]["items"].values())).update(status="lost"),
        lambda view: next(iter(view["calls"]["items"].values()))["facts"].update(queue="another"),
        lambda view: next(iter(view["leads"]["items"].values())).update(at="2026-01-01T00:00:00.000Z"),
        lambda view: view["customer"].update(tier="Z"),
        lambda view: view["recent"].reverse(),
        lambda view: view.update(entries=view["entries"] - 1),
        lambda view: view["interactions"]["by_channel"].clear(),
        lambda view: view["interactions"]["source"].update(event_id="another"),
    ],
)
def test_the_slow_way_finds_every_damage(damage):
    log = History(seed=8, customers=1).events(120)
    views = views_of(log)
    assert oracle.differences(views, log) == []

    damage(*views.values())

    assert oracle.differences(views, log) != []


def test_an_order_before_its_customer_makes_a_view_without_a_customer():
    log = [event for event in History(seed=3, customers=1).events(30) if event.type == "sales.order.placed"]

    [view] = views_of(log).values()

    assert "customer" not in view
    assert view["totals"]["orders"] == len(log)


def test_at_most_fifty_records_of_a_kind_are_shown_and_open_ones_come_first():
    log = [event for event in History(seed=5, customers=1).events(900) if event.topic == "crm.ticket"]
    latest = {event.subject: event for event in sorted(log, key=lambda event: event.version)}
    open_ones = sorted(id for id, event in latest.items() if event.data["status"] in ("open", "pending"))

    [view] = views_of(log).values()

    assert len(view["tickets"]["items"]) == 50
    assert view["tickets"]["overflow"] == len(latest) - 50
    assert set(view["tickets"]["items"]) == set(open_ones[-50:])


def test_a_cancelled_order_adds_nothing_to_the_value_of_orders():
    log = [event for event in History(seed=11, customers=1).events(200) if event.topic == "crm.order"]
    latest = {event.subject: event.data for event in sorted(log, key=lambda event: event.version)}
    expected: dict[str, int] = {}
    for order in latest.values():
        if order["status"] != "cancelled":
            currency = order["total"]["currency"]
            expected[currency] = expected.get(currency, 0) + order["total"]["amount"]

    [view] = views_of(log).values()

    assert any(order["status"] == "cancelled" for order in latest.values())
    assert view["totals"]["order_value"] == expected


def test_every_event_of_a_customer_can_tell_of_the_registration():
    [first, *later] = [e for e in History(seed=2, customers=1).events(0) if e.topic == "crm.customer"]

    assert later
    told = [folding.timeless(entry_of(event, START)) for event in (first, *later)]

    assert all(entry == told[0] for entry in told)
    assert told[0]["id"] == f"{first.subject}:1"
    assert told[0]["at"] == clock.to_json(clock.from_json(first.data["created_at"]))


@pytest.mark.parametrize("id", ["019ab3c2-6c1e-7d10", "PBX.7$1", "100%", "%2E"])
def test_any_id_can_name_a_field(id: str):
    assert id_of(key_of(id)) == id
    assert not set(key_of(id)) & {".", "$"}
