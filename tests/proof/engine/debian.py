"""Programs out of Debian's packages, unpacked into a folder and not installed: the machine stays as it was."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path("/etc/apt")
ENGINE_RELEASE = "trixie"
"""The oldest Debian whose Docker Engine knows all that docker-compose.yml uses."""

FROM_ENGINE_RELEASE = ["docker.io", "docker-cli", "docker-compose", "docker-buildx", "containerd", "tini"]
FROM_THE_MACHINES = [
    *["runc", "libseccomp2", "debootstrap", "iptables", "libip4tc2", "libip6tc2", "libxtables12", "libmnl0"],
    *["libnetfilter-conntrack3", "libnfnetlink0", "libnftnl11", "nftables", "libnftables1", "libedit2", "libbsd0"],
    *["libmd0", "libjansson4", "libgmp10"],
]
"""runc and iptables are linked against the machine's own C library, so they come from its own release."""


class CannotRun(Exception):
    """The proof cannot run on this machine. The text says what is missing."""


def check_machine() -> None:
    """Raises CannotRun with everything that is missing."""
    missing = [f"the program {name}" for name in ("apt-get", "dpkg", "git") if shutil.which(name) is None]
    if os.geteuid() != 0:
        missing.append("root (a Docker Engine makes networks and mounts)")
    if release().get("ID") != "debian":
        missing.append("Debian: the engine and the images are made from its packages")
    elif archive() is None:
        missing.append(f"a source of {release()['VERSION_CODENAME']} main in {SOURCES}")
    if missing:
        raise CannotRun("This proof needs " + "; ".join(missing) + ".")


def release() -> dict[str, str]:
    """The fields of /etc/os-release."""
    lines = Path("/etc/os-release").read_text().splitlines()
    return {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}


def archive() -> str | None:
    """Where this machine gets its Debian packages from, as its own sources say."""
    codename = release().get("VERSION_CODENAME", "")
    for address, suites in _sources():
        if codename in suites:
            return address
    return None


def _sources() -> Iterator[tuple[str, list[str]]]:
    """`(address, suites)` of every entry in either of apt's two formats."""
    for path in [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]:
        text = path.read_text() if path.is_file() else ""
        for address, suite in re.findall(r"^deb (?:\[[^]]*\] )?(\S+) (\S+)", text, re.MULTILINE):
            yield address, [suite]
        for paragraph in re.split(r"\n\s*\n", text):
            fields = dict(re.findall(r"^(URIs|Suites): (.+)$", paragraph, re.MULTILINE))
            for address in fields.get("URIs", "").split():
                yield address, fields.get("Suites", "").split()


def unpack(folder: Path) -> Path:
    """All programs below `folder`, which is returned; what is there already is kept."""
    done = folder / "unpacked"
    wanted = "\n".join([ENGINE_RELEASE, *FROM_ENGINE_RELEASE, *FROM_THE_MACHINES])
    if not done.exists() or done.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _unpack(ENGINE_RELEASE, FROM_ENGINE_RELEASE, folder)
        _unpack(release()["VERSION_CODENAME"], FROM_THE_MACHINES, folder)
        for name in ("iptables", "ip6tables"):  # An installation would choose them by update-alternatives.
            (folder / "usr/sbin" / name).symlink_to("xtables-nft-multi")
        done.write_text(wanted)
    return folder


def _unpack(codename: str, packages: list[str], folder: Path) -> None:
    apt = folder / "apt" / codename
    for name in ("state/lists/partial", "cache/archives/partial", "sources", "packages"):
        (apt / name).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb {archive()} {codename} main\n")
    (apt / "apt.conf").write_text(
        f'Dir::State "{apt}/state"; Dir::State::status "{apt}/status"; Dir::Cache "{apt}/cache";\n'
        f'Dir::Etc::sourcelist "{apt}/sources.list"; Dir::Etc::sourceparts "{apt}/sources";\n'
        'APT::Sandbox::User "root";\n'
    )
    environment = os.environ | {"APT_CONFIG": str(apt / "apt.conf")}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "download", "-qq", *packages]):
        done = subprocess.run(command, cwd=apt / "packages", env=environment, capture_output=True, text=True)
        if done.returncode:
            raise CannotRun(f"{' '.join(command)} of {codename} failed:\n{done.stderr}")
    for package in sorted((apt / "packages").glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    shutil.rmtree(apt)
