"""Checks answers against the hand-written OpenAPI files: every answer that a test sees must be a described one."""

import functools
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

CONTRACTS = Path(__file__).parents[2] / "contracts" / "http"
PLATFORM_PATHS = {"/livez", "/readyz", "/metrics", "/v1/me"}


class Undocumented(AssertionError):
    """The service answered something that its OpenAPI file does not describe."""


class Description:
    """One service's OpenAPI file."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:openapi", resource)
        self._paths = [(re.compile(_pattern(path)), path) for path in sorted(document["paths"], key=_specificity)]

    def check(self, *, method: str, path: str, status: int, content_type: str, body: Any) -> None:
        """Raises Undocumented."""
        if path in PLATFORM_PATHS:
            return
        template = self.template(path)
        if template is None:
            if status == 404:
                return
            raise Undocumented(f"{path} is not in the OpenAPI file")
        operation = self.document["paths"][template].get(method.lower())
        if operation is None:
            if status == 405:
                return
            raise Undocumented(f"{method} {template} is not in the OpenAPI file")
        where = ["paths", template, method.lower(), "responses", str(status)]
        response = self.resolve(operation["responses"].get(str(status)))
        if response is None:
            raise Undocumented(
                f"{method} {template} answered {status}, which is not in the OpenAPI file: {body!r:.500}"
            )
        content = response.get("content", {})
        if not content:
            return
        media = content_type.split(";")[0]
        if media not in content:
            raise Undocumented(f"{method} {template} {status} answered {media}, described are {sorted(content)}")
        schema = content[media].get("schema")
        if schema is None or media == "text/event-stream":
            return
        self._validate(schema, body, " ".join(where))

    def template(self, path: str) -> str | None:
        return next((template for pattern, template in self._paths if pattern.fullmatch(path)), None)

    def resolve(self, node: dict | None) -> dict | None:
        while node and "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def _validate(self, schema: dict, body: Any, where: str) -> None:
        absolute = _absolute(schema)
        validator = jsonschema.Draft202012Validator(
            absolute, registry=self._registry, format_checker=jsonschema.FormatChecker()
        )
        error = jsonschema.exceptions.best_match(validator.iter_errors(body))
        if error is not None:
            raise Undocumented(f"{where}: {error.json_path}: {error.message:.600}")


@functools.cache
def description(service: str) -> Description:
    """`service` in kebab-case."""
    return Description(yaml.safe_load((CONTRACTS / f"{service}.openapi.yaml").read_text()))


def _pattern(template: str) -> str:
    return "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template))


def _specificity(template: str) -> tuple:
    return (template.count("{"), -len(template))


def _absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            name: f"urn:openapi{value}" if name == "$ref" and str(value).startswith("#") else _absolute(value)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_absolute(value) for value in node]
    return node
