"""The web client fits the contracts: its types are generated of the OpenAPI files, and nothing in it is against the lint."""

import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"


@pytest.mark.slow("the TypeScript compiler reads the whole client and its libraries")
def test_the_web_client_fits_the_contracts_and_is_clean():
    done = subprocess.run(["npm", "run", "lint"], cwd=WEB, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
