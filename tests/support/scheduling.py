"""How two processes share the tests: file by file, all browser tests in one of them, and those that need the machine last.

A run without `-n` goes through the same order by itself.
"""

import dataclasses
from collections import Counter

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

ORDER = ("e2e", "integration", "contract", "architecture", "unit", "load", "proof", "chaos")
"""The longest first, so that both processes end together."""
ONE_AFTER_ANOTHER = "tests/e2e/"
"""They share one running suite, and in it the demo people's screens."""
ALONE = ("tests/chaos/", "tests/proof/")


def name_apart(items: list[pytest.Item]) -> None:
    """Give every test a name of its own. Raises UsageError where two have the same: only one of them would run."""
    for item in items:
        if operation := getattr(item, "operation_label", None):
            # pytest leaves out of the name which operation a generated test of Schemathesis is for.
            item._id = dataclasses.replace(item.id, params=operation)
    [(most, times)] = Counter(item.nodeid for item in items).most_common(1) or [("", 1)]
    if times > 1:
        raise pytest.UsageError(f"{times} tests are named {most}")


def sort(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: ORDER.index(item.nodeid.split("/")[1]))


class AloneLast(LoadScopeScheduling):
    """What needs the machine for itself runs in the process that is left when all else is done."""

    def __init__(self, config: pytest.Config, log=None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        super().mark_test_complete(node, item_index, duration)
        for other in self.nodes:
            if other is not node:
                self._reschedule(other)

    def _split_scope(self, nodeid: str) -> str:
        return ONE_AFTER_ANOTHER if nodeid.startswith(ONE_AFTER_ANOTHER) else nodeid.split("::")[0]

    def _reschedule(self, node: WorkerController) -> None:
        if node.shutting_down or not self._only_alone_is_left():
            super()._reschedule(node)
        elif any(other is not node and not other.shutting_down for other in self.nodes):
            node.shutdown()
        elif not any(self._pending_of(work) for other, work in self.assigned_work.items() if other is not node):
            super()._reschedule(node)

    def _only_alone_is_left(self) -> bool:
        return bool(self.workqueue) and all(scope.startswith(ALONE) for scope in self.workqueue)
