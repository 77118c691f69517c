"""The programs that check the deployment files. Without them the tests fail; nothing is skipped."""

import functools
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
FETCHED = ROOT / ".stack" / "tools"


def run(program: str, *arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess:
    """Run a fetched program; its exit status is for the caller."""
    path = FETCHED / program
    assert path.exists(), f"{program} is missing. To get it: sh stack/ci-tools.sh"
    return subprocess.run([path, *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=120)


def kustomize(folder: Path) -> list[dict]:
    built = run("kustomize", "build", folder)
    assert built.returncode == 0, built.stderr
    return list(yaml.load_all(built.stdout, yaml.CSafeLoader))


def pinned(overlay: Path, folder: Path) -> Path:
    """An overlay of the overlay in an empty folder, made by README's command, in which every image has some digest."""
    (folder / "kustomization.yaml").write_text(f"resources: [{os.path.relpath(overlay, folder)}]\n")
    images = set(re.findall(r"image: (\S+)", run("kustomize", "build", overlay).stdout))
    names = {image.partition("@")[0].rpartition(":")[0] for image in images}
    by_digest = [f"{name}@sha256:{hashlib.sha256(name.encode()).hexdigest()}" for name in sorted(names)]
    edited = run("kustomize", "edit", "set", "image", *by_digest, folder=folder)
    assert edited.returncode == 0, edited.stderr
    return folder


@functools.cache
def kubernetes() -> Path:
    """The folder of the API server, its controllers, etcd and Strimzi's definitions; built here where it is not there."""
    script = ROOT / "stack" / "cluster-tools.sh"
    fetched = subprocess.run(["sh", script], stdout=subprocess.PIPE, text=True, timeout=3600)
    assert fetched.returncode == 0, "sh stack/cluster-tools.sh failed; what it said stands above"
    return Path(re.search(r"is in (.*)\.$", fetched.stdout)[1])


def custom_resource_files() -> list[Path]:
    """The definitions of all custom resources that k8s/ uses."""
    return sorted([*(FETCHED / "crds").glob("*.yaml"), *(kubernetes() / "crds").glob("*.yaml")])


@functools.cache
def custom_resource_schemas() -> dict[tuple[str, str], dict]:
    """`{(apiVersion, kind): schema}`, closed: a field that the resource does not have is an error."""
    files = sorted((FETCHED / "crds").glob("*.yaml"))
    assert files, "The custom resources' schemas are missing. To get them: sh stack/ci-tools.sh"
    schemas = {}
    for file in files:
        spec = yaml.load(file.read_text(), yaml.CSafeLoader)["spec"]
        for version in spec["versions"]:
            key = (f"{spec['group']}/{version['name']}", spec["names"]["kind"])
            schemas[key] = _closed(version["schema"]["openAPIV3Schema"])
    return schemas


def strimzi_findings(objects: list[dict]) -> list[str]:
    folder = ROOT / "stack" / "tools"
    assert (folder / "node_modules").exists(), "Strimzi's schemas are missing. To get them: sh stack/ci-tools.sh"
    checked = subprocess.run(
        ["node", folder / "strimzi.js"], input=json.dumps(objects), capture_output=True, text=True, timeout=60
    )
    assert checked.returncode == 0, checked.stderr
    return checked.stdout.splitlines()


def _closed(schema: object) -> object:
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    described = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    if described and "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        closed["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    if isinstance(pattern := schema.get("pattern"), str) and "(?i)" in pattern:
        # Go allows the flag anywhere, Python at the beginning only.
        closed["pattern"] = "(?i)" + pattern.replace("(?i)", "")
    return closed
