"""`python -m stack.asyncapi`: writes contracts/events/asyncapi.yaml from the topics, the schemas and the services' tables."""

import ast
import importlib
import sys
from pathlib import Path
from typing import Any

import yaml

from shared import topics
from stack.environments import ROOT

TARGET = ROOT / "contracts" / "events" / "asyncapi.yaml"
SCHEMAS = ROOT / "contracts" / "events"


def services() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))


def published(service: str) -> dict[str, str]:
    """`{event type: topic}` of what the service announces, read from its `events.py`; a noun has its own topic."""
    path = ROOT / "services" / service / "events.py"
    if not path.exists():
        return {}
    strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    types = {text for text in strings if isinstance(text, str) and (schema_of(text) or Path()).is_file()}
    return {type: f"crm.{type.split('.')[1]}" for type in sorted(types)}


def consumed(service: str) -> dict[str, Any]:
    """The service's HANDLERS table: `{event type: handler}`."""
    if not (ROOT / "services" / service / "consumers.py").exists():
        return {}
    return dict(importlib.import_module(f"services.{service}.consumers").HANDLERS)


def schema_of(type: str) -> Path | None:
    """The file that describes an event type, whether it is there or not; None for a text that is no event type."""
    parts = type.split(".")
    if len(parts) != 3 or not all(part.replace("-", "").isalnum() for part in parts):
        return None
    return SCHEMAS / parts[0] / f"{parts[1]}-{parts[2]}.v1.schema.json"


def document() -> dict[str, Any]:
    channels, messages, operations = {}, {}, {}
    senders = {service: published(service) for service in services()}
    for name, topic in topics.wanted().items():
        of_topic = sorted(type for types in senders.values() for type, where in types.items() if where == name)
        channels[name] = {
            "address": name,
            "messages": {type: {"$ref": f"#/components/messages/{type}"} for type in of_topic},
            "bindings": {
                "kafka": {
                    "partitions": topic["partitions"],
                    "replicas": topic["replication"],
                    "topicConfiguration": _topic_configuration(topic["config"]),
                }
            },
        }
    for service, types in senders.items():
        for type in types:
            messages[type] = {
                "name": type,
                "contentType": "application/cloudevents+json",
                "headers": {"type": "object", "properties": {"traceparent": {"type": "string"}}},
                "payload": {
                    "allOf": [
                        {"$ref": "envelope.v1.schema.json"},
                        {"properties": {"data": {"$ref": str(schema_of(type).relative_to(SCHEMAS))}}},
                    ]
                },
            }
        for topic in sorted(set(types.values())):
            operations[f"{_kebab(service)}.sends.{topic}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{topic}"},
                "messages": [
                    {"$ref": f"#/channels/{topic}/messages/{type}"} for type, where in types.items() if where == topic
                ],
            }
    topic_of = {type: topic for types in senders.values() for type, topic in types.items()}
    for service in services():
        for topic in sorted({topic_of[type] for type in consumed(service)}):
            operations[f"{_kebab(service)}.receives.{topic}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{topic}"},
                "messages": [
                    {"$ref": f"#/channels/{topic}/messages/{type}"}
                    for type in sorted(consumed(service))
                    if topic_of[type] == topic
                ],
                "bindings": {"kafka": {"groupId": {"type": "string", "enum": [_kebab(service)]}}},
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "CRM suite events",
            "version": "1.0.0",
            "description": "Written by `python -m stack.asyncapi`; a test fails when it is not what the code does.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def text() -> str:
    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=120)


def _topic_configuration(config: dict[str, str]) -> dict[str, Any]:
    known = {"cleanup.policy": [config["cleanup.policy"]], "max.message.bytes": int(config["max.message.bytes"])}
    if "retention.ms" in config:
        known["retention.ms"] = int(config["retention.ms"])
    return known


def _kebab(service: str) -> str:
    return service.replace("_", "-")


if __name__ == "__main__":
    TARGET.write_text(text())
    print(f"{TARGET.relative_to(ROOT)} written", file=sys.stderr)
