"""The gateway's configuration is one that Envoy accepts, as it stands and as the local stack renders it."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from stack import gateway
from stack.environments import ENVIRONMENTS, ROOT
from stack.parts import BIN, addresses

SERVICES = ["customer", "sales", "marketing", "service-desk", "telephony", "reporting"]


@pytest.fixture(scope="module")
def configuration() -> dict:
    return yaml.safe_load(gateway.SOURCE.read_text())


def rendered(name: str, **changes) -> str:
    environment = ENVIRONMENTS[name]
    return gateway.rendered(addresses(environment), environment.gateway_url, **changes)


def validate(path: Path) -> subprocess.CompletedProcess:
    secrets = {"OIDC_CLIENT_SECRET": "secret", "LOGIN_COOKIE_SECRET": "secret"}
    return subprocess.run(
        [BIN / "envoy", "--mode", "validate", "-c", path], env=os.environ | secrets, capture_output=True, text=True
    )


def routes(configuration: dict) -> dict[str, dict]:
    [listener] = configuration["static_resources"]["listeners"]
    [filter_] = listener["filter_chains"][0]["filters"]
    hosts = filter_["typed_config"]["route_config"]["virtual_hosts"]
    return {route["name"]: route for host in hosts for route in host["routes"]}


def test_envoy_accepts_the_file_as_compose_and_kubernetes_use_it():
    answer = validate(gateway.SOURCE)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_envoy_accepts_the_file_as_the_local_stack_renders_it(name, tmp_path):
    (tmp_path / "envoy.yaml").write_text(rendered(name, user_requests_per_second=5000))

    answer = validate(tmp_path / "envoy.yaml")

    assert answer.returncode == 0, answer.stderr


def test_the_rendered_file_knows_loopback_addresses_only():
    assert set(re.findall(r"address: ([a-z0-9.-]+),", rendered("test"))) == {"127.0.0.1"}


def test_the_limit_of_a_user_can_be_set():
    text = rendered("test", user_requests_per_second=5000)

    assert "token_bucket: {max_tokens: 25000, tokens_per_fill: 5000, fill_interval: 1s}" in text


def test_only_the_public_address_is_let_in_and_it_is_the_one_setting():
    text = gateway.rendered(addresses(ENVIRONMENTS["test"]), "https://crm.example.com")

    [*named, last] = yaml.safe_load(text)["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0][
        "typed_config"
    ]["route_config"]["virtual_hosts"]
    assert [host["domains"] for host in named] == [["crm.example.com"]]
    assert (last["domains"], [route["direct_response"] for route in last["routes"]]) == (["*"], [{"status": 421}])
    assert "127.0.0.1:8080" not in text


def test_no_agreed_rate_of_a_partner_is_above_what_the_gateway_lets_through():
    schemas = yaml.safe_load((ROOT / "contracts/http/sales.openapi.yaml").read_text())["components"]["schemas"]
    highest = schemas["CreatePartner"]["properties"]["rate"]["maximum"]

    assert f"tokens_per_fill: {highest}, fill_interval: 1s" in gateway.SOURCE.read_text()


@pytest.mark.parametrize(
    "start", ["stack/parts.py", "docker-compose.yml", "k8s/base/gateway/gateway.yaml"], ids=lambda path: path
)
def test_wherever_the_gateway_starts_its_login_filter_keeps_cookies_out_of_the_log(start):
    assert re.search(r"--component-log-level[\", ]+oauth2:critical", (ROOT / start).read_text())


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_route_that_takes_the_service_out_of_the_path(configuration, service):
    route = routes(configuration)[service]

    assert route["match"] == {"prefix": f"/api/{service}/v1/"}
    assert route["route"]["cluster"] == f"{service}-web"
    assert route["route"]["prefix_rewrite"] == "/v1/"


def test_only_named_routes_leave_out_the_token(configuration):
    open_routes = {
        name
        for name, route in routes(configuration).items()
        if route.get("typed_per_filter_config", {}).get("verify-token", {}).get("disabled")
    }

    assert open_routes == {"partner", "no-key", "switch", "oidc", "assets", "unknown-host"}


def test_streams_have_no_timeout(configuration):
    for name in ("telephony-stream", "reporting-stream"):
        assert routes(configuration)[name]["route"]["timeout"] == "0s"
        assert routes(configuration)[name]["route"]["idle_timeout"] == "0s"
