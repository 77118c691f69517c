"""Whether a change of a view is told to somebody: only if it changed where the person sees it."""

import pytest

from services.reporting.api import sight
from shared.auth import Principal

LATEST, BEFORE = "2026-11-20T09:31:00.000Z", "2026-11-20T09:30:00.000Z"
VIEW = {
    "_id": "c",
    "customer": {"display_name": "王小明"},
    "opportunities": {
        "items": {
            "mine": {"id": "mine", "status": "proposal", "facts": {"owner_id": "rep.li"}},
            "other": {"id": "other", "status": "proposal", "facts": {"owner_id": "rep.garcia"}},
        }
    },
    "tickets": {"items": {"t": {"id": "t", "status": "open", "facts": {}}}},
    "calls": {
        "items": {
            "mine": {"id": "mine", "status": "ended", "facts": {"agent_id": "caller.sun", "direction": "inbound"}},
            "other": {"id": "other", "status": "ended", "facts": {"agent_id": "caller.okafor", "direction": "inbound"}},
            "missed": {"id": "missed", "status": "abandoned", "facts": {"direction": "inbound"}},
        }
    },
}


def sees(role: str, paths: list[str] | None, *, entry: dict | None = None, me: str = "") -> bool:
    recent = [
        {"kind": "customer", "type": "customer.customer.registered", "subject": "c", "applied_at": BEFORE, "facts": {}}
    ]
    recent += [entry | {"applied_at": LATEST}] if entry else []
    caller = Principal(id=me or f"some.{role}", name="", roles=frozenset({role}))
    return sight.of(caller).notices(VIEW | {"recent": recent}, paths)


def entry(kind: str, subject: str, **facts: str) -> dict:
    return {"kind": kind, "type": f"some.{kind}.fact", "subject": subject, "facts": {"status": "open"} | facts}


TICKET = ["tickets.items.t", "totals.tickets", "recent", "entries"]


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("service-agent", True),
        ("rep", True),
        ("admin", True),
        ("marketer", False),
        ("operator", False),
        ("privacy-officer", False),
    ],
)
def test_a_change_of_a_ticket_is_told_to_who_may_read_tickets(role, told):
    assert sees(role, TICKET, entry=entry("ticket", "t")) is told


@pytest.mark.parametrize("role", ["marketer", "privacy-officer", "operator", "rep"])
def test_a_change_of_the_customer_is_told_to_everybody(role):
    assert sees(role, ["customer"])


@pytest.mark.parametrize(("record", "told"), [("mine", True), ("other", False)])
def test_a_rep_is_told_of_the_own_deals_only(record, told):
    paths = [f"opportunities.items.{record}", "totals.open_value.CNY", "recent", "entries"]

    assert sees("rep", paths, entry=entry("opportunity", record), me="rep.li") is told


@pytest.mark.parametrize(("record", "told"), [("mine", True), ("other", False), ("missed", True)])
def test_a_call_agent_is_told_of_the_own_and_of_missed_calls_only(record, told):
    paths = [f"calls.items.{record}", "totals.calls", "recent", "entries"]

    assert sees("call-agent", paths, entry=entry("call", record), me="caller.sun") is told


def test_a_late_event_that_only_adds_an_entry_is_told_to_who_sees_the_entry():
    paths = ["recent", "entries"]

    assert sees("rep", paths, entry=entry("ticket", "t"))
    assert not sees("marketer", paths, entry=entry("ticket", "t"))
    assert sees("marketer", paths, entry=entry("lead", "l"))


def test_a_touch_is_told_to_who_sees_its_ticket_or_call():
    paths = ["interactions.by_channel.email", "recent", "entries"]
    by_hand = entry("interaction", "i") | {"type": "customer.interaction.logged"}
    of_desk = entry("interaction", "i", ticket_id="t") | {"type": "service-desk.interaction.logged"}
    of_call = entry("interaction", "i", call_id="other") | {"type": "telephony.interaction.logged"}

    assert sees("marketer", paths, entry=by_hand)
    assert not sees("marketer", paths, entry=of_desk)
    assert sees("rep", paths, entry=of_desk)
    assert not sees("call-agent", paths, entry=of_call, me="caller.sun")


def test_a_record_that_has_left_the_view_may_have_been_the_callers():
    assert sees("call-agent", ["calls.items.gone"], me="caller.sun")


def test_a_new_view_is_told_to_who_sees_something_of_it():
    assert sees("marketer", None)
    assert not sight.of(Principal(id="m", name="", roles=frozenset({"marketer"}))).notices(
        {"_id": "c", "tickets": VIEW["tickets"]}, None
    )
