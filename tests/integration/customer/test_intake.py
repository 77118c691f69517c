"""Intake through Kafka: contacts of other services become customers, each person once, whatever happens on the way."""

import itertools
import random
import threading
import time
from collections import Counter

import pymongo.errors
import pytest

from services.customer import consumers
from services.customer.repositories import customers as repository
from shared import aggregates, consumer, events

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


@pytest.fixture(autouse=True)
def _empty(customer):
    yield
    customer.relay()
    customer.database[repository.COLLECTION].delete_many({})


def lead(full_name: str | None = None, **fields: str | None) -> dict:
    """An event of the sales service about a new lead, under the lead's key as long as the customer is not known."""
    lead_id = f"lead-{next(numbers)}"
    data = {"full_name": full_name, "company_name": None, "email": None, "phone": None}
    return {
        "type": "sales.intake.received",
        "topic": "crm.intake",
        "subject": lead_id,
        "customer_id": None,
        "data": {"source": {"source": "sales-lead", "id": lead_id}} | data | fields,
    }


def published(*leads: dict) -> list[events.Event]:
    """The events as a consumer decodes them, without a broker between."""
    made = []
    for one in leads:
        announcement = events.announce(
            one["type"], topic=one["topic"], subject=one["subject"], customer_id=None, data=one["data"]
        )
        (entry,) = events.stamp([announcement], service="sales", version=1)
        made.append(events.decode(entry["b"], topic=one["topic"]))
    return made


def stored(customer) -> list[dict]:
    return list(customer.database[repository.COLLECTION].find().sort("_id"))


def answers(customer) -> Counter:
    """How often each contact is named for the first time by an event that waits to be published."""
    named: Counter = Counter()
    for document in stored(customer):
        before: set = set()
        for entry in document.get("_outbox", []):
            now = {ref["id"] for ref in events.decode(entry["b"]).data["recent_intake"]}
            named.update(now - before)
            before |= now
    return named


def test_a_lead_of_somebody_new_registers_a_customer_and_says_so(customer):
    one = lead("王小明", company_name="浦江光学有限公司", email="ming@example.cn", phone="+8613800138000")

    (cause,) = customer.publish(one)
    customer.consume()

    (event,) = customer.relay()
    assert (event.type, event.topic) == ("customer.customer.registered", "crm.customer")
    assert (event.causation_id, event.actor) == (cause.id, "system")
    assert event.data["display_name"] == "王小明"
    assert (event.data["family_name"], event.data["given_name"]) == ("王", "小明")
    assert event.data["employer_name"] == "浦江光学有限公司"
    assert event.data["recent_intake"] == [one["data"]["source"]]
    found = customer.get("/v1/customers?q=138 0013 8000", as_="rep.li").json["items"]
    assert [item["id"] for item in found] == [event.subject]


def test_a_lead_of_a_known_person_is_matched_and_its_phone_stays_unverified(customer):
    body = {
        "kind": "person",
        "given_name": "Lucia",
        "family_name": "Garcia",
        "emails": [{"address": "lucia@example.com"}],
    }
    known = customer.post("/v1/customers", body, as_="rep.li").json
    one = lead("GARCIA, Lucia", email="lucia@example.com", phone="+442079460018")

    customer.publish(one)
    customer.consume()

    registered, matched = customer.relay()
    assert (registered.version, matched.version) == (1, 2)
    assert (matched.type, matched.subject) == ("customer.customer.matched", known["id"])
    assert matched.data["display_name"] == "Lucia Garcia"
    assert matched.data["phones"] == []
    assert customer.get("/v1/customers?q=%2B442079460018", as_="rep.li").json["items"] == []
    told = customer.get(f"/v1/customers/{known['id']}", as_="rep.li").json["unverified"]
    assert [(point["value"], point["source"]["id"]) for point in told] == [("+442079460018", one["subject"])]
    assert matched.data["recent_intake"] == [one["data"]["source"]]


