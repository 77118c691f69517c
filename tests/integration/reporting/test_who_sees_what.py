"""Who sees which records of a customer: the view and the timeline keep to one table."""

from dataclasses import replace

import pytest

from services.reporting.api.roles import READERS
from services.reporting.projections.kinds import ENTRY_KINDS, KINDS
from shared.auth import STAFF
from tests.support.histories import History

FACT_OF_TOUCH = {"service-desk.interaction.logged": "ticket", "telephony.interaction.logged": "call"}


@pytest.fixture(scope="module")
def customers(reporting, tell) -> list[str]:
    """Two customers with records of every kind, of several owners and agents."""
    told = History(seed=77, customers=2).events(160)
    tell([_with_agents(event) for event in told])
    reporting.consume()
    return sorted({event.customer_id for event in told if event.customer_id})


def _with_agents(event):
    """Half of the calls are taken by caller.sun, the other half by a colleague."""
    if not event.type.startswith("telephony.call.") or not event.data["agent_id"]:
        return event
    agent = "caller.sun" if int(event.subject[-1], 16) % 2 else "caller.okafor"
    return replace(event, data=event.data | {"agent_id": agent})


def token_of(reporting, *roles: str, sub: str = "some.body") -> dict[str, str]:
    return {"Authorization": f"Bearer {reporting.issuer.mint(sub=sub, roles=list(roles))}"}


def view_of(reporting, customer: str, headers: dict[str, str]) -> dict:
    response = reporting.get(f"/v1/customers/{customer}/360", headers=headers)
    assert response.status_code == 200
    return response.get_json()


def timeline_of(reporting, customer: str, headers: dict[str, str], query: str = "") -> list[dict]:
    entries, cursor = [], ""
    while cursor is not None:
        path = f"/v1/customers/{customer}/timeline?limit=50{query}" + (f"&cursor={cursor}" if cursor else "")
        page = reporting.get(path, headers=headers).get_json()
        entries, cursor = entries + page["items"], page["next"]
    return entries


def items_of(view: dict, kind: str) -> list[dict]:
    block = view[KINDS[kind].block]
    return block["open"] + block["closed"]


def own(kind: str, item: dict, me: str) -> bool:
    facts = item["facts"]
    if kind == "call":
        return facts.get("agent_id") == me or (facts["direction"], item["status"]) == ("inbound", "abandoned")
    return facts.get("owner_id", me) == me


@pytest.mark.parametrize("role", STAFF)
def test_a_role_sees_a_block_exactly_if_the_table_says_so(reporting, customers, role):
    seen = {KINDS[kind].block for kind in KINDS if role in READERS[kind]}

    for customer in customers:
        view = view_of(reporting, customer, token_of(reporting, role))

        assert {block for block in (kind.block for kind in KINDS.values()) if view[block] is not None} == seen
        assert (view["campaigns"] is not None) == (role in READERS["campaign"])
        assert view["withheld"] == sorted(name for name in view if view[name] is None and name != "customer")
        assert view["customer"] is not None
        for kind, counter in (("lead", "leads"), ("order", "orders"), ("ticket", "tickets"), ("call", "calls")):
            assert (view["totals"][counter] is None) == (role not in READERS[kind])


@pytest.mark.parametrize("role", STAFF)
def test_a_role_sees_an_entry_of_the_timeline_exactly_if_it_sees_its_record(reporting, customers, role):
    headers, everything = token_of(reporting, role), token_of(reporting, "admin")

    for customer in customers:
        seen = timeline_of(reporting, customer, headers)
        all_entries = timeline_of(reporting, customer, everything)
        records = {
            kind: {item["id"]: item for item in items_of(view_of(reporting, customer, everything), kind)}
            for kind in KINDS
        }

        def may_see(entry: dict, records: dict = records) -> bool:
            kind = FACT_OF_TOUCH.get(entry["type"], entry["kind"])
            if (scope := READERS[kind].get(role)) != "own":
                return scope == "all"
            is_touch = kind != entry["kind"]
            id = entry["facts"][f"{kind}_id"] if is_touch else entry["subject"]
            if id in records[kind]:
                return own(kind, records[kind][id], "some.body")
            # The record has gone to another customer, so what the entry itself tells decides.
            return not is_touch and own(kind, entry | {"status": entry["facts"]["status"]}, "some.body")

        assert [entry["id"] for entry in seen] == [entry["id"] for entry in all_entries if may_see(entry)]
        assert {entry["id"] for entry in view_of(reporting, customer, headers)["timeline"]["entries"]} == {
            entry["id"] for entry in all_entries[:20] if may_see(entry)
        }


@pytest.mark.parametrize(
    ("sub", "role", "kinds"),
    [("rep.li", "rep", ("lead", "opportunity", "order")), ("caller.sun", "call-agent", ("call",))],
)
def test_who_may_read_only_own_records_sees_only_these_and_their_totals(reporting, customers, sub, role, kinds):
    headers, everything = token_of(reporting, role, sub=sub), token_of(reporting, "admin")
    kept_back = 0

    for customer in customers:
        mine, whole = view_of(reporting, customer, headers), view_of(reporting, customer, everything)
        assert mine["own_only"] == sorted(KINDS[kind].block for kind in kinds)
        for kind in kinds:
            block = KINDS[kind].block
            expected = [item["id"] for item in items_of(whole, kind) if own(kind, item, sub)]
            kept_back += len(items_of(whole, kind)) - len(expected)
            assert [item["id"] for item in items_of(mine, kind)] == expected
            assert mine["totals"][block] == len(expected)
            assert mine[block]["not_shown"] == 0
        assert mine["totals"]["tickets"] == whole["totals"]["tickets"]
        assert mine["timeline"]["total"] is None

    assert kept_back > 0


def test_the_value_of_own_orders_is_all_that_a_rep_sees_of_the_value(reporting, customers):
    for customer in customers:
        view = view_of(reporting, customer, token_of(reporting, "rep", sub="rep.li"))
        paid = [item["facts"]["total"]["amount"] for item in items_of(view, "order") if item["status"] != "cancelled"]

        assert sum(value["amount"] for value in view["totals"]["order_value"]) == sum(paid)


def test_two_roles_see_what_either_of_them_sees(reporting, customers):
    view = view_of(reporting, customers[0], token_of(reporting, "rep", "analyst"))

    assert (view["withheld"], view["own_only"]) == ([], [])


@pytest.mark.parametrize("kind", [kind for kind in ENTRY_KINDS if "marketer" not in READERS[kind]])
def test_asking_the_timeline_for_a_kind_that_is_withheld_is_refused(reporting, customers, kind):
    response = reporting.get(f"/v1/customers/{customers[0]}/timeline?kind={kind}", as_="marketer.chen")

    assert (response.status_code, response.get_json()["code"]) == (403, "kind-withheld")
