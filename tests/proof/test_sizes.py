"""What must stay small however much there is: a customer's view, a page of their timeline, the first load of the client."""

import gzip
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bson import BSON

from shared import kafka
from tests.support import oracle
from tests.support.histories import History, encoded

DIST = Path(__file__).resolve().parents[2] / "web" / "dist"
RECORDS = 20_000
KIB = 1024
READS = 100


@pytest.fixture(scope="module")
def crowded(service):
    """Reporting with one customer of very many records, and one of few."""
    reporting = service("reporting")
    much, little = History(seed=1, customers=1), History(seed=2, customers=1)
    producer = kafka.producer(reporting.settings)
    for event in (log := [*much.events(RECORDS), *little.events(20)]):
        key, value = encoded(event)
        producer.send(reporting.settings.topic(event.topic), key=key, value=value)
    producer.flush(120)
    producer.close()
    reporting.consume(within=600)
    return reporting, *much.ids, *little.ids, log


def milliseconds(ask: Callable[[], object]) -> float:
    """The median of many."""
    took = []
    for _ in range(READS):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def test_the_view_of_a_customer_with_very_many_records_stays_small_quick_and_right(crowded):
    reporting, much, little, log = crowded
    document = reporting.database.views.find_one({"_id": much})

    answer = reporting.get(f"/v1/customers/{much}/360", as_="manager.wang")
    crowded_ms = milliseconds(lambda: reporting.get(f"/v1/customers/{much}/360", as_="manager.wang"))
    quiet_ms = milliseconds(lambda: reporting.get(f"/v1/customers/{little}/360", as_="manager.wang"))

    print(
        f"view {len(BSON.encode(document))} B, answer {len(answer.data)} B, {crowded_ms:.1f} ms, else {quiet_ms:.1f} ms"
    )
    assert len(BSON.encode(document)) < 256 * KIB
    assert len(answer.data) < 256 * KIB
    assert crowded_ms < 10 * quiet_ms + 10
    assert oracle.differences({view["_id"]: view for view in reporting.database.views.find()}, log) == []


def test_the_last_page_of_a_long_timeline_comes_as_quick_as_the_first(crowded):
    reporting, much, _, _ = crowded
    path = f"/v1/customers/{much}/timeline?limit=200"
    cursor, pages = None, 0
    while (page := reporting.get(path + (f"&cursor={cursor}" if cursor else ""), as_="manager.wang").get_json())[
        "next"
    ]:
        cursor, pages = page["next"], pages + 1

    first = milliseconds(lambda: reporting.get(path, as_="manager.wang"))
    last = milliseconds(lambda: reporting.get(f"{path}&cursor={cursor}", as_="manager.wang"))

    print(f"{pages} pages; the first in {first:.1f} ms, the last in {last:.1f} ms")
    assert pages > RECORDS // 200
    assert last < 2 * first + 10


def test_the_first_load_of_the_web_client_stays_small():
    index = (DIST / "index.html").read_text()
    files = [DIST / name.lstrip("/") for name in re.findall(r'(?:src|href)="(/assets/[^"]+)"', index)]

    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in files}

    print(f"{sum(sizes.values()) // KIB} KiB compressed in {len(sizes)} files")
    assert sum(sizes.values()) < 320 * KIB
