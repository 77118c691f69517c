"""Tests of the whole suite share it; when the last of them has run, it stops."""

import os

import pytest

from tests.support import suite

ADDRESS = "GATEWAY_URL"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/tests/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Beside other tests it would take time from them. Who runs tests of this folder alone finds it ready the next time."""
    if nextitem is not None and "/tests/e2e/" not in str(nextitem.path) and ADDRESS not in os.environ:
        suite.stop_all_but_stores()
