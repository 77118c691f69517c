"""Who may do what, as the OpenAPI files say it; `tests/contract/test_every_route.py` holds the services to them."""

import pytest

from services.reporting.api import roles, sight
from services.reporting.projections.kinds import ENTRY_KINDS
from shared import auth
from stack import asyncapi
from tests.support import openapi

# Where each kind of record that reporting shows is read one at a time.
OWNERS = {
    "customer": ("customer", "/v1/customers/{customer_id}"),
    "interaction": ("customer", "/v1/interactions/{interaction_id}"),
    "lead": ("sales", "/v1/leads/{lead_id}"),
    "opportunity": ("sales", "/v1/opportunities/{opportunity_id}"),
    "order": ("sales", "/v1/orders/{order_id}"),
    "ticket": ("service_desk", "/v1/tickets/{ticket_id}"),
    "call": ("telephony", "/v1/calls/{call_id}"),
    "campaign": ("marketing", "/v1/campaigns/{campaign_id}"),
}


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


@pytest.mark.parametrize("kind", roles.READERS)
def test_a_role_sees_a_kind_of_record_at_a_customer_exactly_if_its_owner_lets_the_role_read_one(kind):
    service, path = OWNERS[kind]
    allowed = dict(operations())[service, "get", path]

    assert roles.READERS[kind] == allowed


def test_every_kind_that_a_customer_can_have_is_in_the_table():
    assert {*ENTRY_KINDS, "campaign"} == set(roles.READERS) == set(OWNERS)


def test_every_scope_of_own_records_has_a_rule_that_says_which_they_are():
    assert {kind for kind, readers in roles.READERS.items() if "own" in readers.values()} == set(sight.OWN)


def test_whoever_sees_any_kind_of_record_at_a_customer_may_read_the_view():
    described = dict(operations())
    seers = {role for readers in roles.READERS.values() for role in readers}

    for path in ("/v1/customers/{customer_id}/360", "/v1/customers/{customer_id}/timeline", "/v1/stream"):
        assert set(described["reporting", "get", path]) == seers
