"""How long tests take: what each folder may use, and the rule that a test takes at most three seconds or says why.

The rule must hold on a machine that others load at the same time: a build that is red because of a neighbour helps nobody.
So that time is left out in which something on this machine that could run had to wait for a core or a disk (the kernel's
pressure figures), but no more than nine tenths of it: a test that waits for a clock does so on a busy machine too. Where
cores are fought for, the same work also needs up to twice the processor time, so as much less of that counts.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_SECONDS = 3.0
MOST_SLOWED_DOWN = 10
PRESSURE = [Path("/proc/pressure/cpu"), Path("/proc/pressure/io")]
BUDGETS = {
    "tests/architecture": 60,
    "tests/unit": 60,
    "tests/contract": 60,
    "tests/integration/customer": 110,
    "tests/integration/gateway": 45,
    "tests/integration/marketing": 20,
    "tests/integration/reporting": 120,
    "tests/integration/sales": 30,
    "tests/integration/service_desk": 20,
    "tests/integration/shared": 110,
    "tests/integration/stack": 10,
    "tests/integration/telephony": 75,
    "tests/e2e": 250,
    "tests/chaos": 140,
}
"""Seconds of all its tests with what they set up, one after another, on two quiet cores."""


FREE = ("tests/chaos/", "tests/proof/")
TOO_SLOW = (
    "{name} took {own:.1f} s of its own ({all:.1f} s in all); a test may take " + f"{MOST_SECONDS:.0f} s.\n"
    "Make it quicker (what does it wait for?), move it to tests/proof, or say why it takes its time: "
    '@pytest.mark.slow("why")'
)


class Stopwatch:
    """Measures from when it was made what a test took of its own."""

    def __init__(self) -> None:
        self._began, self._computed, self._lost = time.monotonic(), time.process_time(), _lost_seconds()

    def own_seconds(self) -> float:
        passed = time.monotonic() - self._began
        computed = min(time.process_time() - self._computed, passed)
        lost = min(_lost_seconds() - self._lost, passed)
        return computed * (1 - lost / passed / 2) + max(
            passed - computed - lost, (passed - computed) / MOST_SLOWED_DOWN
        )


class Budget:
    """The pytest plugin."""

    def __init__(self) -> None:
        self._own_seconds = 0.0
        self._tests: Counter[str] = Counter()
        self._used: Counter[str] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("slow"):
                if not (len(mark.args) == 1 and isinstance(mark.args[0], str) and mark.args[0].strip()):
                    raise pytest.UsageError(f'{item.nodeid}: say why it is slow: @pytest.mark.slow("why")')

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        stopwatch = Stopwatch()
        try:
            return (yield)
        finally:
            self._own_seconds = stopwatch.own_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        report = yield
        if report.when == "call" and report.passed and self._own_seconds > MOST_SECONDS and not may_be_slow(item):
            report.outcome = "failed"
            report.longrepr = TOO_SLOW.format(name=item.nodeid, own=self._own_seconds, all=report.duration)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tests[folder_of(report.nodeid)] += report.when == "call"
        self._used[folder_of(report.nodeid)] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("time by folder")
        for line in self._table():
            terminalreporter.line(line)

    def _table(self) -> Iterator[str]:
        width = max(map(len, self._used), default=6)
        yield f"{'folder':{width}}  tests    used  budget"
        for folder in sorted(self._used):
            used, budget = self._used[folder], BUDGETS.get(folder)
            over = "  over its budget" if budget is not None and used > budget else ""
            allowed = f"{budget:4} s" if budget is not None else "     -"
            yield f"{folder:{width}}  {self._tests[folder]:5}  {used:4.0f} s  {allowed}{over}"


def may_be_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None or item.nodeid.startswith(FREE)


def folder_of(nodeid: str) -> str:
    """The folder with a budget that the test is in, or else its own."""
    path = nodeid.split("::")[0].rsplit("/", 1)[0]
    return next((folder for folder in BUDGETS if f"{path}/".startswith(f"{folder}/")), path)


def _lost_seconds() -> float:
    """Since the machine's start. Where the kernel has no pressure figures: the time that the hypervisor gave to others."""
    known = [path for path in PRESSURE if path.exists()]
    if known:
        return sum(int(path.read_text().split("\n")[0].split("total=")[1]) / 1e6 for path in known)
    stolen = int(Path("/proc/stat").read_text().split("\n")[0].split()[8])
    return stolen / os.sysconf("SC_CLK_TCK") / (os.cpu_count() or 1)
