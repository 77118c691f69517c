"""A service starts with the indexes that its code defines, whatever an older release has left."""

import threading

import pytest
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from shared import indexes, mongo

NOTES = "notes"


def of_collection(database) -> dict[str, dict]:
    return {name: dict(options) for name, options in database[NOTES].index_information().items() if name != "_id_"}


def ensure(database, *models: IndexModel) -> None:
    mongo.ensure_indexes(database, {NOTES: list(models)})


@pytest.fixture
def database(database):
    database[NOTES].drop()
    return database


@pytest.mark.parametrize(
    "changed",
    [
        IndexModel([("author", ASCENDING), ("_id", DESCENDING)], name="author"),
        IndexModel([("author", ASCENDING)], name="author", expireAfterSeconds=60),
        IndexModel([("author", ASCENDING)], name="by_author"),
        IndexModel([("author", ASCENDING)], name="author", unique=True),
        IndexModel([("author", ASCENDING)], name="author", unique=True, sparse=True),
        IndexModel(
            [("author", ASCENDING)], name="author", unique=True, partialFilterExpression={"author": {"$gt": ""}}
        ),
    ],
)
def test_an_index_whose_definition_changed_is_built_anew(database, changed):
    kept = IndexModel([("text", ASCENDING)], name="text")
    ensure(database, IndexModel([("author", ASCENDING)], name="author"), kept)

    ensure(database, changed, kept)
    ensure(database, changed, kept)

    found = of_collection(database)
    assert found.keys() == {changed.document["name"], "text"}
    wanted = {name: value for name, value in changed.document.items() if name not in ("name", "key")}
    assert found[changed.document["name"]] | wanted == found[changed.document["name"]]
    assert found[changed.document["name"]]["key"] == list(changed.document["key"].items())


def test_two_indexes_that_exchange_their_names_are_both_built_anew(database):
    one, other = [("author", ASCENDING)], [("text", ASCENDING)]
    ensure(database, IndexModel(one, name="first"), IndexModel(other, name="second"))

    ensure(database, IndexModel(other, name="first"), IndexModel(one, name="second"))

    assert {name: index["key"] for name, index in of_collection(database).items()} == {"first": other, "second": one}


def test_a_unique_index_stays_when_the_new_one_cannot_be_built(database):
    ensure(database, IndexModel([("author", ASCENDING), ("text", ASCENDING)], name="once", unique=True))
    database[NOTES].insert_many([{"author": "li", "text": "one"}, {"author": "li", "text": "two"}])
    before = of_collection(database)

    with pytest.raises(DuplicateKeyError):
        ensure(database, IndexModel([("author", ASCENDING)], name="once", unique=True))

    assert of_collection(database) == before


def test_a_value_stays_unique_at_every_moment_of_a_replacement(database, monkeypatch):
    ensure(database, IndexModel([("author", ASCENDING)], name="once", unique=True))
    database[NOTES].insert_one({"author": "li", "text": "one"})
    tried = []

    def dropped_and_tried(collection, name):
        drop(collection, name)
        with pytest.raises(DuplicateKeyError):
            database[NOTES].insert_one({"author": "li", "text": "one"})
        tried.append(name)

    drop = indexes._drop
    monkeypatch.setattr(indexes, "_drop", dropped_and_tried)

    ensure(database, IndexModel([("author", ASCENDING), ("text", ASCENDING)], name="once", unique=True))

    assert tried == ["once", "once.guard"]


def test_a_replacement_that_was_broken_off_is_finished_by_the_next_start(database, monkeypatch):
    changed = IndexModel([("author", ASCENDING), ("text", ASCENDING)], name="once", unique=True)
    ensure(database, IndexModel([("author", ASCENDING)], name="once", unique=True))

    def broken_off(collection, name):
        drop(collection, name)
        raise KeyboardInterrupt

    drop = indexes._drop
    with monkeypatch.context() as patch:
        patch.setattr(indexes, "_drop", broken_off)
        with pytest.raises(KeyboardInterrupt):
            ensure(database, changed)
    left = of_collection(database).keys()
    ensure(database, changed)

    assert left == {"once.guard"}
    assert of_collection(database).keys() == {"once"}


def test_processes_that_start_together_replace_an_index_once(database):
    changed = IndexModel([("author", ASCENDING), ("text", ASCENDING)], name="once", unique=True)
    ensure(database, IndexModel([("author", ASCENDING)], name="once", unique=True))
    together = threading.Barrier(6)
    failures = []

    def start():
        together.wait(10)
        try:
            ensure(database, changed)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert {name: index["key"] for name, index in of_collection(database).items()} == {
        "once": list(changed.document["key"].items())
    }
