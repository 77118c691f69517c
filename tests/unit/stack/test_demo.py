"""The demo data: what a second run relies on, and what the API expects."""

import random
from datetime import UTC, datetime

import phonenumbers

from stack.demo import calls, catalogue, deals, desk
from stack.demo.people import people
from stack.demo.world import World
from tests.support import openapi

LOADED_AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def a_world(seed: int = 1) -> World:
    return World(api=None, seed=seed, loaded_at=LOADED_AT, switch_secret="s", chance=random.Random(seed))


def allowed(service: str, schema: str) -> set[str]:
    return set(openapi.description(service).document["components"]["schemas"][schema]["enum"])


def test_the_same_seed_makes_the_same_people_and_another_seed_makes_others():
    assert people(1, 30) == people(1, 30)
    assert people(1, 30) != people(2, 30)


def test_everybody_has_an_own_phone_and_an_own_address():
    everybody = people(1, 150)

    assert len({person.phone for person in everybody}) == len({person.email for person in everybody}) == 150
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(person.phone)) for person in everybody)


def test_both_languages_are_there():
    assert {person.language for person in people(1, 20)} == {"zh", "en"}


def test_a_later_run_sends_the_same_times_and_keys():
    assert a_world().ago(hours=3) == a_world().ago(hours=3) == "2026-11-22T05:00:00.000Z"
    assert a_world().key("order", 7) == "demo-1-order-7"
    assert a_world(2).key("order", 7) != a_world().key("order", 7)


def test_the_demo_uses_the_words_of_the_api():
    assert {type for texts in catalogue.TICKETS.values() for type, *_ in texts} == allowed("service-desk", "TicketType")
    assert set(desk.CHANNELS) <= allowed("service-desk", "TicketChannel")
    assert set(desk.PRIORITIES) == allowed("service-desk", "TicketPriority")
    assert set(deals.STAGES) == allowed("sales", "Stage")
    assert set(deals.LOST_REASONS) <= allowed("sales", "LostReason")
    assert set(deals.CANCEL_REASONS) <= allowed("sales", "CancelReason")
    assert set(calls.DISPOSITIONS) <= allowed("telephony", "Disposition")
    assert {category for category, *_ in catalogue.COSTS} <= allowed("marketing", "CostCategory")
