"""One service under test: its real application, relay and consumer, on real MongoDB and Kafka."""

import importlib
import time
from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from kafka import TopicPartition

from shared import context, events, ids, kafka, mongo
from shared.consumer import Consumer
from shared.outbox import Relay
from shared.settings import ServiceSettings, read
from tests.support import openapi
from tests.support.tokens import AUDIENCE, ISSUER, Issuer

T = TypeVar("T")

EXTRA_SETTINGS = {"telephony": {"SWITCH_SECRET": "the-switch-secret-of-the-tests"}}
CAUGHT_UP_SECONDS = 30


def eventually(probe: Callable[[], T], *, within: float = 10) -> T:
    """Ask again until the answer is true (or no AssertionError); then answer it."""
    deadline = time.monotonic() + within
    while True:
        try:
            if found := probe():
                return found
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"still {found!r} after {within} s" if "found" in locals() else "no answer"
        time.sleep(0.05)


def settings_of(service: str, environ: dict[str, str]) -> ServiceSettings:
    config = importlib.import_module(f"services.{service}.config")
    cls = next(
        value
        for value in vars(config).values()
        if isinstance(value, type) and issubclass(value, ServiceSettings) and value is not ServiceSettings
    )
    return cls(**read(cls, environ))


def boundaries(settings: ServiceSettings, *topics: str) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """Where each partition of these topics begins and ends."""
    client = kafka.consumer(settings, group=f"boundaries-{ids.new_id()}")
    names = [settings.topic(topic) for topic in topics]
    partitions = [TopicPartition(name, number) for name in names for number in client.partitions_for_topic(name)]
    found = client.beginning_offsets(partitions), client.end_offsets(partitions)
    client.close(autocommit=False)
    return found


def read_topic(settings: ServiceSettings, topic: str) -> list[dict[str, Any]]:
    """Everything that is committed on a topic, decoded from JSON."""
    client = kafka.consumer(settings, group=f"read-{ids.new_id()}")
    name = settings.topic(topic)
    partitions = [TopicPartition(name, number) for number in client.partitions_for_topic(name)]
    client.assign(partitions)
    client.seek_to_beginning(*partitions)
    ends = client.end_offsets(partitions)
    found, deadline = [], time.monotonic() + CAUGHT_UP_SECONDS
    while any(client.position(p) < end for p, end in ends.items()) and time.monotonic() < deadline:
        for messages in client.poll(timeout_ms=200).values():
            found += [orjson.loads(message.value) for message in messages if message.value]
    client.close(autocommit=False)
    return found


