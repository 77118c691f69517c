"""Generated requests against every service: none is answered with a 5xx or with anything that is not described."""

from types import SimpleNamespace

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.auth import ROLES
from stack import asyncapi
from tests.support.openapi import CONTRACTS

EXAMPLES = 25
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def description(service: str):
    document = yaml.safe_load((CONTRACTS / f"{service}.openapi.yaml").read_text())
    document["servers"] = [{"url": "/"}]
    # The push processes serve the streams; tests/integration and tests/e2e listen to them.
    document["paths"].pop("/v1/stream", None)
    return schemathesis.openapi.from_dict(document)


SCHEMAS = SimpleNamespace(**{service: description(service.replace("_", "-")) for service in asyncapi.services()})


def seeded(harness) -> dict[str, str]:
    """Ids of records that exist, by the name of the path parameter, so that not every answer is a 404."""
    found = {}
    for name, collection in [
        ("customer_id", "customers"),
        ("lead_id", "leads"),
        ("opportunity_id", "opportunities"),
        ("order_id", "orders"),
        ("product_id", "products"),
        ("partner_id", "partners"),
        ("campaign_id", "campaigns"),
        ("ticket_id", "tickets"),
        ("call_id", "calls"),
    ]:
        document = harness.database[collection].find_one({}, sort=[("_id", 1)])
        if document is not None:
            found[name] = document["_id"]
    return found


def fuzz(harness, case) -> None:
    token = harness.issuer.mint(sub="admin.root", roles=list(ROLES), team="east")
    known = seeded(harness)
    for number, name in enumerate(sorted(case.path_parameters or {})):
        if name in known and (len(str(case.path_parameters[name])) + number) % 3:
            case.path_parameters[name] = known[name]
    case.operation.schema.app = harness.app
    answer = case.call(app=harness.app, headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=CHECKS)


bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def fuzz_test(name: str):
    schema = getattr(SCHEMAS, name)

    @schema.parametrize()
    @bounded
    def test(case, service):
        fuzz(service(name), case)

    return test


test_customer = fuzz_test("customer")
test_sales = fuzz_test("sales")
test_marketing = fuzz_test("marketing")
test_service_desk = fuzz_test("service_desk")
test_telephony = fuzz_test("telephony")
test_reporting = fuzz_test("reporting")


def test_all_services_are_fuzzed():
    assert set(vars(SCHEMAS)) == {name.removeprefix("test_") for name in globals() if name.startswith("test_")} - {
        "all_services_are_fuzzed"
    }


@pytest.fixture(autouse=True, scope="module")
def _records(service):
    """At least one record of each kind before the requests begin."""
    for name, path, body, who in _RECORDS:
        made = service(name).post(path, body, as_=who)
        assert made.status_code == 201, made.json


_RECORDS = [
    ("customer", "/v1/customers", {"kind": "person", "family_name": "张", "given_name": "伟"}, "rep.li"),
    (
        "marketing",
        "/v1/campaigns",
        {
            "code": "FUZZ-1",
            "name": "Fuzz",
            "channels": ["email"],
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "budget": {"amount": 100000, "currency": "CNY"},
        },
        "marketer.chen",
    ),
    ("sales", "/v1/partners", {"id": "fuzz", "name": "Fuzz"}, "admin.root"),
    ("sales", "/v1/leads", {"source": "web", "full_name": "张伟", "email": "zhang@fuzz.example"}, "rep.li"),
    (
        "service_desk",
        "/v1/tickets",
        {
            "contact": {"full_name": "张伟", "email": "zhang@fuzz.example"},
            "subject": "Fuzz",
            "type": "other",
            "channel": "web",
        },
        "agent.zhao",
    ),
]
