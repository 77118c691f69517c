"""Who may do what, as the OpenAPI files say it; `tests/contract/test_every_route.py` holds the services to them."""

import pytest

from shared import auth
from stack import asyncapi
from tests.support import openapi


def operations():
    """`(service, method, path)` of everything described, with the roles that it lets in."""
    for service in asyncapi.services():
        for path, item in openapi.description(service.replace("_", "-")).document["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "x-roles" in operation:
                    yield (service, method, path), operation["x-roles"]


def test_an_operator_changes_no_business_record():
    only_read = {("customer", "post", "/v1/customers/match")}

    writes = {what for what, roles in operations() if "operator" in roles and what[1] != "get"}

    assert writes <= only_read


def test_an_importer_reaches_exactly_what_an_import_needs():
    reached = {what for what, roles in operations() if "importer" in roles}

    assert reached == {
        ("customer", "get", "/v1/identities/resolve"),
        ("customer", "post", "/v1/customers"),
        ("customer", "post", "/v1/identities/link"),
        ("sales", "post", "/v1/products"),
        ("sales", "post", "/v1/opportunities"),
        ("sales", "get", "/v1/opportunities"),
    }


@pytest.mark.parametrize("scope", ["team", "territory", "everything"])
def test_a_scope_that_no_rule_implements_is_refused_at_definition(scope):
    with pytest.raises(ValueError, match=scope):
        auth.requires({"sales-manager": scope})


def test_every_described_scope_is_one_that_is_implemented():
    assert {scope for _, roles in operations() for scope in roles.values()} == set(auth.SCOPES)