class Harness:
    """`service("sales")` in a test."""

    def __init__(self, service: str, *, stores: Any, issuer: Issuer, suffix: str, topic_prefix: str) -> None:
        environ = {
            "MONGO_URI": stores.mongo_uri,
            "MONGO_DATABASE": f"test_{service}_{suffix}",
            "KAFKA_BOOTSTRAP": stores.kafka_bootstrap,
            "KAFKA_TOPIC_PREFIX": topic_prefix,
            "OIDC_ISSUER": ISSUER,
            "OIDC_AUDIENCE": AUDIENCE,
            "OIDC_JWKS_URL": issuer.jwks_url,
            "LOG_LEVEL": "WARNING",
        } | EXTRA_SETTINGS.get(service, {})
        self.environ = environ
        self.name = service
        self.issuer = issuer
        self.settings = settings_of(service, environ)
        self.app = importlib.import_module(f"services.{service}.app").create_app(self.settings)
        assert self.app.extensions["prepared"].wait(60)
        self.database = mongo.connect(self.settings)
        self.description = openapi.description(self.settings.kebab)
        worker = importlib.import_module(f"services.{service}.worker")
        self._relay = Relay(self.settings, self.database, list(worker.AGGREGATES))
        self._consumers = _optional(f"services.{service}.consumers")
        self._consumer: Consumer | None = None
        self._client = self.app.test_client()

    def get(self, path: str, **kwargs: Any):
        return self.request("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any):
        return self.request("POST", path, json=json, **kwargs)

    def patch(self, path: str, json: Any = None, **kwargs: Any):
        return self.request("PATCH", path, json=json, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any):
        return self.request("PUT", path, json=json, **kwargs)

    def delete(self, path: str, **kwargs: Any):
        return self.request("DELETE", path, **kwargs)

    def request(
        self,
        method: str,
        path: str,
        *,
        as_: str | None = None,
        key: str | None = None,
        if_match: str | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ):
        """`as_` is a demo person, `key` an Idempotency-Key. The answer must be one that the OpenAPI file describes."""
        sent = dict(headers or {})
        if as_ is not None:
            sent["Authorization"] = f"Bearer {self.issuer.token(as_)}"
        if key is not None:
            sent["Idempotency-Key"] = key
        if if_match is not None:
            sent["If-Match"] = if_match
        if kwargs.get("json") is None:
            kwargs.pop("json", None)
        response = self._client.open(path, method=method, headers=sent, **kwargs)
        self.description.check(
            method=method,
            path=path.split("?")[0],
            status=response.status_code,
            content_type=response.content_type or "",
            body=response.get_json(silent=True) if "json" in (response.content_type or "") else None,
        )
        return response

    def bound(self):
        """`with sales.bound():` lets a test call the service's own functions."""
        return mongo.bind(self.database)

    def relay(self) -> list[events.Event]:
        """Publish everything that waits, to the real broker. Answers the published events."""
        published: list[events.Event] = []
        deadline = time.monotonic() + CAUGHT_UP_SECONDS
        while time.monotonic() < deadline:
            waiting = [
                events.decode(entry["b"], topic=entry["t"])
                for pending in self._relay.pending()
                for entry in pending.entries
            ]
            if not waiting:
                return published
            if self._relay.step():
                published += waiting
        raise AssertionError("the outbox did not empty")

    def consume(self, *, within: float = CAUGHT_UP_SECONDS) -> int:
        """Run the service's consumer until it has applied all that the topics hold now."""
        if self._consumer is None:
            self._consumer = Consumer(
                self.settings, self.database, list(self._consumers.TOPICS), self._consumers.HANDLERS
            )
        done, deadline = 0, time.monotonic() + within
        with mongo.bind(self.database):
            while time.monotonic() < deadline:
                done += self._consumer.step()
                if self._consumer.assigned and not any(self._consumer.lag().values()):
                    return done
        raise AssertionError(f"the consumer still lags: {self._consumer.lag()}")

    def unapplied(self) -> int:
        """Records on the consumer's topics that lie beyond the stored offsets."""
        done = {row["_id"]: row["next"] for row in self.database["_offsets"].find()}
        beginnings, ends = boundaries(self.settings, *self._consumers.TOPICS)
        return sum(end - max(done.get(f"{p.topic}-{p.partition}", 0), beginnings[p]) for p, end in ends.items())

    def rewind(self) -> None:
        """Forget what was consumed: the next `consume` starts at the beginning of the topics."""
        if self._consumer is not None:
            self._consumer.close()
        self.database["_offsets"].delete_many({})

    def publish(self, *published: dict[str, Any]) -> list[events.Event]:
        """Put events on their topics as their owners would.

        Each is `{"type", "topic", "subject", "customer_id", "version", "data"}`; the payload must keep its contract.
        """
        producer = kafka.producer(self.settings)
        entries = [
            events.stamp(
                [
                    events.announce(
                        event["type"],
                        topic=event["topic"],
                        subject=event["subject"],
                        customer_id=event.get("customer_id"),
                        data=event["data"],
                        version=event.get("version", 1),
                    )
                ],
                service=event["type"].split(".")[0],
                version=1,
            )[0]
            for event in published
        ]
        for entry in entries:
            producer.send(self.settings.topic(entry["t"]), key=entry["k"].encode(), value=entry["b"]).get(10)
        producer.close()
        return [events.decode(entry["b"], topic=entry["t"]) for entry in entries]

    def publish_raw(self, topic: str, value: bytes, *, key: str = "raw") -> None:
        """Put any bytes on a topic, for example poison."""
        producer = kafka.producer(self.settings)
        producer.send(self.settings.topic(topic), key=key.encode(), value=value).get(10)
        producer.close()

    def read_topic(self, topic: str) -> list[dict[str, Any]]:
        """Everything on a topic, decoded from JSON."""
        return read_topic(self.settings, topic)

    def acting(self):
        """A context for calling commands directly: `with sales.acting(): commands.…`."""
        return _Acting(self)

    def close(self) -> None:
        if self._consumer is not None:
            self._consumer.close()
        self._relay.close()
        self.database.client.drop_database(self.database.name)


class _Acting:
    def __init__(self, harness: Harness) -> None:
        self._bound = harness.bound()

    def __enter__(self) -> None:
        self._bound.__enter__()
        self._token = context.begin(context.Work(correlation_id=ids.new_id(), actor="test"))

    def __exit__(self, *failure: object) -> None:
        context.end(self._token)
        self._bound.__exit__(*failure)


def _optional(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as problem:
        if problem.name != module:
            raise
        return None
