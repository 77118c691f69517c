"""Live updates: a process of its own that turns a MongoDB change stream into server-sent events for browsers.

It sends hints, not data of record: after `hello` (sent on every connect, and when the stream was interrupted) and after
each hint the page reads again what it shows. So nothing needs to be stored or replayed here. Runs under gunicorn's
gevent worker; each replica watches by itself.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import gevent
import gevent.queue
import pymongo.errors
from flask import Blueprint, Flask, Response, request
from pymongo.database import Database

from shared import auth, http, limits, metrics, mongo
from shared.auth import Principal
from shared.problems import TooManyRequests
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

KEEPALIVE_SECONDS = 15
LONGEST_STREAM_SECONDS = 600
WAITING_MESSAGES = 100
STREAMS_OF_ONE = 10
"""How many streams one person may have open in this process. A browser needs one for each customer that it shows."""
READABLE = 1
RETRY_SECONDS = 1.0

Match = Callable[[dict, Collection[str] | None, Principal, Mapping[str, str]], dict | None]
"""Takes the document, the paths in it that changed (None when all of it is new), the caller and the query arguments."""
HELLO = ("hello", {})


@dataclass(eq=False)
class Client:
    """One connected browser."""

    principal: Principal
    arguments: Mapping[str, str]
    messages: gevent.queue.Queue
    ended: bool = False
    """It was too slow, or has hung up."""


class Hub:
    """Watches one collection and gives each client the changes that `match` picks for it."""

    def __init__(self, service: str, database: Database, collection: str, match: Match) -> None:
        self._service = service
        self._collection = database[collection]
        self._match = match
        self._clients: set[Client] = set()
        self._watcher: gevent.Greenlet | None = None

    def refuse_too_many(self, principal: Principal) -> None:
        """Raises TooManyRequests for somebody who has all the streams that one person may have."""
        if sum(client.principal.id == principal.id for client in self._clients) >= STREAMS_OF_ONE:
            raise TooManyRequests(
                f"You have {STREAMS_OF_ONE} live streams open, which is all that one person may have. Close one of "
                "them (a tab or window that shows live data) and connect again.",
                code="too-many-streams",
                headers={"Retry-After": "3"},
            )

    def join(self, client: Client) -> None:
        if self._watcher is None:
            self._watcher = gevent.spawn(self._watch)
            self._watcher.link_exception(_end_process)
        self._clients.add(client)
        metrics.push_clients.labels(self._service).inc()

    def leave(self, client: Client) -> None:
        client.ended = True
        self._clients.discard(client)
        metrics.push_clients.labels(self._service).dec()

    def _watch(self) -> None:
        while True:
            try:
                with self._collection.watch(full_document="updateLookup", max_await_time_ms=1000) as stream:
                    self._tell_all(HELLO)
                    for change in stream:
                        self._spread(change)
            except pymongo.errors.PyMongoError as problem:
                logger.warning("watch_interrupted", extra={"problem": repr(problem)[:300]})
                gevent.sleep(RETRY_SECONDS)

    def _spread(self, change: dict) -> None:
        document = change.get("fullDocument")
        if document is None:
            return
        paths = _changed_paths(change)
        for client in list(self._clients):
            try:
                message = self._match(document, paths, client.principal, client.arguments)
            except Exception:  # One document must not end the updates of everybody.
                logger.exception("match_failed")
                continue
            if message is not None:
                self._tell(client, ("change", message))

    def _tell_all(self, message: tuple[str, dict]) -> None:
        for client in list(self._clients):
            self._tell(client, message)

    def _tell(self, client: Client, message: tuple[str, dict] | None) -> None:
        try:
            client.messages.put_nowait(message)
        except gevent.queue.Full:
            # Too slow: it is cut off, reconnects and reads everything again.
            client.ended = True
            self._clients.discard(client)


def create_push_app(
    settings: ServiceSettings, *, collection: str, roles: dict[str, str], match: Match, query: tuple[str, ...] = ()
) -> Flask:
    """An application with `GET /v1/stream`, which takes the parameters of `query`.

    `match` answers the message for a client, or None.
    """
    hub = Hub(settings.kebab, mongo.connect(settings), collection, match)
    stream = Blueprint("stream", __name__)

    @stream.get("/v1/stream")
    @auth.requires(roles)
    @limits.query(*query)
    def listen() -> Response:
        hub.refuse_too_many(auth.principal())
        client = Client(auth.principal(), request.args.to_dict(), gevent.queue.Queue(WAITING_MESSAGES))
        response = Response(
            _lines(hub, client, request.environ.get("gunicorn.socket")), content_type="text/event-stream"
        )
        response.headers["X-Accel-Buffering"] = "no"
        return response

    return http.create_app(settings, blueprints=[stream])


def _lines(hub: Hub, client: Client, connection: socket.socket | None) -> Iterator[bytes]:
    """The stream. It joins when it begins: a HEAD request never begins it, and whatever begins also ends."""
    end = time.monotonic() + LONGEST_STREAM_SECONDS
    hub.join(client)
    hang_up = _watch_for_hang_up(client, connection)
    try:
        yield _event(*HELLO)
        while time.monotonic() < end and not client.ended:
            try:
                message = client.messages.get(timeout=KEEPALIVE_SECONDS)
            except gevent.queue.Empty:
                yield b": still here\n\n"
                continue
            if not client.ended:
                yield _event(*message)
    finally:
        if hang_up is not None:
            hang_up.close()
        hub.leave(client)


def _end_process(watcher: gevent.Greenlet) -> None:
    """Without its watch this process would look healthy and tell nobody anything. gunicorn puts another in its place."""
    logger.critical("watch_ended", extra={"problem": repr(watcher.exception)[:300]})
    logging.shutdown()
    os._exit(1)


def _watch_for_hang_up(client: Client, connection: socket.socket | None):
    """End the stream as soon as its connection does; the next message might be many seconds away.

    A listening client sends nothing, so that its connection is readable means that it has hung up.
    """
    if connection is None:
        return None

    def hung_up() -> None:
        watcher.stop()
        client.ended = True
        with suppress(gevent.queue.Full):
            client.messages.put_nowait(HELLO)

    watcher = gevent.get_hub().loop.io(connection.fileno(), READABLE)
    watcher.start(hung_up)
    return watcher


def _changed_paths(change: dict) -> Collection[str] | None:
    told = change.get("updateDescription")
    if told is None:
        return None
    shortened = [array["field"] for array in told.get("truncatedArrays") or ()]
    return [*told["updatedFields"], *told["removedFields"], *shortened]


def _event(name: str, body: dict) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + http.dumps(body) + b"\n\n"
