"""Every refusal for too many requests is described with what a program needs to slow down."""

import pytest
import yaml

from tests.support.openapi import CONTRACTS


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.openapi.yaml")), ids=lambda path: path.name)
def test_a_refusal_for_too_many_requests_is_described_with_its_limit_and_when_to_come_back(path):
    description = yaml.safe_load(path.read_text())

    [answer] = {
        operation["responses"]["429"]["$ref"]
        for methods in description["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and "429" in operation.get("responses", {})
    }
    response = description["components"]["responses"][answer.rpartition("/")[2]]
    assert set(response["headers"]) == {"Retry-After", "RateLimit-Policy", "RateLimit"}
    assert "application/problem+json" in response["content"]
