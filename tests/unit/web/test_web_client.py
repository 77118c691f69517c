"""The web client's own unit tests."""

import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "web"


@pytest.mark.slow("the test runner starts and transforms the client's files first")
def test_the_unit_tests_of_the_web_client_pass():
    done = subprocess.run(["npm", "test"], cwd=WEB, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
