"""What docker-compose.yml lets in, lets out, asks for and lets grow."""

import itertools
import re
from pathlib import Path

import pytest
import yaml

from tests.support import compose

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))
STORES = {"mongodb", "kafka"}
REQUIRED = {name for name, kind, _ in compose.NAMED.findall(compose.FILE.read_text()) if kind == "?"}


@pytest.fixture(scope="module")
def given() -> dict[str, str]:
    return compose.settings()


@pytest.fixture(scope="module")
def suite(given) -> dict:
    return compose.parsed(given)


@pytest.fixture(scope="module")
def parts(suite) -> dict[str, dict]:
    return suite["services"]


def test_only_the_gateway_is_published_and_only_on_this_machine(parts):
    published = {name: part["ports"] for name, part in parts.items() if "ports" in part}

    assert list(published) == ["gateway"]
    assert [(port["host_ip"], port["published"]) for port in published["gateway"]] == [("127.0.0.1", "8080")]


def test_no_part_has_more_rights_than_it_needs(parts):
    for name, part in parts.items():
        assert part["cap_drop"] == ["ALL"], name
        assert part["security_opt"] == ["no-new-privileges:true"], name
        assert part.get("read_only") or name == "kafka", name
        assert not part.get("privileged"), name


def test_no_part_takes_more_of_the_machine_than_its_share(parts):
    for name, part in parts.items():
        assert re.fullmatch(r"(\d{3}m|[12]g)", part["mem_limit"]), name
        assert 0 < part["pids_limit"] <= 2048, name
        assert all(re.search(r":size=\d+m$", folder) for folder in part["tmpfs"]), name
        assert {"max-size", "max-file"} <= part["logging"]["options"].keys(), name
    assert "--wiredTigerCacheSizeGB=1" in parts["mongodb"]["command"]


def test_every_volume_that_an_image_declares_has_a_place(parts):
    declared = {"mongo": {"/data/db", "/data/configdb"}}
    declared["apache/kafka"] = {"/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"}
    for name, part in parts.items():
        placed = {volume["target"] for volume in part.get("volumes", [])}
        placed |= {folder.split(":")[0] for folder in part["tmpfs"]}
        assert declared.get(part["image"].split(":")[0], set()) <= placed, name


def test_the_stores_have_no_way_out_and_only_the_services_have_a_way_in(suite, parts):
    in_data = {name for name, part in parts.items() if "data" in part.get("networks", {})}
    in_edge = {name for name, part in parts.items() if "edge" in part.get("networks", {})}
    own = {name for name in parts if name.rsplit("-", 1)[0].replace("-", "_") in SERVICES}

    assert suite["networks"]["data"]["internal"] is True
    assert in_data == STORES | {"topics"} | own
    assert in_edge & in_data == {name for name in own if not name.endswith("-worker")}
    assert parts["mongodb-users"]["network_mode"] == "service:mongodb"


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_nothing_starts_without_its_secrets(given, name):
    with pytest.raises(AssertionError, match=rf"{name} is missing a value: .*sh stack/compose-env.sh"):
        compose.parsed({setting: value for setting, value in given.items() if setting != name})


def test_every_secret_is_another_one_that_chance_made(given):
    secrets = [given[name] for name in REQUIRED]

    assert len(set(secrets)) == len(REQUIRED) >= 11
    assert all(re.fullmatch(r"[0-9a-f]{48}", secret) for secret in secrets)
    assert not re.search(r"for-this-machine-only", compose.FILE.read_text())


def test_every_setting_is_explained_and_every_explained_one_is_used():
    used = {name for name, _, _ in compose.NAMED.findall(compose.FILE.read_text())}
    lines = compose.EXAMPLE.read_text().splitlines()
    explained = {line.split("=")[0] for line in lines if re.match("[A-Z_]+=", line)}

    assert explained == used
    for before, line in itertools.pairwise(lines):
        assert "=" not in line or before.startswith("#") or "=" in before or line.startswith("#"), f"say what {line} is"


def test_each_service_signs_in_at_the_stores_under_its_own_name(parts, given):
    users = (ROOT / "stack" / "compose" / "users.js").read_text()
    jaas = parts["kafka"]["environment"]["KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG"]

    assert sorted(re.findall(r"'([a-z_]+)'", re.search(r"SERVICES = \[(.*)\]", users)[1])) == SERVICES
    for name, part in parts.items():
        service = name.rsplit("-", 1)[0].replace("-", "_")
        if service in SERVICES:
            environment, password = part["environment"], given[f"{service.upper()}_PASSWORD"]
            assert environment["MONGO_URI"].startswith(f"mongodb://{service}:{password}@mongodb:27017/"), name
            assert (environment["KAFKA_USERNAME"], environment["KAFKA_PASSWORD"]) == (service, password), name
            assert environment["KAFKA_SECURITY_PROTOCOL"] == "SASL_PLAINTEXT", name
            assert f'user_{service}="{password}"' in jaas, name


def test_another_public_address_is_one_setting(given):
    parts = compose.parsed(given | {"PUBLIC_URL": "https://crm.example.com", "LISTEN": "0.0.0.0:443"})["services"]

    assert "127.0.0.1:8080" not in re.sub(r"http://127.0.0.1:8080/healthz", "", yaml.dump(parts))
    assert parts["oidc"]["environment"]["ISSUER"] == "https://crm.example.com/oidc"
    assert parts["gateway"]["environment"]["PUBLIC_URL"] == "https://crm.example.com"
    assert parts["sales-web"]["environment"]["OIDC_ISSUER"] == "https://crm.example.com/oidc"


def test_every_part_that_stays_says_when_it_is_healthy(parts):
    once = {"topics", "oidc-keys", "mongodb-users", "tools"}

    assert {name for name, part in parts.items() if "healthcheck" not in part} == once
    assert {name for name, part in parts.items() if part["restart"] == "no"} == once


def test_a_check_starts_nothing_large_and_is_rarely_asked(parts):
    for name, part in parts.items():
        if check := part.get("healthcheck"):
            assert check["test"][:2] in (["CMD", "bash"], ["CMD", "wget"]), name
            assert (check["interval"], check["start_interval"]) == ("30s", "1s"), name
