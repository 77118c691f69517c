"""Events: CloudEvents 1.0 in structured mode, checked against the schemas in `contracts/events` before they are stored."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import fastjsonschema
import orjson

from shared import clock, context

SCHEMAS = Path(__file__).parents[1] / "contracts" / "events"


class UnreadableEvent(ValueError):
    """The bytes are not a CloudEvent that this suite publishes."""


@dataclass(frozen=True, slots=True)
class Event:
    """One published fact. `data` is the whole public state of aggregate `subject` at `version`."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    version: int
    data: dict
    customer_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None
    topic: str = ""
    partition: int = -1
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event to be: what a command wants published together with its write."""

    type: str
    topic: str
    subject: str
    customer_id: str | None
    data: dict
    version: int | None = None
    cause: Event | None = field(default=None)


def announce(
    type: str,
    *,
    topic: str,
    subject: str,
    customer_id: str | None,
    data: dict,
    version: int | None = None,
    cause: Event | None = None,
) -> Announcement:
    """`version=None` takes the version of the aggregate that is saved; `cause` is the event that this one answers."""
    return Announcement(type, topic, subject, customer_id, data, version, cause)


def stamp(announcements: list[Announcement], *, service: str, version: int) -> list[dict]:
    """Outbox entries `{i: event id, t: topic, k: key, b: the finished event}` for the save of `version`.

    Raises fastjsonschema.JsonSchemaException when a payload breaks its contract.
    """
    entries = []
    seen: dict[str, int] = {}
    for announcement in announcements:
        own_version = announcement.version or version
        event_id = f"{announcement.subject}:{own_version}"
        repeat = seen[event_id] = seen.get(event_id, -1) + 1
        if repeat:
            event_id = f"{event_id}:{repeat}"
        entries.append(
            {
                "i": event_id,
                "t": announcement.topic,
                "k": announcement.customer_id or announcement.subject,
                "b": _encode(announcement, event_id=event_id, version=own_version, service=service),
            }
        )
    return entries


def _encode(announcement: Announcement, *, event_id: str, version: int, service: str) -> bytes:
    data = orjson.loads(orjson.dumps(announcement.data, default=clock.to_json, option=orjson.OPT_PASSTHROUGH_DATETIME))
    validator(announcement.type)(data)
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "type": announcement.type,
        "source": f"/crm/{service}",
        "subject": announcement.subject,
        "time": clock.to_json(clock.now()),
        "datacontenttype": "application/json",
        "version": version,
    }
    if announcement.customer_id:
        envelope["customerid"] = announcement.customer_id
    envelope |= _circumstances(announcement.cause)
    envelope["data"] = data
    return orjson.dumps(envelope)


def _circumstances(cause: Event | None) -> dict[str, str]:
    if cause is not None:
        known = {
            "correlationid": cause.correlation_id,
            "causationid": cause.id,
            "traceparent": cause.traceparent,
            "actor": context.SYSTEM,
        }
    elif (work := context.current()) is not None:
        known = {
            "correlationid": work.correlation_id,
            "causationid": work.causation_id,
            "traceparent": work.traceparent,
            "actor": work.actor,
        }
    else:
        known = {"actor": context.SYSTEM}
    return {name: value for name, value in known.items() if value}


def decode(value: bytes | None, *, topic: str = "", partition: int = -1, offset: int = -1) -> Event:
    """Raises UnreadableEvent. The payload is not checked against its schema: a reader is tolerant, the writer was strict."""
    try:
        body = orjson.loads(value or b"")
        return Event(
            id=body["id"],
            type=body["type"],
            source=body["source"],
            subject=body["subject"],
            time=datetime.fromisoformat(body["time"]),
            version=body["version"],
            data=body["data"],
            customer_id=body.get("customerid"),
            correlation_id=body.get("correlationid"),
            causation_id=body.get("causationid"),
            actor=body.get("actor"),
            traceparent=body.get("traceparent"),
            topic=topic,
            partition=partition,
            offset=offset,
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
        raise UnreadableEvent(f"not a CloudEvent of this suite: {problem!r}") from problem


def schema_path(type: str) -> Path:
    """`sales.lead.qualified` is described by `contracts/events/sales/lead-qualified.v1.schema.json`."""
    service, noun, fact = type.split(".")
    return SCHEMAS / service / f"{noun}-{fact}.v1.schema.json"


@functools.cache
def validator(type: str) -> Callable[[dict], dict]:
    """The compiled schema of this event type; calling it raises fastjsonschema.JsonSchemaException."""
    return fastjsonschema.compile(inlined(schema_path(type)), use_default=False)


def inlined(path: Path) -> dict:
    """The schema with references to files beside it replaced by their content."""

    def resolve(node: object) -> object:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                return inlined(path.parent / reference)
            return {name: resolve(value) for name, value in node.items() if name not in ("$id", "examples")}
        if isinstance(node, list):
            return [resolve(value) for value in node]
        return node

    return resolve(orjson.loads(path.read_bytes()))
