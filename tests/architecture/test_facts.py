"""Facts about the whole suite that must stay true as it grows."""

import ast
import dataclasses
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from shared import events
from shared.settings import ServiceSettings
from stack import asyncapi
from tests.support import openapi
from tests.support.harness import EXTRA_SETTINGS, settings_of

ROOT = Path(__file__).parents[2]
SERVICES = asyncapi.services()
TYPES = {type: service for service in SERVICES for type in asyncapi.published(service)}
SCHEMA_FILES = sorted((ROOT / "contracts" / "events").glob("*/*.v1.schema.json"))


def kebab(service: str) -> str:
    return service.replace("_", "-")


@pytest.fixture(scope="module")
def apps():
    """The services' applications. Nothing is asked of them, so they wait for their stores in vain."""
    environ = {
        "MONGO_URI": "mongodb://127.0.0.1:1",
        "KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "OIDC_ISSUER": "http://tests.invalid/oidc",
        "OIDC_AUDIENCE": "crm",
        "OIDC_JWKS_URL": "http://tests.invalid/jwks",
        "LOG_LEVEL": "CRITICAL",
    }
    made = {}
    for service in SERVICES:
        own = {"MONGO_DATABASE": "none"} | EXTRA_SETTINGS.get(service, {})
        settings = settings_of(service, environ | own)
        made[service] = importlib.import_module(f"services.{service}.app").create_app(settings)
    return made


def test_all_six_services_are_there():
    assert SERVICES == ["customer", "marketing", "reporting", "sales", "service_desk", "telephony"]


def test_imports_point_inward_and_services_do_not_know_each_other():
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert lint.returncode == 0, lint.stdout


def test_the_code_is_formatted_and_clean():
    ruff = Path(sys.executable).parent / "ruff"
    for arguments in (["check", "."], ["format", "--check", "."]):
        result = subprocess.run([ruff, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert result.returncode == 0, result.stdout[-3000:]


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_is_described_with_the_roles_that_the_code_lets_in(apps, service):
    described = openapi.description(kebab(service)).document
    for rule in apps[service].url_map.iter_rules():
        path = re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)
        if path in openapi.PLATFORM_PATHS or rule.endpoint == "static":
            continue
        access = apps[service].view_functions[rule.endpoint].access
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            operation = described["paths"].get(path, {}).get(method.lower())
            assert operation is not None, f"{method} {path} is not in the OpenAPI file"
            assert operation.get("x-roles", {}) == access.get("roles", {}), f"{method} {path}"
            if "scheme" in access:
                schemes = {name for way in operation.get("security", []) for name in way}
                assert access["scheme"] in schemes, f"{method} {path} does not name {access['scheme']}"


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_described_that_does_not_exist(apps, service):
    described = openapi.description(kebab(service)).document
    served = {
        (method.lower(), re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule))
        for rule in apps[service].url_map.iter_rules()
        for method in rule.methods
    } | {("get", "/v1/stream")}
    promised = {
        (method, path)
        for path, item in described["paths"].items()
        for method in item
        if method in ("get", "post", "put", "patch", "delete")
    }

    assert promised - served == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_post_honours_idempotency_keys_or_says_why_not(apps, service):
    missing = [
        rule.rule
        for rule in apps[service].url_map.iter_rules()
        if "POST" in rule.methods and not hasattr(apps[service].view_functions[rule.endpoint], "idempotent")
    ]

    assert missing == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_all_its_files_and_a_place_in_every_way_to_run(service):
    name = kebab(service)
    assert (ROOT / "services" / service / "README.md").is_file()
    assert (ROOT / "contracts" / "http" / f"{name}.openapi.yaml").is_file()
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {f"{name}-web", f"{name}-worker"} <= set(compose)
    assert f"/api/{name}/" in (ROOT / "gateway" / "envoy.yaml").read_text()
    assert (ROOT / "k8s" / "services" / name / "kustomization.yaml").is_file()


@pytest.mark.parametrize("service", SERVICES)
def test_the_readme_lists_exactly_the_settings_of_the_code(service):
    config = importlib.import_module(f"services.{service}.config")
    classes = [c for c in vars(config).values() if isinstance(c, type) and issubclass(c, ServiceSettings)]
    cls = next(c for c in classes if "service" in vars(c))
    common = {field.name for field in dataclasses.fields(ServiceSettings)}
    own = {field.name.upper() for field in dataclasses.fields(cls) if field.name not in common}
    readme = (ROOT / "services" / service / "README.md").read_text()
    table = readme.split("## Settings", 1)[1]

    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE)) == own


@pytest.mark.parametrize("type", sorted(TYPES))
def test_every_published_event_has_a_schema_with_examples_that_keep_it(type):
    schema = json.loads(events.schema_path(type).read_text())
    examples = schema.get("examples") or _referenced_examples(type, schema)

    assert examples, f"{type} has no example"
    for example in examples:
        events.validator(type)(example)


