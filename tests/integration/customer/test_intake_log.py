"""The intake topic as a log: several workers share it, and it can be read again from the beginning."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.customer import consumers
from services.customer.repositories import customers as repository
from shared import ids
from shared.consumer import Consumer
from tests.support.harness import eventually

PEOPLE = 100
LEADS_EACH = 4


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


@contextmanager
def workers(customer, count: int) -> Iterator[list[Consumer]]:
    """Consumers of one group, each in its own thread, until the block ends."""
    stop = threading.Event()
    group = [
        Consumer(customer.settings, customer.database, consumers.TOPICS, consumers.HANDLERS, instance=ids.new_id())
        for _ in range(count)
    ]
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in group]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: all(one.assigned for one in group), within=60)
        yield group
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def leads() -> list[dict]:
    """Four leads of each of a hundred people, mixed, each under its own key."""
    made = []
    for number in range(PEOPLE):
        for repeat in range(LEADS_EACH):
            lead_id = f"lead-{number}-{repeat}"
            data = {"full_name": f"Person {number}", "company_name": None, "email": None, "phone": f"+8615{number:09d}"}
            made.append(
                {
                    "type": "sales.intake.received",
                    "topic": "crm.intake",
                    "subject": lead_id,
                    "data": {"source": {"source": "sales-lead", "id": lead_id}} | data,
                }
            )
    random.Random(5).shuffle(made)
    return made


def stored(customer) -> list[dict]:
    return list(customer.database[repository.COLLECTION].find({}, {"_outbox": 0, "_pending": 0}).sort("_id"))


@pytest.mark.slow("the partitions are shared out anew with each worker that joins")
def test_three_workers_register_everybody_once_and_reading_again_changes_nothing(customer):
    with workers(customer, 3):
        customer.publish(*leads())
        eventually(lambda: customer.unapplied() == 0, within=60)
    registered = stored(customer)
    announced = customer.relay()

    customer.database["_offsets"].delete_many({})
    assert customer.unapplied() == PEOPLE * LEADS_EACH
    with workers(customer, 1):
        eventually(lambda: customer.unapplied() == 0, within=60)

    answered = Counter(ref["id"] for document in registered for ref in document["recent_intake"])
    assert len(registered) == PEOPLE
    assert answered == Counter({lead["subject"]: 1 for lead in leads()})
    assert {event.subject for event in announced} == {document["_id"] for document in registered}
    assert stored(customer) == registered
    assert customer.relay() == []
    assert customer.read_topic("customer.dlq") == []
