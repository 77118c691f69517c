"""A rebuild projects the log anew beside the live views, tells what differs, and takes their place."""

import threading

import pytest
from pymongo.errors import AutoReconnect, ExecutionTimeout

from services.reporting import rebuild as rebuilding
from services.reporting.rebuild import SUFFIX, begin_switch, rebuild
from services.reporting.repositories import rebuilds
from shared import mongo
from shared.problems import Unavailable
from tests.support.harness import eventually
from tests.support.histories import History


@pytest.fixture(scope="module")
def told(reporting, tell):
    told = History(seed=55, customers=5).events(200)
    tell(told)
    reporting.consume()
    return told


def run(reporting, *, switch: bool) -> list:
    return rebuild(reporting.settings, reporting.database, switch=switch, tell=lambda _: None)


def test_a_rebuild_of_sound_views_finds_no_difference(reporting, told):
    assert run(reporting, switch=False) == []
    assert not [name for name in reporting.database.list_collection_names() if name.endswith(SUFFIX)]


def test_a_rebuild_names_what_differs_and_the_switch_mends_it(reporting, told):
    damaged, lost = (view["_id"] for view in reporting.database.views.find().sort("_id", 1).limit(2))
    reporting.database.views.update_one({"_id": damaged}, {"$inc": {"totals.orders": 1}})
    reporting.database.views.delete_one({"_id": lost})
    entry = reporting.database.timeline.find_one_and_delete({"customer_id": damaged})
    reporting.database.daily.update_one({}, {"$inc": {"counts.leads_received": 5}})

    told_by_command: list[str] = []
    found = rebuild(reporting.settings, reporting.database, switch=True, tell=told_by_command.append)

    assert "4 documents differ: 1 of daily, 1 of timeline, 2 of views" in told_by_command
    assert {str(each) for each in found} <= set(told_by_command)
    assert {(each.collection, each.id) for each in found if each.collection != "daily"} == {
        ("views", damaged),
        ("views", lost),
        ("timeline", entry["_id"]),
    }
    assert [each.where for each in found if each.collection == "daily"] == ["differs at leads_received"]
    assert run(reporting, switch=False) == []


@pytest.mark.parametrize("problem", [AutoReconnect("away"), ExecutionTimeout("slow", 50), Unavailable("away")])
def test_a_database_that_is_away_stops_a_rebuild_and_no_event_is_refused_for_it(reporting, told, monkeypatch, problem):
    def away(handlers, batch):
        raise problem

    monkeypatch.setattr(rebuilding.consumer, "apply_batch", away)

    with pytest.raises(type(problem)):
        run(reporting, switch=True)

    monkeypatch.undo()
    assert run(reporting, switch=False) == []


def test_the_projector_goes_on_after_a_switch(reporting, told, tell):
    run(reporting, switch=True)

    tell(History(seed=56, customers=2).events(50))
    reporting.consume()

    assert run(reporting, switch=False) == []
    indexes = reporting.database.timeline.index_information()
    assert "newest" in indexes


def test_what_is_published_during_a_rebuild_is_in_the_views_once(reporting, told, tell):
    late = History(seed=57, customers=2).events(60)
    stop = threading.Event()

    def publish_and_project():
        while not stop.is_set():
            tell(late[:20])
            del late[:20]
            reporting.consume()

    live = threading.Thread(target=publish_and_project)
    live.start()
    found = run(reporting, switch=True)
    stop.set()
    live.join(60)

    assert found == []
    tell(late)
    reporting.consume()
    assert run(reporting, switch=False) == []


def test_during_the_switch_every_batch_waits(reporting, told):
    with reporting.bound():
        begin_switch([0, 1, 2])

        with pytest.raises(AutoReconnect):
            rebuilds.refuse_during_switch()
        rebuilds.give_up_switch()

        rebuilds.refuse_during_switch()


def test_a_batch_under_way_when_the_switch_begins_is_not_stored(reporting, told):
    begun, go_on = threading.Event(), threading.Event()
    attempts = []

    @mongo.transactional
    def batch():
        attempts.append(1)
        rebuilds.refuse_during_switch()
        begun.set()
        go_on.wait(5)
        mongo.collection("freshness").update_one({"_id": 1}, {"$set": {"from_batch": True}}, upsert=True)

    failures = []

    def project():
        with reporting.bound():
            try:
                batch()
            except AutoReconnect as problem:
                failures.append(problem)

    thread = threading.Thread(target=project)
    thread.start()
    begun.wait(5)
    with reporting.bound():
        begin_switch([0, 1, 2])
    go_on.set()
    thread.join(15)

    assert len(attempts) == 2
    assert failures
    assert reporting.database.freshness.find_one({"_id": 1, "from_batch": True}) is None
    with reporting.bound():
        rebuilds.give_up_switch()


def test_a_switch_that_was_broken_off_is_completed_by_the_next(reporting, told, monkeypatch: pytest.MonkeyPatch):
    def half(work):
        reporting.database["views" + SUFFIX].rename("views", dropTarget=True)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding.Rebuild, "switch", half)
        with pytest.raises(KeyboardInterrupt):
            run(reporting, switch=True)

    with reporting.bound(), pytest.raises(AutoReconnect):
        rebuilds.refuse_during_switch()
    with pytest.raises(rebuilds.Interrupted):
        run(reporting, switch=False)
    run(reporting, switch=True)
    assert run(reporting, switch=False) == []


def test_views_ahead_of_the_log_are_told_and_not_replaced(reporting, told, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rebuilding, "QUIET_POLLS", 2)
    monkeypatch.setattr(rebuilding, "POLL_MS", 100)
    row = reporting.database["_offsets"].find_one({"_id": {"$regex": "crm.order"}})
    reporting.database["_offsets"].update_one({"_id": row["_id"]}, {"$inc": {"next": 1000}})

    with pytest.raises(rebuilding.LogTooShort):
        run(reporting, switch=True)

    reporting.database["_offsets"].replace_one({"_id": row["_id"]}, row)
    eventually(lambda: run(reporting, switch=False) == [], within=30)