def test_a_stranger_who_knows_an_e_mail_address_cannot_attach_a_phone(customer):
    body = {"kind": "person", "given_name": "Lucia", "emails": [{"address": "lucia@example.com"}]}
    known = customer.post("/v1/customers", body, as_="rep.li").json

    customer.publish(lead("Mallory", email="lucia@example.com", phone="+442079460019"))
    customer.consume()

    _, matched = customer.relay()
    assert (matched.type, matched.subject, matched.data["phones"]) == ("customer.customer.matched", known["id"], [])
    assert customer.get("/v1/customers?q=%2B442079460019", as_="rep.li").json["items"] == []


@pytest.mark.parametrize("kind", ["telephony.intake.received", "service-desk.intake.received"])
def test_a_caller_and_a_writer_are_answered_like_a_lead(customer, kind):
    service = kind.split(".")[0]
    source = {"telephony": "telephony-call", "service-desk": "service-desk-ticket"}[service]
    one = lead("李娜", phone="+8613911112222") | {"type": kind}
    one["data"]["source"]["source"] = source

    customer.publish(one)
    customer.consume()

    (event,) = customer.relay()
    assert event.data["recent_intake"] == [{"source": source, "id": one["subject"]}]


def test_a_lead_with_the_longest_names_is_answered(customer):
    leads = [lead("A " + "b" * 198, company_name="公" * 200), lead("王" * 200), lead(company_name="C" * 200)]

    customer.publish(*leads)
    customer.consume()

    assert {event.data["display_name"] for event in customer.relay()} == {"A " + "b" * 198, "王" * 200, "C" * 200}


def test_an_unknown_caller_without_a_name_is_registered_by_the_number(customer):
    customer.publish(lead(phone="+8613911113333"))
    customer.consume()

    (event,) = customer.relay()

    assert (event.data["kind"], event.data["display_name"]) == ("person", "+8613911113333")


def test_a_lead_of_a_company_alone_registers_the_company(customer):
    customer.publish(lead(company_name="浦江光学有限公司"))
    customer.consume()

    (event,) = customer.relay()

    assert (event.data["kind"], event.data["company_name"]) == ("company", "浦江光学有限公司")


def test_two_leads_of_one_new_person_in_a_batch_make_one_customer_and_one_event(customer):
    leads = [lead("李娜", phone="+8613911114444"), lead("李娜", phone="+8613911114444", email="na@example.cn")]

    with customer.bound():
        consumer.apply_batch(consumers.HANDLERS, published(*leads))

    (event,) = customer.relay()
    assert [ref["id"] for ref in event.data["recent_intake"]] == [one["subject"] for one in leads]


def test_a_batch_that_is_processed_again_answers_nothing_again(customer):
    batch = published(lead("李娜", phone="+8613911115555"), lead("Ana Lopez", email="ana@example.com"))

    with customer.bound():
        consumer.apply_batch(consumers.HANDLERS, batch)
        consumer.apply_batch(consumers.HANDLERS, batch)

    assert len(customer.relay()) == 2
    assert len(stored(customer)) == 2


def test_a_worker_that_stops_in_the_middle_leaves_nothing_half_done(customer):
    batch = published(lead("李娜", phone="+8613911116666"), lead("Ana Lopez", email="ana@example.com"))

    def stopped(received):
        consumers.intake_received(received)
        raise KeyboardInterrupt

    with customer.bound():
        with pytest.raises(KeyboardInterrupt):
            consumer.apply_batch({"sales.intake.received": stopped}, batch)
        left = stored(customer)
        consumer.apply_batch(consumers.HANDLERS, batch)

    assert left == []
    assert len(customer.relay()) == 2


def test_a_customer_with_many_leads_at_once_names_every_one_of_them(customer):
    leads = [lead("Info", email="info@example.com") for _ in range(120)]

    with customer.bound():
        consumer.apply_batch(consumers.HANDLERS, published(*leads))

    assert answers(customer) == Counter({one["subject"]: 1 for one in leads})
    (document,) = stored(customer)
    assert document["version"] == 3


