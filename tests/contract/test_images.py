"""The images hold what their processes need, and nothing else."""

import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))
DOCKERFILES = ["services/Dockerfile", "web/Dockerfile", "stack/Dockerfile", "stack/oidc/Dockerfile"]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A virtual environment with what requirements/service.txt names and nothing else, as in a service's image."""
    venv = tmp_path_factory.mktemp("image") / "venv"
    lock = ROOT / "requirements" / "service.txt"
    for command in (
        ["venv", "--python", sys.executable, venv],
        ["pip", "install", "--python", venv / "bin" / "python", "--require-hashes", "--no-deps", "-r", lock],
    ):
        done = subprocess.run([BIN / "uv", "--quiet", *command], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    return venv / "bin"


@pytest.fixture
def image(service, tmp_path) -> Path:
    """The folder /app of a service's image."""
    dockerfile = (ROOT / "services" / "Dockerfile").read_text()
    for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", dockerfile, re.MULTILINE):
        source, target = ROOT / source.replace("${SERVICE}", service), tmp_path / target.replace("${SERVICE}", service)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.suffix != ".txt":
            shutil.copy(source, target)
    return tmp_path


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_the_dockerfiles_keep_the_rules(dockerfile):
    assert (BIN / "hadolint").exists(), "hadolint is missing. To get it: make .venv/.installed"

    checked = subprocess.run([BIN / "hadolint", ROOT / dockerfile], capture_output=True, text=True, timeout=60)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
def test_images_run_as_an_ordinary_user(dockerfile):
    users = re.findall(r"^USER (\S+)", (ROOT / dockerfile).read_text(), re.MULTILINE)

    assert users == ["10001:10001"]


def test_what_the_images_copy_is_in_the_build_context():
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in ignore if line.startswith("!")]
    for dockerfile in set(DOCKERFILES) - {"stack/oidc/Dockerfile"}:  # which has a context of its own
        for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / dockerfile).read_text(), re.MULTILINE):
            for source in copied.split():
                assert (ROOT / source.replace("${SERVICE}", SERVICES[0])).exists(), source
                assert any(fnmatch(source, f"{pattern}*") for pattern in let_in), source


def test_a_service_image_holds_no_other_service():
    copied = re.findall(r"^COPY (services/\S+)", (ROOT / "services" / "Dockerfile").read_text(), re.MULTILINE)

    assert copied == ["services/__init__.py", "services/${SERVICE}"]


def run(folder: Path, *command: object) -> None:
    answer = subprocess.run(
        command, cwd=folder, env={"PATH": "", "PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_runs_from_what_its_image_holds(service, image, packages):
    modules = [name for name in ("app", "worker", "push") if (ROOT / "services" / service / f"{name}.py").exists()]
    imports = "; ".join(f"import services.{service}.{name}" for name in modules)

    run(image, packages / "python", "-c", f"{imports}; import shared.topics; shared.topics.wanted()")


def test_gunicorn_has_the_worker_that_its_settings_name(packages):
    named = re.search(r'^worker_class = "(\w+)"', (ROOT / "shared" / "gunicorn.conf.py").read_text(), re.MULTILINE)[1]

    run(ROOT, packages / "python", "-c", f"from gunicorn.util import load_class; load_class({named!r})")
    assert f"gunicorn.workers.g{named}" in (ROOT / "services" / "Dockerfile").read_text(), "The build tries it too."


def test_every_package_of_the_image_finds_what_it_requires(packages):
    done = subprocess.run(
        [BIN / "uv", "pip", "check", "--python", packages / "python"], capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr


def test_packages_are_installed_by_hash_only():
    assert "--require-hashes" in (ROOT / "services" / "Dockerfile").read_text()
    assert "--hash=sha256:" in (ROOT / "requirements" / "service.txt").read_text()
