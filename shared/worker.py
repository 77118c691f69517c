"""The worker process: outbox relay, consumer and timers in one process, until SIGTERM.

Each loop has a thread. A loop that ends by an unforeseen error, or gives no sign of life for long, ends the process, and
whoever supervises it starts it anew.
"""

import argparse
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pymongo.errors
from pymongo import IndexModel
from pymongo.database import Database

from shared import context, deadletters, ids, logs, metrics, mongo, renewal, tracing
from shared.consumer import Consumer, Handlers
from shared.outbox import Relay
from shared.renewal import Derive
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

ALIVE_SECONDS = 60.0
DEAD_SECONDS = 120.0
"""A loop that is silent for so long will not come back. Kubernetes restarts what is not alive, but Docker does not."""
WATCH_SECONDS = 1.0
DRAIN_SECONDS = 25.0
COMMANDS = ["run", "dead-letters", "replay-dead-letters", "renew"]


@dataclass(frozen=True)
class Timer:
    """Work that is due again and again. It runs in one process of the service: the one whose relay leads."""

    name: str
    every_seconds: float
    run: Callable[[], None]


def run(
    settings: ServiceSettings,
    *,
    aggregates: list[str],
    handlers: Handlers | None = None,
    topics: list[str] | None = None,
    indexes: dict[str, list[IndexModel]] | None = None,
    timers: list[Timer] | None = None,
    derived: dict[str, Derive] | None = None,
    copied: list[str] | None = None,
) -> None:
    """`python -m services.<service>.worker [run | dead-letters | replay-dead-letters | renew]`.

    `renew` makes the fields in `derived` anew, and the copies of what the topics in `copied` tell.
    """
    parser = argparse.ArgumentParser(prog=f"services.{settings.service}.worker")
    parser.add_argument("command", nargs="?", default="run", choices=COMMANDS)
    command = parser.parse_args().command
    logs.configure(settings.kebab, settings.log_level)
    tracing.configure(settings.kebab)
    database = mongo.connect(settings)
    if command == "dead-letters":
        for letter in deadletters.listing(settings):
            print(json.dumps({name: value for name, value in letter.items() if name != "value"}))
    elif command == "replay-dead-letters":
        applied, failed = deadletters.replay(settings, database, handlers or {})
        print(f"{applied} applied, {failed} failed again")
        sys.exit(1 if failed else 0)
    elif command == "renew":
        for collection, derive in (derived or {}).items():
            looked_at, changed = renewal.renew(database, collection, derive)
            print(f"{collection}: {changed} of {looked_at} renewed")
        for topic in copied or []:
            print(f"{topic}: {renewal.read_again(settings, database, topic, handlers or {})} events read again")
    else:
        _serve(settings, database, aggregates, handlers or {}, topics or [], indexes or {}, timers or [])


