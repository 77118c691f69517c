"""Every event that another service publishes about a customer is shown, and what is counted by day exists."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from services.reporting.consumers import HANDLERS
from services.reporting.projections import customer_360
from services.reporting.projections.daily import COUNTERS, RULES, VALUES, counts_of
from services.reporting.projections.kinds import ANSWERED, KINDS, UNANSWERED, kind_of
from services.reporting.projections.moments import DAY_OF, MOMENT_OF
from services.reporting.projections.timeline import entry_of
from shared.events import SCHEMAS, Event
from tests.support.folding import views_of

AT = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
NOT_FOR_VIEWS = "intake-received"
PERSONAL = {"display_name", "given_name", "family_name", "phones", "emails", "addresses", "full_name", "email", "phone"}


def published() -> dict[str, list[dict]]:
    """By event type, the examples of its schema."""
    return {
        type_of(path): orjson.loads(path.read_bytes())["examples"]
        for path in sorted(SCHEMAS.glob("*/*.v1.schema.json"))
        if not path.name.startswith(NOT_FOR_VIEWS)
    }


def type_of(path: Path) -> str:
    """`customer/customer-identity-linked.v1.schema.json` describes `customer.customer.identity-linked`."""
    noun, _, fact = path.name.removesuffix(".v1.schema.json").partition("-")
    return f"{path.parent.name}.{noun}.{fact}"


def event(type: str, data: dict) -> Event:
    customer_id = data.get("customer_id") or "c-1"
    return Event(
        "s-1:1",
        type,
        "/crm/test",
        "s-1",
        AT,
        1,
        {**data, "customer_id": customer_id},
        customer_id,
        topic="t",
        partition=0,
    )


EXAMPLES = [(type, data) for type, examples in published().items() for data in examples]


def test_every_event_but_the_intake_is_listened_to_and_nothing_else():
    assert set(HANDLERS) == set(published())


@pytest.mark.parametrize(("type", "data"), EXAMPLES)
def test_every_example_can_be_applied(type: str, data: dict):
    example = customer_360.checked(event(type, data))

    counts_of(example)
    views = views_of([example])

    if kind_of(example) in KINDS:
        view = views[example.customer_id]
        assert view[KINDS[kind_of(example)].block]["items"]["s-1"]["version"] == 1
        assert view["recent"][0]["type"] == type


@pytest.mark.parametrize(("type", "data"), EXAMPLES)
def test_no_entry_of_a_timeline_names_anybody(type: str, data: dict):
    entry = entry_of(event(type, data), AT)

    assert entry is None or not PERSONAL & entry["facts"].keys()


def test_what_is_counted_by_day_is_published():
    assert RULES.keys() <= published().keys()
    by_direction = {*ANSWERED.values(), *UNANSWERED.values()}
    assert {rule.counter for rule in RULES.values() if rule.counter} == set(COUNTERS) - by_direction


@pytest.mark.parametrize(("type", "field"), [*MOMENT_OF.items(), *DAY_OF.items()])
def test_the_example_of_every_fact_says_when_it_took_place(type: str, field: str):
    assert all(example[field] is not None for example in published()[type])


def test_an_event_in_the_evening_counts_on_the_next_day_in_shanghai():
    [example, *_] = published()["sales.order.placed"]
    placed = example | {"placed_at": "2026-11-20T17:30:00.000Z"}

    day, counts = counts_of(event("sales.order.placed", placed))

    assert day == "2026-11-21"
    assert counts["orders_placed"] == 1
    assert counts[f"{VALUES[1]}.{example['total']['currency']}"] == example["total"]["amount"]
