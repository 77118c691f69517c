"""The vectors of contracts/vectors, for tests of shared/text and of every service that uses it."""

import functools
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "contracts" / "vectors"


@functools.cache
def of(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
