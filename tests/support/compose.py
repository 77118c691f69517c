"""docker-compose.yml with the settings that somebody who starts it for the first time has."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml

from tests.support import tools

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / ".env.example"
NAMED = re.compile(r"\$\{([A-Z_]+)(?::([?-])([^}]*))?\}")


def settings() -> dict[str, str]:
    """What `sh stack/compose-env.sh` makes in a fresh checkout."""
    with tempfile.TemporaryDirectory() as checkout:
        (Path(checkout) / "stack").mkdir()
        shutil.copy(EXAMPLE, checkout)
        script = shutil.copy(ROOT / "stack" / "compose-env.sh", Path(checkout) / "stack")
        subprocess.run(["sh", script], check=True, capture_output=True)
        return read(Path(checkout) / ".env")


def read(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", path.read_text(), re.MULTILINE))


def parsed(given: dict[str, str]) -> dict:
    """The file as Docker Compose's own parser understands it, anchors merged and these settings filled in.

    Raises AssertionError with what the parser says.
    """

    def value(match: re.Match) -> str:
        return given.get(match[1], match[0])

    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        filled = Path(folder) / "docker-compose.yml"
        filled.write_text(NAMED.sub(value, FILE.read_text()))
        answer = tools.run("compose", filled)
    assert answer.returncode == 0, answer.stderr
    return yaml.safe_load(answer.stdout)
