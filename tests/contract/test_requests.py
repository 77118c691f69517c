"""What every route of every service refuses before it does any work: bodies that are too much, unknown parameters."""

import re

import pytest

from shared import limits, problems
from shared.auth import ROLES
from stack import asyncapi
from tests.support import openapi

SERVICES = asyncapi.services()
ID = "0190f000-0000-7000-8000-000000000000"
MANY_MISTAKES = {f"f{number}": None for number in range(limits.ORDINARY.json_nodes - 2)} | {"x" * 50_000: "y" * 50_000}
NO_BODIES = {"reporting"}
NO_LISTS = {"reporting", "telephony"}


@pytest.fixture(params=SERVICES)
def harness(request, service):
    return service(request.param)


@pytest.fixture
def call(harness):
    token = harness.issuer.mint(sub="some.body", roles=list(ROLES), partner_id=ID, customer_id=ID)

    def call(method: str, path: str, **kwargs):
        headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
        return harness.app.test_client().open(path, method=method, headers=headers, **kwargs)

    return call


def routes(app):
    """`(method, path with ids, view)` of each route that is not public."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "public" not in view.access:
            path = re.sub(r"<(?:[a-z]+:)?[a-z_]+>", ID, rule.rule)
            yield from ((method, path, view) for method in sorted(rule.methods - {"HEAD", "OPTIONS"}))


def bodies_of(harness):
    """Method, path and limits of each operation that takes a body."""
    document = harness.description.document
    for method, path, view in routes(harness.app):
        operation = document["paths"].get(harness.description.template(path), {}).get(method.lower(), {})
        if "requestBody" in operation:
            yield method, path, getattr(view, "limits", limits.ORDINARY)


def refusals(harness, call, body) -> list:
    """The answers to this body of all operations that read it before they look for a record or another credential."""
    answers = [call(method, path, json=body(allowed)) for method, path, allowed in bodies_of(harness)]
    assert {answer.status_code for answer in answers} <= {401, 404, 413, 422}, [answer.json for answer in answers]
    return [answer for answer in answers if answer.status_code in (413, 422)]


def test_a_body_of_too_many_values_is_refused_in_a_short_answer(harness, call):
    refused = refusals(harness, call, lambda allowed: {"phones": [{}] * allowed.json_nodes})

    assert {(answer.status_code, answer.json["code"]) for answer in refused} <= {(413, "too-many-values")}
    assert all(len(answer.data) < 1024 for answer in refused)
    assert refused or harness.name in NO_BODIES


def test_a_body_of_too_many_bytes_is_refused_unread(harness, call):
    refused = refusals(harness, call, lambda allowed: {"name": "x" * allowed.body_bytes})

    assert {(answer.status_code, answer.json["code"]) for answer in refused} <= {(413, "too-large")}
    assert refused or harness.name in NO_BODIES


def test_as_many_mistakes_as_a_body_can_hold_are_told_in_16_kib(harness, call):
    refused = refusals(harness, call, lambda _: MANY_MISTAKES)

    assert all(len(answer.data) <= 16 * 1024 for answer in refused)
    assert all(len(answer.json["errors"]) <= problems.MAX_ERRORS for answer in refused)
    assert refused or harness.name in NO_BODIES


def test_a_list_that_is_too_long_is_refused_by_its_length_and_not_by_what_it_holds(harness, call):
    seen = []
    for method, path, allowed in bodies_of(harness):
        for name in lists_in_body(harness.description, method, path):
            answer = call(method, path, json={name: [{}] * (allowed.json_nodes // 2)})

            if answer.status_code == 422:
                seen.append(name)
                told = {error["field"] for error in answer.json["errors"] if error["field"].startswith(name)}
                assert told == {name}, (method, path)
    assert seen or harness.name in NO_LISTS


def lists_in_body(description: openapi.Description, method: str, path: str) -> list[str]:
    operation = description.document["paths"][description.template(path)][method.lower()]
    body = description.resolve(operation["requestBody"])
    return _lists(description, body["content"]["application/json"]["schema"])


def _lists(description: openapi.Description, schema: dict) -> list[str]:
    resolved = description.resolve(schema)
    inherited = [name for part in resolved.get("allOf", []) for name in _lists(description, part)]
    named = resolved.get("properties", {}).items()
    return inherited + [name for name, value in named if description.resolve(value).get("type") == "array"]


def test_an_unknown_query_parameter_is_named_and_refused(harness, call):
    for method, path, view in routes(harness.app):
        if view.access.get("scheme") == "switch_signature":
            continue  # It signs its body, which this test cannot.
        answer = call(method, f"{path}?colour=blue", json=None if method == "GET" else {})

        assert answer.status_code == 422, (method, path, answer.json)
        assert [(error["field"], error["rule"]) for error in answer.json["errors"]] == [("colour", "unknown-parameter")]


def test_a_parameter_that_is_given_twice_is_refused(harness, call):
    for method, path, view in routes(harness.app):
        for name in getattr(view, "query", ()):
            answer = call(method, f"{path}?{name}=1&{name}=2")

            assert answer.status_code == 422, (method, path)
            assert (name, "once") in {(error["field"], error["rule"]) for error in answer.json["errors"]}


def test_each_route_takes_the_parameters_that_its_description_names(harness):
    for method, path, view in routes(harness.app):
        if path not in openapi.PLATFORM_PATHS:
            assert getattr(view, "query", frozenset()) == described(harness.description, method, path), (method, path)


def described(description: openapi.Description, method: str, path: str) -> frozenset[str]:
    item = description.document["paths"][description.template(path)]
    parameters = [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
    resolved = [description.resolve(parameter) for parameter in parameters]
    return frozenset(parameter["name"] for parameter in resolved if parameter["in"] == "query")
