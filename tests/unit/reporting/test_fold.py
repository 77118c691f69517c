"""A customer's view depends on the set of events and on nothing else."""

import random

import pytest

from services.reporting.projections import fold as folding
from services.reporting.projections.fold import applied, comparable, expected_views, fold
from services.reporting.projections.kinds import KINDS, kind_of
from services.reporting.projections.timeline import entry_of
from services.reporting.repositories.field_names import id_of, key_of
from shared import clock, events
from tests.support.histories import START, History


class Store:
    """Applies batches as the projector does, with the views and the overflow in memory."""

    def __init__(self) -> None:
        self.views: dict[str, dict] = {}
        self.overflow: dict[tuple[str, str], dict[str, dict]] = {}
        self.seen: set[str] = set()

    def apply(self, batch: list[events.Event]) -> None:
        by_customer: dict[str, list[events.Event]] = {}
        entries: dict[str, dict[str, dict]] = {}
        for event in folding.distinct(batch):
            entry = entry_of(event, START)
            if entry is None or (kind_of(event) != "customer" and entry["id"] in self.seen):
                continue
            if event.customer_id:
                by_customer.setdefault(event.customer_id, []).append(event)
                if entry["id"] not in self.seen:
                    entries.setdefault(event.customer_id, {})[entry["id"]] = entry
            self.seen.add(entry["id"])
        for customer_id, of_customer in by_customer.items():
            self._fold(customer_id, of_customer, list(entries.get(customer_id, {}).values()))

    def _fold(self, customer_id: str, batch: list[events.Event], entries: list[dict]) -> None:
        view = self.views.get(customer_id, {"_id": customer_id})
        beside = {}
        for kind in KINDS.values():
            touched = {key_of(e.subject) for e in batch if KINDS.get(kind_of(e)) is kind}
            beside[kind.block] = self._beside(customer_id, kind.block, touched, view)
        changes = fold(view, batch, entries=entries, applied_at=START, overflow=beside)
        self.views[customer_id] = applied(view, changes)
        for block, key, item in changes.to_overflow:
            self.overflow.setdefault((customer_id, block), {})[key] = item
        for block, key in changes.from_overflow:
            del self.overflow[customer_id, block][key]

    def _beside(self, customer_id: str, block: str, touched: set[str], view: dict) -> dict[str, dict]:
        items = self.overflow.get((customer_id, block), {})
        inside = touched & view.get(block, {}).get("items", {}).keys()
        highest = sorted(items, key=lambda key: (items[key]["open"], items[key]["id"]), reverse=True)[: len(inside)]
        return {key: items[key] for key in {*highest, *(touched & items.keys())}}

    def outcome(self) -> dict:
        overflow = {place: folding.timeless(items) for place, items in self.overflow.items() if items}
        return {"views": {id: comparable(view) for id, view in self.views.items()}, "overflow": overflow}


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


def test_the_view_made_at_once_equals_the_view_made_step_by_step():
    log = History(seed=7, customers=4).events(150)
    store = Store()

    for batch in batches(log, random.Random(7)):
        store.apply(batch)

    assert expected_views(log, applied_at=START) == store.outcome()["views"]


def test_an_order_before_its_customer_makes_a_view_without_a_customer():
    log = [event for event in History(seed=3, customers=1).events(30) if event.type == "sales.order.placed"]

    [view] = expected_views(log, applied_at=START).values()

    assert "customer" not in view
    assert view["totals"]["orders"] == len(log)


def test_at_most_fifty_records_of_a_kind_are_shown_and_open_ones_come_first():
    log = [event for event in History(seed=5, customers=1).events(900) if event.topic == "crm.ticket"]
    latest = {event.subject: event for event in sorted(log, key=lambda event: event.version)}
    open_ones = sorted(id for id, event in latest.items() if event.data["status"] in ("open", "pending"))

    [view] = expected_views(log, applied_at=START).values()

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

    [view] = expected_views(log, applied_at=START).values()

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
