"""A Docker Engine of its own: its data, sockets and networks are none of the machine's, and nothing of it stays behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.proof.engine import debian

START_SECONDS, STOP_SECONDS = 60, 60
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")
TABLES = [("ip", "nat"), ("ip", "filter"), ("ip", "raw"), ("ip6", "nat"), ("ip6", "filter")]
NETWORKS = ["--bip=172.31.0.1/24", "--default-address-pool=base=172.31.128.0/17,size=24"]
"""Its own addresses, so that it does not meet another engine's."""


@dataclass(frozen=True)
class Engine:
    folder: Path
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        """For everything that speaks to this engine, or that it starts."""
        path = [self.programs / "usr/sbin", self.programs / "usr/bin", os.environ["PATH"], "/usr/sbin", "/sbin"]
        libraries = [str(folder) for folder in (self.programs / "usr/lib").glob("*-linux-gnu")]
        libraries += [str(folder) for folder in (self.programs / "lib").glob("*-linux-gnu")]
        return os.environ | {
            "PATH": ":".join(map(str, path)),
            "LD_LIBRARY_PATH": ":".join(libraries),
            "XTABLES_LIBDIR": f"{libraries[0]}/xtables",
            "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
            "DOCKER_CONFIG": str(self.folder / "config"),
        }

    def docker(self, *words: object, check: bool = True, within: float = 600, **options) -> subprocess.CompletedProcess:
        """`docker <words>`. Raises AssertionError with what it printed, unless `check` is false."""
        done = self.run("docker", *words, within=within, **options)
        assert done.returncode == 0 or not check, f"docker {' '.join(map(str, words))}:\n{done.stdout}{done.stderr}"
        return done

    def run(self, *words: object, within: float = 600, **options) -> subprocess.CompletedProcess:
        options = {"env": self.environment, "capture_output": True, "text": True, "timeout": within} | options
        return subprocess.run([*map(str, words)], **options)


@contextmanager
def running(folder: Path) -> Iterator[Engine]:
    """An engine in `folder`; images and the build cache stay there for the next time. Raises CannotRun."""
    debian.check_machine()
    engine = Engine(folder, debian.unpack(folder / "programs"))
    _configure(engine)
    before, forwarding_before = (_tables(engine), _bridges()), FORWARDING.read_text()
    with (folder / "dockerd.log").open("w") as log:
        daemon = subprocess.Popen(_command(engine), env=engine.environment, stdout=log, stderr=log)
        try:
            _wait(engine, daemon)
            yield engine
        finally:
            _stop(daemon)
            _remove_networks(engine, *before)
            FORWARDING.write_text(forwarding_before)


def _configure(engine: Engine) -> None:
    plugins = engine.folder / "config" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    for name in ("docker-compose", "docker-buildx"):
        link = plugins / name
        link.unlink(missing_ok=True)
        link.symlink_to(engine.programs / "usr/libexec/docker/cli-plugins" / name)
    for name in ("docker.sock", "docker.pid"):
        (engine.folder / name).unlink(missing_ok=True)


def _command(engine: Engine) -> list[str]:
    programs, folder = engine.programs, engine.folder
    return [
        str(programs / "usr/sbin/dockerd"),
        *("--data-root", f"{folder}/data"),
        *("--exec-root", f"{folder}/exec"),
        *("--pidfile", f"{folder}/docker.pid"),
        *("--host", f"unix://{folder}/docker.sock"),
        *("--init-path", f"{programs}/usr/bin/tini-static"),
        *("--userland-proxy-path", f"{programs}/usr/sbin/docker-proxy"),
        *NETWORKS,
    ]


def _wait(engine: Engine, daemon: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while engine.docker("version", check=False).returncode:
        if daemon.poll() is not None or time.monotonic() > deadline:
            log = (engine.folder / "dockerd.log").read_text().splitlines()[-20:]
            raise debian.CannotRun("The Docker Engine does not start:\n" + "\n".join(log))
        time.sleep(0.3)


def _stop(daemon: subprocess.Popen) -> None:
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _tables(engine: Engine) -> set[str]:
    return set(engine.run("nft", "list", "tables").stdout.splitlines())


def _bridges() -> set[str]:
    return {path.name for path in Path("/sys/class/net").iterdir() if (path / "bridge").exists()}


def _remove_networks(engine: Engine, tables: set[str], bridges: set[str]) -> None:
    """What was not there before is Docker's."""
    for family, name in TABLES:
        if f"table {family} {name}" in _tables(engine) - tables:
            engine.run("nft", "delete", "table", family, name)
    for name in _bridges() - bridges:
        engine.run("ip", "link", "delete", name)
