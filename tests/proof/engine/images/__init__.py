"""The official images that the suite stands on, made here under their own names: a registry is not asked.

Each folder is the recipe of one. They have the programs, users, folders and volumes of the official images as far as the
suite uses them; Debian's versions stand for theirs where a package registry has no other.
"""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from tests.proof.engine import debian
from tests.proof.engine.daemon import Engine

ROOT = Path(__file__).parents[4]
RECIPES = Path(__file__).parent
ORDER = [["debian"], ["python", "kafka"], ["node", "envoy", "caddy"], ["mongo"]]
"""Each is made from one of those before it."""


def make(engine: Engine) -> dict[str, str]:
    """All of them; what is up to date is not made again. Returns `{recipe: the name that the suite uses}`."""
    names = used()
    _root_file_system(engine)
    for stage in ORDER:
        with ThreadPoolExecutor(len(stage)) as pool:
            list(pool.map(lambda recipe: _make(engine, recipe, names.get(recipe)), stage))
    return names


def used() -> dict[str, str]:
    """The images that docker-compose.yml and the Dockerfiles name, by recipe."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    named = {part.get("image", "") for part in compose["services"].values()}
    for dockerfile in [*ROOT.glob("services/Dockerfile"), *ROOT.glob("*/Dockerfile"), *ROOT.glob("stack/*/Dockerfile")]:
        named |= set(re.findall(r"^(?:FROM|ARG PYTHON=)\s*([a-z/]+:\S+)", dockerfile.read_text(), re.MULTILINE))
    recipes = {name for stage in ORDER for name in stage}
    return {recipe: name for name in named if (recipe := name.split(":")[0].split("/")[-1]) in recipes}


def _make(engine: Engine, recipe: str, name: str | None) -> None:
    context = engine.folder / "contexts" / recipe
    shutil.copytree(RECIPES / recipe, context, dirs_exist_ok=True)
    if recipe == "kafka":
        _kafka(context)
    version = re.sub(r"^v|-.*", "", (name or "").rpartition(":")[2])
    tags = ["--tag", f"proof/{recipe}"] + (["--tag", name] if name else [])
    arguments = ["--build-arg", f"{recipe.upper()}={version}"] if recipe in ("envoy", "caddy") else []
    engine.docker("build", "--quiet", *tags, *arguments, context, within=900)


def _root_file_system(engine: Engine) -> None:
    archive = engine.folder / "contexts" / "debian" / "rootfs.tar"
    if archive.exists():
        return
    root = engine.folder / "rootfs"
    shutil.rmtree(root, ignore_errors=True)
    archive.parent.mkdir(parents=True, exist_ok=True)
    words = ["--variant=minbase", "--include=ca-certificates,netbase,tzdata", debian.release()["VERSION_CODENAME"]]
    scripts = engine.programs / "usr/share/debootstrap"
    environment = engine.environment | {"DEBOOTSTRAP_DIR": str(scripts)}
    environment.pop("LD_LIBRARY_PATH")  # The new system's own programs must take its own libraries.
    made = engine.run("debootstrap", *words, root, debian.archive(), env=environment, within=900)
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr
    for folder in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir()
    # The authorities that this machine trusts are those that its package registries are signed by.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/ca-certificates.crt")
    subprocess.run(["tar", "-C", root, "-cf", archive.with_suffix(".part"), "."], check=True)
    archive.with_suffix(".part").rename(archive)
    shutil.rmtree(root)


def _kafka(context: Path) -> None:
    """The broker's jars, and those of its command line tools, from the registry that the local stack uses."""
    pom = ROOT / "stack" / "kafka" / "pom.xml"
    shutil.copy(ROOT / "stack" / "kafka" / "log4j2.properties", context)
    text = pom.read_text()
    version = re.search(r"kafka_2\.13</artifactId>\s*<version>([^<]+)", text)[1]
    tools = f"<groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>{version}</version>"
    text = text.replace("</dependencies>", f"<dependency>{tools}</dependency></dependencies>")
    mark = context / "pom.xml"
    if mark.exists() and mark.read_text() == text:
        return
    shutil.rmtree(context / "libs", ignore_errors=True)
    mark.write_text(text)
    done = subprocess.run(
        ["mvn", "--batch-mode", "--quiet", "-f", mark, "package", f"-Dlibraries={context / 'libs'}"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        mark.unlink()
        raise debian.CannotRun(f"mvn failed:\n{done.stdout[-3000:]}")
