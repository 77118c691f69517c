"""The web client's own checks: types against the OpenAPI files, lint, and its unit tests."""

import subprocess
from pathlib import Path

WEB = Path(__file__).resolve().parents[3] / "web"


def test_the_web_client_fits_the_contracts_and_its_unit_tests_pass():
    done = subprocess.run(["npm", "run", "check"], cwd=WEB, capture_output=True, text=True, timeout=600)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
