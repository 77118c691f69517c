"""Several projector processes on the real broker: joining, leaving, killed, and waking up after a successor took over."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from services.reporting.repositories import daily
from shared.events import Event
from tests.support import oracle
from tests.support.harness import eventually
from tests.support.histories import History

REBALANCED_SECONDS = 120


@pytest.fixture
def start(reporting) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts one more worker process of the reporting service."""
    running: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.reporting.worker"], env=os.environ | reporting.environ
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.wait(20)


def parts(told: list[Event], count: int) -> list[list[Event]]:
    cuts = [len(told) * number // count for number in range(count + 1)]
    return [told[first:last] for first, last in pairwise(cuts)]


def assert_applied_once(reporting, told: list[Event], *, earlier: Counter) -> None:
    """The views are those of exactly these events, and so is what was counted besides what was counted earlier."""
    customers = {event.customer_id for event in told} - {None}
    stored = {view["_id"]: view for view in reporting.database.views.find({"_id": {"$in": list(customers)}})}
    assert oracle.differences(stored, told) == []
    assert counted(reporting) - earlier == counts_of_all(told)


def counted(reporting) -> Counter:
    counted = Counter()
    for counts in daily.sums(reporting.database.daily.find()).values():
        counted.update({name: n for name, n in counts.items() if isinstance(n, int)})
    return counted


def counts_of_all(told: list[Event]) -> Counter:
    counted = sum(oracle.days(told).values(), Counter())
    return Counter({name: n for name, n in counted.items() if "." not in name})


@pytest.mark.slow("processes start, and a killed one's session must end first")
def test_projectors_that_join_leave_and_are_killed_apply_every_event_once(reporting, tell, start):
    told = History(seed=70, customers=40).events(1500)
    first, second, third, fourth, fifth, sixth = parts(told, 6)
    earlier = counted(reporting)

    one = start()
    tell(first)
    two = start()
    tell(second)
    start()
    tell(third)
    eventually(lambda: reporting.database.timeline.estimated_document_count() > 0, within=60)
    one.kill()
    tell(fourth)
    start()
    tell(fifth)
    two.terminate()
    tell(sixth)

    eventually(lambda: assert_applied_once(reporting, told, earlier=earlier) is None, within=REBALANCED_SECONDS)
    assert two.wait(40) == 0


@pytest.mark.slow("a frozen process's session must end first")
def test_a_projector_that_wakes_up_after_its_successor_took_over_changes_nothing(reporting, tell, start):
    told = History(seed=71, customers=40).events(1500)
    first, second, third = parts(told, 3)

    known, earlier = reporting.database.timeline.count_documents({}), counted(reporting)
    old = start()
    tell(first)
    eventually(lambda: reporting.database.timeline.count_documents({}) > known, within=60)
    old.send_signal(signal.SIGSTOP)
    start()
    tell(second)
    so_far = [*first, *second]
    eventually(lambda: assert_applied_once(reporting, so_far, earlier=earlier) is None, within=REBALANCED_SECONDS)
    old.send_signal(signal.SIGCONT)
    tell(third)

    eventually(lambda: assert_applied_once(reporting, told, earlier=earlier) is None, within=REBALANCED_SECONDS)
    assert old.poll() is None
