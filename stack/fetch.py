"""Fetches what pip cannot: the Kafka broker, the OIDC provider's packages, and the built web client. Each once."""

import hashlib
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from stack.environments import FETCHED, ROOT
from stack.parts import KAFKA_LIBRARIES


class Missing(Exception):
    """A program that cannot be fetched is not on this machine. The message says how to get it."""


@dataclass(frozen=True)
class Tool:
    program: str
    arguments: tuple[str, ...]
    minimum: int
    install: str


TOOLS = [
    Tool("java", ("-version",), 17, "apt-get install openjdk-17-jre-headless"),
    Tool("mvn", ("--version",), 3, "apt-get install maven"),
    Tool("node", ("--version",), 20, "install Node 20 or newer (Debian 13 and Ubuntu 25: apt-get install nodejs npm)"),
    Tool("npm", ("--version",), 9, "apt-get install npm"),
]
NEEDED_TO_RUN = {"java", "node"}
"""What is looked at again at every start; the others are only needed to fetch and build."""


@dataclass(frozen=True)
class Item:
    """Something to fetch or build: it is up to date while the files it is made from stay the same."""

    name: str
    made_from: Callable[[], Iterable[Path]]
    result: Path
    commands: tuple[tuple[str, ...], ...]
    folder: Path = ROOT
    after: str = ""
    """The item that must be there first."""
    emptied: bool = False
    """The result is a folder in which nothing of an older version may stay."""


def items() -> list[Item]:
    oidc, web, tools = ROOT / "stack" / "oidc", ROOT / "web", ROOT / "stack" / "tools"
    install = ("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
    kafka_pom = ROOT / "stack" / "kafka" / "pom.xml"
    return [
        Item(
            "kafka",
            lambda: [kafka_pom],
            KAFKA_LIBRARIES,
            (("mvn", "--batch-mode", "--quiet", "-f", str(kafka_pom), "package", f"-Dlibraries={KAFKA_LIBRARIES}"),),
            emptied=True,
        ),
        Item("oidc", lambda: [oidc / "package-lock.json"], oidc / "node_modules", (install,), oidc),
        Item(
            "tools",
            lambda: [ROOT / "stack" / "ci-tools.sh", tools / "go.sum", tools / "package-lock.json"],
            FETCHED / "tools",
            (("sh", "stack/ci-tools.sh"),),
        ),
        Item("web packages", lambda: [web / "package-lock.json"], web / "node_modules", (install,), web),
        Item("web", lambda: _web_sources(web), web / "dist", (("npm", "run", "build"),), web, after="web packages"),
    ]


def check_tools(tools: list[Tool]) -> None:
    """Raises Missing with everything that is absent or too old, so that one visit to apt-get is enough."""
    complaints = [complaint for tool in tools if (complaint := _complaint(tool))]
    if complaints:
        raise Missing("This machine lacks:\n" + "\n".join(f"  - {complaint}" for complaint in complaints))


def fetch(names: Iterable[str], say: Callable[[str], None]) -> None:
    """Fetch the named items that are absent or out of date, all that can be at the same time. Raises Missing."""
    wanted = [item for item in items() if {item.name, *item.name.split()} & set(names)]
    outdated = [item for item in wanted if not _up_to_date(item)]
    check_tools(TOOLS if outdated else [tool for tool in TOOLS if tool.program in NEEDED_TO_RUN])
    with ThreadPoolExecutor(max_workers=4) as pool:
        first = [pool.submit(_make, item, say) for item in outdated if not item.after]
        for done in first:
            done.result()
        for item in outdated:
            if item.after:
                _make(item, say)


def _complaint(tool: Tool) -> str | None:
    if shutil.which(tool.program) is None:
        return f"{tool.program} ({tool.minimum} or newer). To get it: {tool.install}"
    answer = subprocess.run([tool.program, *tool.arguments], capture_output=True, text=True)
    # A first release has no dot: openjdk version "17" 2021-09-14
    version = re.search(r'(\d+)(?:[.]\d+)+|(?<=")\d+', answer.stdout + answer.stderr)
    if version and int(version[0].split(".")[0]) < tool.minimum:
        return f"{tool.program} {tool.minimum} or newer; here is {version[0]}. To get it: {tool.install}"
    return None


def _make(item: Item, say: Callable[[str], None]) -> None:
    say(f"fetching {item.name}: {' && '.join(' '.join(command[:3]) for command in item.commands)}")
    began = time.monotonic()
    if item.emptied:
        shutil.rmtree(item.result, ignore_errors=True)
    for command in item.commands:
        answer = subprocess.run(command, cwd=item.folder, capture_output=True, text=True)
        if answer.returncode:
            lines = (answer.stdout + answer.stderr).splitlines()
            shown = lines if len(lines) <= 40 else [*lines[:20], "…", *lines[-20:]]
            raise Missing("\n".join([f"`{' '.join(command)}` failed in {item.folder.relative_to(ROOT)}:", *shown]))
    _stamp(item).parent.mkdir(parents=True, exist_ok=True)
    _stamp(item).write_text(_digest(item))
    say(f"fetched {item.name} in {time.monotonic() - began:.0f} s")


def _up_to_date(item: Item) -> bool:
    stamp = _stamp(item)
    return item.result.exists() and stamp.exists() and stamp.read_text() == _digest(item)


def _stamp(item: Item) -> Path:
    return FETCHED / "fetched" / item.name


def _digest(item: Item) -> str:
    digest = hashlib.sha256()
    for path in sorted(item.made_from()):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _web_sources(web: Path) -> Iterable[Path]:
    """The web client is made from its own files and from the OpenAPI files, of which its types are generated."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "web", "contracts/http"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