def _serve(settings, database, aggregates, handlers, topics, indexes, timers) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    health = Health(database, settings.worker_host)
    if settings.worker_port:
        health.serve(settings.worker_port)
    mongo.prepare(database, indexes | {"_offsets": [], "_leases": []}, stop)
    relay = Relay(settings, database, aggregates)
    loops = {"relay": relay.run}
    consumer = None
    if topics:
        consumer = Consumer(settings, database, topics, handlers, instance=settings.consumer_instance)
        loops["consumer"] = consumer.run
    if timers:
        loops["timers"] = lambda stop, beat: _run_timers(timers, relay, database, stop, beat)
    health.watch(list(loops), consumer)
    threads = [
        threading.Thread(target=_loop, args=(name, loop, stop, health), name=name) for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    logger.info("worker_started", extra={"loops": list(loops)})
    _watch(health, stop)
    deadline = time.monotonic() + DRAIN_SECONDS
    for thread in threads:
        if thread.name not in health.silent(DEAD_SECONDS):
            thread.join(max(0.0, deadline - time.monotonic()))
    logger.info("worker_stopped", extra={"crashed": health.crashed})
    logging.shutdown()
    # A thread that hangs in a client must not keep the process; everything that counts is already stored.
    os._exit(1 if health.crashed else 0)


def _watch(health: "Health", stop: threading.Event) -> None:
    """Until `stop` is set by others, or here because of a loop that does not turn any more."""
    while not stop.wait(WATCH_SECONDS):
        if dead := health.silent(DEAD_SECONDS):
            logger.critical("loops_dead", extra={"loops": dead, "silent_seconds": DEAD_SECONDS})
            health.crashed = ", ".join(dead)
            stop.set()


def _loop(name: str, loop: Callable, stop: threading.Event, health: "Health") -> None:
    try:
        loop(stop, lambda: health.beat(name))
    except Exception:  # Whatever it is, the process must not go on without this loop.
        logger.critical("loop_crashed", extra={"loop": name}, exc_info=True)
        health.crashed = name
        stop.set()


def _run_timers(timers: list[Timer], relay: Relay, database: Database, stop: threading.Event, beat: Callable) -> None:
    due = dict.fromkeys((timer.name for timer in timers), 0.0)
    while not stop.wait(0.2):
        beat()
        if not relay.lease.held:
            continue
        for timer in timers:
            if time.monotonic() < due[timer.name]:
                continue
            due[timer.name] = time.monotonic() + timer.every_seconds
            token = context.begin(context.Work(correlation_id=ids.new_id()))
            try:
                with mongo.bind(database):
                    timer.run()
            except Exception:  # The next turn tries again; one failing timer must not stop the others.
                logger.exception("timer_failed", extra={"timer": timer.name})
            finally:
                context.end(token)


class Health:
    """What the probes ask: do the loops still turn, and can they do their work?"""

    def __init__(self, database: Database, host: str) -> None:
        self._host = host
        self._database = database
        self._consumer: Consumer | None = None
        self._beats: dict[str, float] = {}
        self.crashed: str | None = None

    def watch(self, loops: list[str], consumer: Consumer | None) -> None:
        """From now on these loops must turn. Before that the process waits for its database, and is alive."""
        self._consumer = consumer
        self._beats = dict.fromkeys(loops, time.monotonic())

    def beat(self, loop: str) -> None:
        self._beats[loop] = time.monotonic()

    def alive(self) -> str | None:
        """None, or what is wrong."""
        stale = self.silent(ALIVE_SECONDS)
        return f"no sign of life from {', '.join(stale)}" if stale else None

    def silent(self, seconds: float) -> list[str]:
        """The loops that have given no sign of life for so long."""
        return [name for name, at in self._beats.items() if time.monotonic() - at > seconds]

    def ready(self) -> str | None:
        """None, or what is wrong."""
        try:
            with pymongo.timeout(1):
                self._database.command("ping")
        except pymongo.errors.PyMongoError as problem:
            return f"the database does not answer: {problem!r}"[:300]
        if not self._beats:
            return "the collections and indexes are not made yet"
        if self._consumer is not None and self._consumer.halted:
            return f"the consumer has halted: {self._consumer.halted}"
        if self._consumer is not None and not self._consumer.settled:
            return "the consumer does not know its partitions yet"
        return self.alive()

    def serve(self, port: int) -> None:
        server = make_server(self._host, port, self._answer, server_class=_Server, handler_class=_QuietHandler)
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()

    def _answer(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            return [metrics.exposition()]
        checks = {"/livez": self.alive, "/readyz": self.ready}
        if path not in checks:
            start_response("404 Not Found", [("Content-Type", "application/problem+json")])
            return [b'{"type":"/problems/not-found","title":"Not found","status":404,"code":"not-found"}']
        wrong = checks[path]()
        start_response("503 Service Unavailable" if wrong else "200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"status": "not ready", "reason": wrong} if wrong else {"status": "ok"}).encode()]


class _Server(ThreadingMixIn, WSGIServer):
    """A connection that sends nothing keeps nobody else from an answer."""

    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 5

    def log_message(self, *_: object) -> None:
        """Probes are not worth a log line."""
