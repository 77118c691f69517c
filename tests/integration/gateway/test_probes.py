"""What Kubernetes asks the gateway's pod, asked as the manifest says, of the real Envoy."""

import subprocess
from pathlib import Path

import httpx
import pytest
import yaml

from tests.integration.gateway.conftest import envoy, free_port
from tests.support.harness import eventually

MANIFEST = Path(__file__).parents[3] / "k8s" / "base" / "gateway" / "gateway.yaml"


@pytest.fixture(scope="module")
def container() -> dict:
    [deployment] = [one for one in yaml.safe_load_all(MANIFEST.read_text()) if one["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return container


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The gateway's address, and a function that runs a command of the manifest beside it."""
    folder = tmp_path_factory.mktemp("gateway")
    with envoy(free_port(), free_port(), provider=free_port(), public_url="http://crm.test", folder=folder) as gateway:
        admin = yaml.safe_load((folder / "envoy.yaml").read_text())["admin"]["address"]["socket_address"]["port_value"]

        def run(command: list[str]) -> int:
            *shell, script = command
            script = script.replace("/9901", f"/{admin}").replace("sleep 20", "sleep 1")
            return subprocess.run([*shell, script], stderr=subprocess.DEVNULL, timeout=20).returncode

        yield gateway.url, run


def test_the_gateway_is_found_ready_and_then_asks_its_clients_to_leave(container, running):
    url, run = running

    eventually(lambda: run(container["readinessProbe"]["exec"]["command"]) == 0, within=20)
    before = httpx.get(f"{url}/api/nowhere").headers.get("connection")
    run(container["lifecycle"]["preStop"]["exec"]["command"])

    assert before is None
    # Each answer may still keep its connection; the longer it drains, the fewer do.
    assert eventually(lambda: httpx.get(f"{url}/api/nowhere").headers.get("connection"), within=20) == "close"
