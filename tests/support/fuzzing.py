"""Generated requests against every service: none is answered with a 5xx or with anything that is not described."""

from collections.abc import Callable
from types import SimpleNamespace

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
from tests.support.harness import Harness
from tests.support.openapi import CONTRACTS

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KINDS = {
    "customer_id": "customers",
    "lead_id": "leads",
    "opportunity_id": "opportunities",
    "order_id": "orders",
    "product_id": "products",
    "partner_id": "partners",
    "campaign_id": "campaigns",
    "ticket_id": "tickets",
    "call_id": "calls",
}
"""By the name of a path parameter, the collection of what it names."""
RECORDS = [
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
"""Service, path, body and person: something to ask for before the requests begin."""


def _description(service: str):
    document = yaml.safe_load((CONTRACTS / f"{service}.openapi.yaml").read_text())
    document["servers"] = [{"url": "/"}]
    # The push processes serve the streams; tests/integration and tests/e2e listen to them.
    document["paths"].pop("/v1/stream", None)
    return schemathesis.openapi.from_dict(document)


SCHEMAS = SimpleNamespace(**{service: _description(service.replace("_", "-")) for service in asyncapi.services()})


class Fuzzed:
    """The services under test, each started when the first request is for it, and ids of records that exist in them."""

    def __init__(self, start: Callable[[str], Harness]) -> None:
        self._start = start
        self._known: dict[str, dict[str, str]] = {}

    def service(self, name: str) -> Harness:
        harness = self._start(name)
        if name not in self._known:
            for service, path, body, who in RECORDS:
                if service == name:
                    made = harness.post(path, body, as_=who)
                    assert made.status_code == 201, made.json
            self.look_up(name)
        return harness

    def known(self, name: str) -> dict[str, str]:
        return self._known[name]

    def look_up(self, name: str) -> None:
        """Also what earlier requests have made."""
        database = self._start(name).database
        found = {kind: database[of_kind].find_one({}, {}, sort=[("_id", 1)]) for kind, of_kind in KINDS.items()}
        self._known[name] = {kind: document["_id"] for kind, document in found.items() if document is not None}


def fuzz_test(name: str, *, examples: int, before_each: Callable[[Fuzzed, str], None] = lambda *_: None, **options):
    """A test function for each operation of the service; it needs a fixture `fuzzed`. `options` are Hypothesis' own."""

    @getattr(SCHEMAS, name).parametrize()
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **options,
    )
    def test(case, fuzzed: Fuzzed):
        harness = fuzzed.service(name)
        before_each(fuzzed, name)
        _try(harness, case, fuzzed.known(name))

    return test


def _try(harness: Harness, case, known: dict[str, str]) -> None:
    token = harness.issuer.mint(sub="admin.root", roles=list(ROLES), team="east")
    for number, name in enumerate(sorted(case.path_parameters or {})):
        if name in known and (len(str(case.path_parameters[name])) + number) % 3:
            case.path_parameters[name] = known[name]
    case.operation.schema.app = harness.app
    answer = case.call(app=harness.app, headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=CHECKS)
