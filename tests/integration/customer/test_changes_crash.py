"""A process killed between a change and its record leaves both or neither."""

import os
import signal
import subprocess
import sys

import pytest

from services.customer.repositories import changes
from shared import ids
from tests.support.change_and_die import TIER

LUCIA = {"kind": "person", "given_name": "Lucia", "family_name": "Garcia", "tier": "B"}


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


def die(customer, how: str, when: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "tests.support.change_and_die", how, when],
        env=os.environ | customer.environ,
        timeout=90,
    )
    assert process.returncode == -signal.SIGKILL, "it was to die in the middle"


def recorded(customer, id: str) -> list[int]:
    rows = customer.database[changes.COLLECTION].find({"customer_id": id}).sort("_id", 1)
    return [row["version"] for row in rows]


@pytest.mark.parametrize(
    ("when", "stored"), [("update:customers", False), ("insert:changes", False), ("commitTransaction:", True)]
)
@pytest.mark.slow("MongoDB keeps what a dead process had locked for up to five seconds")
def test_a_change_and_its_record_are_stored_together_or_not_at_all(customer, when, stored):
    id = customer.post("/v1/customers", LUCIA, as_="rep.li").get_json()["id"]

    die(customer, f"change:{id}", when)
    after_death = customer.database["customers"].find_one({"_id": id})
    again = customer.patch(f"/v1/customers/{id}", {"tier": "A"}, as_="rep.li", if_match="*")

    assert (after_death["tier"], after_death["version"]) == ((TIER, 2) if stored else ("B", 1))
    assert again.status_code == 200
    assert recorded(customer, id) == list(range(1, again.get_json()["version"] + 1))


@pytest.mark.parametrize("when", ["insert:customers", "commitTransaction:"])
@pytest.mark.slow("a consumer starts, dies and is followed by another one")
def test_contacts_are_answered_and_recorded_once_though_the_consumer_dies(customer, when):
    email = f"{ids.new_id()}@example.com"
    lead = ids.new_id()
    nothing = {"company_name": None, "phone": None}
    source = {"source": {"source": "sales-lead", "id": lead}}
    contact = {"type": "sales.intake.received", "topic": "crm.intake", "subject": lead}
    customer.publish(contact | {"data": source | nothing | {"full_name": "Lucia Garcia", "email": email}})

    customer.rewind()  # Closes the consumer of this process, which would be given the contact otherwise.
    die(customer, "consume", when)
    customer.consume()

    (found,) = customer.database["customers"].find({"emails.address": email})
    assert recorded(customer, found["_id"]) == [1]
    (row,) = customer.database[changes.COLLECTION].find({"customer_id": found["_id"]})
    assert [cause["event_id"] for cause in row["causes"]] == [f"{lead}:1"]
