"""MongoDB: one client per process, the database that the current request or batch is bound to, and transactions."""

import functools
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import pymongo
from pymongo import IndexModel, MongoClient, ReadPreference, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.read_concern import ReadConcern

from shared import context, logs
from shared import indexes as index_building
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

COMMAND_TIMEOUT_SECONDS = 20
TRANSACTION_SECONDS = 10
NAMESPACE_EXISTS = 48  # MongoDB's code for a collection that is already there

MAX_COLLECTIONS = 1000
RETRY_SECONDS, RETRY_REFUSED_SECONDS = 1, 10

_clients: dict[tuple[int, str, str], MongoClient] = {}
_clients_lock = threading.Lock()
_databases: dict[tuple[int, str, str, str], Database] = {}
_collections: dict[tuple[int, str, bool], tuple[Database, Collection]] = {}
_bound: ContextVar[Database | None] = ContextVar("database", default=None)
_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)


def connect(settings: ServiceSettings) -> Database:
    """The service's database. The client is made on first use in each process, because it does not survive a fork."""
    of_client = (os.getpid(), settings.mongo_uri, settings.service)
    of_database = (*of_client, settings.mongo_database)
    if (known := _databases.get(of_database)) is not None:
        return known
    with _clients_lock:
        if of_client not in _clients:
            _clients[of_client] = MongoClient(
                settings.mongo_uri,
                appname=f"crm-{settings.kebab}",
                tz_aware=True,
                w="majority",
                maxPoolSize=64,
                waitQueueTimeoutMS=5000,
                connectTimeoutMS=3000,
                serverSelectionTimeoutMS=5000,
                socketTimeoutMS=COMMAND_TIMEOUT_SECONDS * 1000,
            )
        return _databases.setdefault(of_database, _clients[of_client][settings.mongo_database])


@contextmanager
def bind(database: Database) -> Iterator[Database]:
    """Within the block `collection(name)` means this database."""
    token = _bound.set(database)
    try:
        yield database
    finally:
        _bound.reset(token)


def database() -> Database:
    bound = _bound.get()
    if bound is None:
        raise RuntimeError("No database is bound here. Use mongo.bind(mongo.connect(settings)).")
    return bound


def collection(name: str) -> Collection:
    """The collection of this name, as made once: making one costs as much as a tenth of a read."""
    bound, in_transaction = database(), _in_transaction.get()
    key = (id(bound), name, in_transaction)
    if (known := _collections.get(key)) is not None:
        return known[1]
    # Inside a transaction the write concern belongs to the commit; the server refuses it on each write.
    made = bound.get_collection(name, write_concern=WriteConcern()) if in_transaction else bound[name]
    if len(_collections) >= MAX_COLLECTIONS:
        _collections.clear()
    _collections[key] = (bound, made)  # The database is kept too, so that its id is of no other one meanwhile.
    return made


def in_transaction() -> bool:
    return _in_transaction.get()


def service() -> str:
    """The kebab-case name of the service whose database is bound: the client's name without its `crm-`."""
    return database().client.options.pool_options.appname.removeprefix("crm-")


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction that all MongoDB calls inside it join.

    A write conflict runs the function again, so it must not keep what it computed before. Inside a transaction that is
    already open (a consumer's batch) the function simply joins it.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _in_transaction.get():
            return function(*args, **kwargs)
        with pymongo.timeout(TRANSACTION_SECONDS), database().client.start_session() as session, session.bind(False):
            token = _in_transaction.set(True)
            work = context.current()
            stored_before = work is not None and work.key_stored
            try:
                return session.with_transaction(
                    lambda _: _attempt(stored_before, function, *args, **kwargs),
                    read_concern=ReadConcern("snapshot"),
                    write_concern=WriteConcern("majority"),
                    read_preference=ReadPreference.PRIMARY,
                )
            finally:
                _in_transaction.reset(token)

    return run


def _attempt(key_stored: bool, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    if (work := context.current()) is not None:
        work.key_stored = key_stored  # An attempt before was rolled back, and with it a key that it had stored.
    return function(*args, **kwargs)


def ensure_indexes(database: Database, indexes: dict[str, list[IndexModel]]) -> None:
    """Create what is missing and replace what changed. Collections too, because a transaction should not create them."""
    existing = set(database.list_collection_names())
    for name, models in indexes.items():
        if name not in existing:
            try:
                database.create_collection(name, check_exists=False)
            except pymongo.errors.OperationFailure as problem:
                if problem.code != NAMESPACE_EXISTS:
                    raise
                # Another process of this service was faster.
        if models:
            index_building.build(database[name], models)


def prepare(database: Database, indexes: dict[str, list[IndexModel]], stop: threading.Event) -> None:
    """`ensure_indexes` as soon as the database lets it: a process starts without it and waits, until `stop` is set."""
    while not stop.is_set():
        try:
            return ensure_indexes(database, indexes)
        except (pymongo.errors.PyMongoError, index_building.NotReplaced) as problem:
            logger.warning("waiting_for_database", extra={"problem": logs.told(problem)})
            # Refused is not away: what forbids an index is mended by a person, and each attempt costs a read of it all.
            away = isinstance(problem, pymongo.errors.ConnectionFailure)
            stop.wait(RETRY_SECONDS if away else RETRY_REFUSED_SECONDS)


def prepare_in_background(database: Database, indexes: dict[str, list[IndexModel]]) -> threading.Event:
    """`prepare` in a thread of its own; answers an event that is set when it is done."""
    done = threading.Event()

    def run() -> None:
        prepare(database, indexes, threading.Event())
        done.set()

    threading.Thread(target=run, name="prepare", daemon=True).start()
    return done
