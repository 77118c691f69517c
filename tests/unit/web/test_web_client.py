"""The web client's own unit tests."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import vectors

WEB = Path(__file__).resolve().parents[3] / "web"


@pytest.mark.slow("the test runner starts and transforms the client's files first")
def test_the_unit_tests_of_the_web_client_pass():
    done = subprocess.run(["npm", "test"], cwd=WEB, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_only_one_place_makes_addresses_that_the_mail_program_or_the_telephone_follows():
    sources = [path for path in (WEB / "src").rglob("*.ts*") if "test" not in path.name]

    assert [path.name for path in sources if re.search(r"(mailto|tel):\$", path.read_text())] == ["links.ts"]


def test_amounts_in_the_browser_have_the_digits_of_the_contract():
    digits = json.loads((WEB / "src" / "format" / "currencies.json").read_text())

    assert digits == vectors.of("currencies")["digits"]
