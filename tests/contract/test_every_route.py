"""Every route of every service refuses strangers, tokens for others, and roles that it is not for."""

import re

import pytest

from shared.auth import ROLES
from stack import asyncapi

SERVICES = asyncapi.services()


def routes(app):
    """`(method, path, access)` of each route that is not public, with something in place of its parameters."""
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access
        if "public" in access:
            continue
        path = re.sub(r"<(?:[a-z]+:)?[a-z_]+>", "0190f000-0000-7000-8000-000000000000", rule.rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, path, access


@pytest.fixture(params=SERVICES)
def harness(request, service):
    return service(request.param)


def call(harness, method: str, path: str, token: str | None = None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return harness.app.test_client().open(path, method=method, headers=headers, json={} if method != "GET" else None)


def test_nobody_gets_in_without_a_token(harness):
    refused = {(method, path): call(harness, method, path).status_code for method, path, _ in routes(harness.app)}

    assert refused
    assert set(refused.values()) == {401}, refused


def test_a_token_for_another_audience_opens_nothing(harness):
    token = harness.issuer.mint(sub="admin.root", roles=list(ROLES), aud="another-application")

    refused = {
        (method, path): call(harness, method, path, token).status_code for method, path, _ in routes(harness.app)
    }

    assert set(refused.values()) == {401}, refused


def test_a_token_that_has_expired_opens_nothing(harness):
    token = harness.issuer.mint(sub="admin.root", roles=list(ROLES), exp=1)

    refused = {
        (method, path): call(harness, method, path, token).status_code for method, path, _ in routes(harness.app)
    }

    assert set(refused.values()) == {401}, refused


def test_every_role_that_a_route_is_not_for_is_refused(harness):
    tokens = {role: harness.issuer.mint(sub=f"some.{role}", roles=[role]) for role in ROLES}

    let_in = [
        (method, path, role)
        for method, path, access in routes(harness.app)
        for role in ROLES
        if role not in access.get("roles", {})
        and call(harness, method, path, tokens[role]).status_code not in (401, 403)
    ]

    assert let_in == []


def test_a_token_without_roles_opens_nothing(harness):
    token = harness.issuer.mint(sub="some.body", roles=[])

    refused = {
        (method, path): call(harness, method, path, token).status_code for method, path, _ in routes(harness.app)
    }

    assert set(refused.values()) <= {401, 403}, refused
