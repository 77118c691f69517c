"""The rules that keep the tests quick are rules themselves: what is slow fails, unless it says why it may be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = """
from tests.support import budget
budget.MOST_SECONDS = 0.2
budget.BUDGETS = {"": 60}
def pytest_configure(config):
    config.addinivalue_line("markers", "slow(reason): may take longer")
    config.pluginmanager.register(budget.Budget())
"""
SLEEPS = "import pytest, time\n\n{mark}\ndef test_that_waits():\n    time.sleep({seconds})\n"


@pytest.fixture
def run(tmp_path: Path):
    """Runs a test file under the rules, with a limit of a fifth of a second."""

    def run(mark: str, *, seconds: float) -> subprocess.CompletedProcess:
        (tmp_path / "conftest.py").write_text(PLUGIN)
        (tmp_path / "test_it.py").write_text(SLEEPS.format(mark=mark, seconds=seconds))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:schemathesis", tmp_path]
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.slow("pytest itself starts")
def test_a_slow_test_fails_and_is_told_what_to_do(run):
    # Longer than the limit even if all of the machine's time but a tenth went to others.
    done = run("", seconds=2.5)

    assert done.returncode == 1
    assert 'say why it takes its time: @pytest.mark.slow("why")' in done.stdout


@pytest.mark.slow("pytest itself starts")
def test_a_slow_test_that_says_why_passes_and_the_time_by_folder_is_told(run):
    done = run('@pytest.mark.slow("it waits for the clock")', seconds=0.5)

    assert done.returncode == 0
    assert "time by folder" in done.stdout
    assert "1 passed" in done.stdout.splitlines()[-1]


@pytest.mark.slow("pytest itself starts")
def test_slow_without_a_reason_is_refused(run):
    done = run("@pytest.mark.slow", seconds=0)

    assert done.returncode == 4
    assert "say why it is slow" in done.stderr