def _referenced_examples(type: str, schema: dict) -> list:
    if "$ref" not in schema:
        return []
    return json.loads((events.schema_path(type).parent / schema["$ref"]).read_text()).get("examples", [])


def test_no_schema_is_an_orphan():
    described = {path for path in SCHEMA_FILES}
    published = {events.schema_path(type) for type in TYPES}

    assert described == published


def test_every_consumed_event_is_published_by_somebody():
    for service in SERVICES:
        assert set(asyncapi.consumed(service)) <= set(TYPES), service


def test_the_consumers_listen_to_the_topics_of_their_handlers():
    for service in SERVICES:
        if asyncapi.consumed(service):
            topics = importlib.import_module(f"services.{service}.consumers").TOPICS
            assert set(topics) == {f"crm.{type.split('.')[1]}" for type in asyncapi.consumed(service)}, service


def test_asyncapi_says_what_the_code_does():
    assert asyncapi.TARGET.read_text() == asyncapi.text(), "run: python -m stack.asyncapi"


PERSONAL = re.compile(r"(^|_)(name|email|phone|address|subject|body|description|note|text|number_from)$")


@pytest.mark.parametrize("type", sorted(t for t in TYPES if t.split(".")[1] not in ("customer", "intake")))
def test_personal_data_travels_on_two_topics_only(type):
    validated = events.inlined(events.schema_path(type))

    personal = [name for name in _property_names(validated) if PERSONAL.search(name)]

    assert personal == []


def _property_names(node: object):
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from _property_names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _property_names(value)


def test_shared_holds_no_word_of_the_trade():
    """Names only. The claims of a token and the key of an event are the suite's own, and `shared/auth.py` knows all roles."""
    words = re.compile(r"(leads?|customers?|tickets?|campaigns?|opportunit(y|ies)|partners?|agents?)", re.IGNORECASE)
    allowed = {"customer_id", "partner_id", "customerid", "_lead", "leads"}  # One of those who wait leads the others.
    for path in sorted((ROOT / "shared").rglob("*.py")):
        found = {name for name in _names(ast.parse(path.read_text())) if any(map(words.fullmatch, name.split("_")))}
        assert found - allowed == set(), path.relative_to(ROOT)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for part in ("id", "arg", "attr", "name"):
            if isinstance(name := getattr(node, part, None), str):
                yield name


def test_every_file_that_a_page_names_exists():
    """A path in backticks or in a link of a Markdown page: from the page's own folder, the top, or a service."""
    named = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|yaml|yml|json|sh|txt|in|toml))`|\]\((?!https?:|#)([^)#\s]+)")
    pages = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for page in map(ROOT.joinpath, pages.split()):
        for match in named.finditer(page.read_text()):
            path = match[1] or match[2]
            folders = [page.parent, ROOT, ROOT / "services", *(ROOT / "services").iterdir()]
            assert any((folder / path).exists() for folder in folders), f"{page.relative_to(ROOT)} names {path}"


def test_every_factory_that_a_manifest_starts_exists():
    named = set()
    for path in [ROOT / "docker-compose.yml", ROOT / "services" / "Dockerfile", *(ROOT / "k8s").rglob("*.yaml")]:
        named |= set(re.findall(r"services\.(\$\(SERVICE\)|\$\{SERVICE\}|\w+)\.(\w+):(\w+)\(\)", path.read_text()))
    assert {module for _, module, _ in named} == {"app", "push"}
    for service, module, factory in named:
        files = (ROOT / "services").glob(f"*/{module}.py" if "SERVICE" in service else f"{service}/{module}.py")
        for path in list(files):
            functions = {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
            assert factory in functions, f"{path.relative_to(ROOT)} has no {factory}"


def test_what_people_write_is_read_by_one_rule():
    """Whoever reads phone numbers, folds texts or knows currencies beside shared/text would do it otherwise one day."""
    rules = {"phonenumbers", "unicodedata", "idna"}
    sources = [path for folder in ("services", "shared", "stack") for path in (ROOT / folder).rglob("*.py")]
    readers = {
        str(path.relative_to(ROOT))
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
        if (name or "").split(".")[0] in rules
    }

    # The demo people get numbers that the library calls valid.
    assert {path for path in readers if not path.startswith("shared/text/")} <= {"stack/demo/people.py"}


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "contracts" / "vectors").glob("*.json")))
def test_every_vector_file_is_run_by_the_rule_and_by_a_service(name):
    tests = {path: path.read_text() for path in (ROOT / "tests").rglob("test_*vectors*.py")}
    running = {path.parts[len(ROOT.parts) + 1] for path, text in tests.items() if f'"{name}"' in text}

    assert running == {"unit", "integration"}