def test_a_number_that_hundreds_share_is_looked_up_without_reading_them_all(customer, monkeypatch):
    shared = "+862150500000"
    people = [lead(f"Person {number}", phone=shared, email=f"p{number}@example.com") for number in range(30)]
    mailed = lead("Person 7", phone=shared, email="p7@example.com")
    called = lead("7, person", phone=shared)
    monkeypatch.setattr(repository, "HOLDERS_AT_LEAST", 5)

    with customer.bound():
        for one in people:
            consumer.apply_batch(consumers.HANDLERS, published(one))
        consumer.apply_batch(consumers.HANDLERS, published(mailed))
        consumer.apply_batch(consumers.HANDLERS, published(called, lead("王 小明", phone=shared)))
        consumer.apply_batch(consumers.HANDLERS, published(lead("王小明", phone=shared), lead("Person", phone=shared)))

    seventh = next(document for document in stored(customer) if document["display_name"] == "Person 7")
    assert [ref["id"] for ref in seventh["recent_intake"]] == [
        people[7]["subject"],
        mailed["subject"],
        called["subject"],
    ]
    assert Counter(document["display_name"] for document in stored(customer)) == Counter(
        [f"Person {number}" for number in range(30)] + ["王小明", "Person"]
    )
    claimed = [document["_id"] for document in stored(customer) if f"phone:{shared}" in document["claims"]]
    assert len(claimed) == 1


def test_a_contact_that_says_nothing_goes_to_the_dead_letters_and_the_rest_flows(customer):
    customer.publish(lead("李娜", phone="+8613911118888"), lead(), lead("Ana Lopez", email="ana@example.com"))

    customer.consume()

    assert len(customer.relay()) == 2
    (letter,) = customer.read_topic("customer.dlq")
    assert "neither a name nor a contact point" in str(letter)


def test_workers_that_meet_the_same_new_people_register_each_once(customer):
    """They handle contacts of the same people in the same moment, as happens when the leads have different keys."""
    chance = random.Random(3)
    people = [(f"Person {number}", f"+8613{number:09d}", f"person{number}@example.com") for number in range(60)]
    leads = [
        lead(name, phone=phone, email=chance.choice([email, None])) for name, phone, email in people for _ in range(6)
    ]
    chance.shuffle(leads)
    batches = [published(*leads[start : start + 12]) for start in range(0, len(leads), 12)]
    conflicts: Counter = Counter()

    def work(share):
        with customer.bound():
            for batch in share:
                barrier.wait(30)
                apply(batch, conflicts)

    barrier = threading.Barrier(3)
    workers = [threading.Thread(target=work, args=(batches[number::3],)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert len(stored(customer)) == len(people)
    assert answers(customer) == Counter({one["subject"]: 1 for one in leads})


def test_workers_that_meet_somebody_new_on_a_shared_number_register_each_name_once(customer):
    """Each name comes to a number that somebody holds already, in two workers in the same moment."""
    shared = "+862150500000"
    with customer.bound():
        consumer.apply_batch(consumers.HANDLERS, published(lead("Anna Marin", phone=shared)))
    rounds = [[published(lead(f"Person {number}", phone=shared)) for _ in range(2)] for number in range(12)]
    conflicts: Counter = Counter()

    def work(place: int) -> None:
        with customer.bound():
            for batches in rounds:
                barrier.wait(30)
                apply(batches[place], conflicts)

    barrier = threading.Barrier(2)
    workers = [threading.Thread(target=work, args=(place,)) for place in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    registered = Counter(document["display_name"] for document in stored(customer))
    assert registered == Counter({"Anna Marin": 1} | {f"Person {number}": 1 for number in range(12)})
    assert all(document["possible_duplicate_of"] for document in stored(customer)[1:])


def apply(batch, conflicts: Counter) -> None:
    """What the consumer loop does with a batch: run it until it goes through."""
    for _ in range(50):
        try:
            return consumer.apply_batch(consumers.HANDLERS, batch)
        except (aggregates.Duplicate, pymongo.errors.PyMongoError) as problem:
            conflicts[type(problem).__name__] += 1
            time.sleep(0.01)
    raise AssertionError("the batch never went through")
