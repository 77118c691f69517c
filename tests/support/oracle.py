"""What the views and the counts by day must say, worked out the slow way from the whole log.

Written from the promises of reporting's README and of the contracts alone. It knows nothing of the projector: no batches,
no order, no counters that move. What it does not know of a record (which facts are shown) it takes from the stored view,
and checks that they are those of the record's newest state.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from shared import clock
from shared.events import Event

BUSINESS_ZONE = ZoneInfo("Asia/Shanghai")
SHOWN, RECENT = 50, 20
BLOCKS = {"lead": "leads", "opportunity": "opportunities", "order": "orders", "ticket": "tickets", "call": "calls"}
CLOSED = {
    "lead": ("disqualified", "converted"),
    "opportunity": ("won", "lost"),
    "order": ("completed", "cancelled"),
    "ticket": ("resolved", "closed"),
    "call": ("ended", "wrapped-up", "abandoned"),
}
CALLS = {
    "inbound": {"answered": "calls_answered", "abandoned": "calls_abandoned"},
    "outbound": {"answered": "outbound_calls_answered", "abandoned": "outbound_calls_unanswered"},
}
TOLD_BY = {  # The fields that tell when a fact took place; of most facts it is the one named after it.
    ("lead", "disqualified"): "closed_at",
    ("lead", "converted"): "closed_at",
    ("opportunity", "opened"): "created_at",
    ("opportunity", "moved"): "stage_since",
    ("opportunity", "won"): "stage_since",
    ("opportunity", "lost"): "stage_since",
    ("opportunity", "reopened"): "stage_since",
    ("call", "abandoned"): "ended_at",
    ("call", "wrapped-up"): "wrapped_up_at",
    ("interaction", "logged"): "occurred_at",
}


def differences(stored: dict[str, dict], log: Iterable[Event], *, shown: int = SHOWN) -> list[str]:
    """Between stored views by customer id and what they must say. Empty when all are right, and there are no others."""
    once = _once(log)
    found = differences_of_records(stored, once, shown=shown)
    for customer, mine in _by_customer(stored, once):
        found += [f"{customer}: {wrong}" for wrong in _wrong_history(stored.get(customer, {}), customer, mine)]
    return found


def differences_of_records(stored: dict[str, dict], log: Iterable[Event], *, shown: int = SHOWN) -> list[str]:
    """As `differences`, but only of what the newest state of each record says, not of the events that led to it."""
    return [
        f"{customer}: {wrong}"
        for customer, mine in _by_customer(stored, _once(log))
        for wrong in _wrong_records(stored.get(customer, {}), customer, mine, shown)
    ]


def totals(customer: str, log: Iterable[Event]) -> Counter[str]:
    """The customer's totals; an amount under `open_value.CNY`."""
    sums: Counter[str] = Counter()
    for noun in BLOCKS:
        for event in _records(noun, customer, log).values():
            sums.update(_counts(noun, event.data))
    return sums


def days(log: Iterable[Event]) -> dict[str, Counter[str]]:
    """By day, what is counted on it; an amount under `won_value.CNY`, contacts under `interactions.<channel>`."""
    by_day: dict[str, Counter[str]] = {}
    for event in _once(log):
        day = _moment(event).astimezone(BUSINESS_ZONE).date().isoformat()
        if event.type == "sales.opportunity.won":
            day = event.data["closed_on"]
        by_day.setdefault(day, Counter()).update(_counted(event))
    return by_day


def _once(log: Iterable[Event]) -> list[Event]:
    return list({event.id: event for event in log}.values())


def _by_customer(stored: dict[str, dict], once: list[Event]) -> Iterator[tuple[str, list[Event]]]:
    """Everybody who has a view or must have one, and the events under their key."""
    for customer in sorted(stored.keys() | {event.customer_id for event in once if _noun(event) and event.customer_id}):
        yield customer, [event for event in once if event.customer_id == customer]


def _noun(event: Event) -> str | None:
    noun = event.type.split(".")[1]
    return noun if noun in ("customer", "interaction", *BLOCKS) else None


def _moment(event: Event):
    noun, fact = event.type.split(".")[1:]
    told = event.data.get(TOLD_BY.get((noun, fact), f"{fact}_at"))
    return clock.from_json(told) if told else event.time


def _newest(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: (event.version, event.id), default=None)


def _records(noun: str, customer: str, log: Iterable[Event]) -> dict[str, Event]:
    """The newest event of each record that is the customer's: the last that they were told does not name another one."""
    told: dict[str, list[Event]] = {}
    for event in log:
        if _noun(event) == noun and event.customer_id == customer:
            told.setdefault(event.subject, []).append(event)
    newest = {id: _newest(events) for id, events in told.items()}
    return {id: event for id, event in newest.items() if event.data.get("customer_id", customer) == customer}


def _status(noun: str, state: dict) -> str:
    return state["stage" if noun == "opportunity" else "status"]


def _counts(noun: str, state: dict) -> Counter[str]:
    """What one record adds to the totals of its customer."""
    status, counts = _status(noun, state), Counter({BLOCKS[noun]: 1})
    is_open = status not in CLOSED[noun]
    if noun != "call":
        counts[f"{BLOCKS[noun]}_open"] = int(is_open)
    if noun == "opportunity":
        amount, currency = state["amount"]["amount"], state["amount"]["currency"]
        counts["opportunities_won"] = int(status == "won")
        counts[f"open_value.{currency}"] = amount if is_open else 0
        counts[f"won_value.{currency}"] = amount if status == "won" else 0
    if noun == "order":
        counts["orders_cancelled"] = int(status == "cancelled")
        counts[f"order_value.{state['total']['currency']}"] = 0 if status == "cancelled" else state["total"]["amount"]
    if noun == "call":
        names = CALLS[state["direction"]]
        counts[names["answered"]] = int(state["answered_at"] is not None)
        counts[names["abandoned"]] = int(status == "abandoned")
        counts["talk_s"] = state["talk_s"] or 0
    return counts


def _counted(event: Event) -> Counter[str]:
    """What one event adds to its day."""
    noun, fact = event.type.split(".")[1:]
    data = event.data
    if noun == "lead" and fact in ("received", "qualified", "converted"):
        return Counter({f"leads_{fact}": 1})
    if noun == "opportunity" and (fact == "won" or (fact == "reopened" and data.get("reopened_from") == "won")):
        sign = 1 if fact == "won" else -1
        return Counter(
            {"opportunities_won": sign, f"won_value.{data['amount']['currency']}": sign * data["amount"]["amount"]}
        )
    if noun == "order" and fact in ("placed", "cancelled"):
        sign = 1 if fact == "placed" else -1
        return Counter(
            {f"orders_{fact}": 1, f"order_value.{data['total']['currency']}": sign * data["total"]["amount"]}
        )
    if noun == "ticket" and fact in ("opened", "resolved"):
        return Counter({f"tickets_{fact}": 1})
    if noun == "call" and fact in ("answered", "abandoned"):
        return Counter({CALLS[data["direction"]][fact]: 1})
    if noun == "interaction":
        return Counter({f"interactions.{data['channel']}": 1})
    return Counter()


def _wrong_records(view: dict, customer: str, mine: list[Event], shown: int) -> Iterator[str]:
    found, newest = view.get("customer"), _newest(event for event in mine if _noun(event) == "customer")
    if found is None or newest is None:
        yield from _unequal("customer", found, newest and "a customer")
    else:
        yield from _unequal("customer.version", found["version"], newest.version)
        fields = found.keys() - {"version", "source"}
        yield from _unequal("customer", {f: found[f] for f in fields}, {f: newest.data.get(f) for f in fields})
    for noun, block in BLOCKS.items():
        yield from _wrong_block(view.get(block, {}), noun, _records(noun, customer, mine), shown)
    expected, found = totals(customer, mine), _flat(view.get("totals", {}))
    yield from _unequal("totals", {k: n for k, n in found.items() if n}, {k: n for k, n in expected.items() if n})


def _wrong_block(found: dict, noun: str, records: dict[str, Event], shown: int) -> Iterator[str]:
    """The open ones come first and then the newest; ids sort by the time at which they were made."""
    ranked = sorted(records, key=lambda id: (_status(noun, records[id].data) not in CLOSED[noun], id), reverse=True)
    items = {item["id"]: item for item in found.get("items", {}).values()}
    yield from _unequal(f"{noun}s shown", sorted(items), sorted(ranked[:shown]))
    yield from _unequal(f"{noun}s not shown", found.get("overflow", 0), len(ranked[shown:]))
    for id in items.keys() & records.keys():
        item, event = items[id], records[id]
        status = _status(noun, event.data)
        expected = (event.version, status, status not in CLOSED[noun])
        yield from _unequal(f"{noun} {id}", (item["version"], item["status"], item["open"]), expected)
        yield from _wrong_facts(f"{noun} {id}", item["facts"], event)


def _wrong_history(view: dict, customer: str, mine: list[Event]) -> Iterator[str]:
    """Contacts, the timeline, and the event that each part of the view comes from."""
    touches = [event for event in mine if _noun(event) == "interaction"]
    contacts = view.get("interactions", {})
    by_channel = {unquote(name): n for name, n in contacts.get("by_channel", {}).items()}
    yield from _unequal("by_channel", by_channel, dict(Counter(event.data["channel"] for event in touches)))
    last = max(touches, key=lambda event: (event.time, event.id), default=None)
    yield from _wrong_source("interactions", contacts.get("source"), last)
    if found := view.get("customer"):
        yield from _wrong_source("customer", found["source"], _newest(e for e in mine if _noun(e) == "customer"))
    for noun, block in BLOCKS.items():
        records = _records(noun, customer, mine)
        for item in view.get(block, {}).get("items", {}).values():
            if event := records.get(item["id"]):
                yield from _wrong_source(f"{noun} {event.subject}", item["source"], event)
                yield from _unequal(f"{noun} {event.subject} at", item["at"], clock.to_json(_moment(event)))
    yield from _wrong_timeline(view, mine)


def _wrong_timeline(view: dict, mine: list[Event]) -> Iterator[str]:
    """One entry for each event, but only one for the customer: the registration, which each of their events can tell."""
    entries = {}
    for event in mine:
        if _noun(event) == "customer":
            at = clock.to_json(clock.from_json(event.data["created_at"]))
            entries[f"{event.subject}:1"] = (at, "customer.customer.registered", 1, None, event)
        elif _noun(event):
            entries[event.id] = (clock.to_json(_moment(event)), event.type, event.version, event.actor, event)
    yield from _unequal("entries", view.get("entries", 0), len(entries))
    recent = sorted(entries, key=lambda id: (entries[id][0], id), reverse=True)[:RECENT]
    yield from _unequal("recent", [entry["id"] for entry in view.get("recent", [])], recent)
    for entry in view.get("recent", []):
        if entry["id"] in entries:
            *expected, event = entries[entry["id"]]
            yield from _unequal(entry["id"], [entry[f] for f in ("at", "type", "version", "actor")], expected)
            touch = {"interaction": event.data.get("channel"), "call": "call"}.get(_noun(event))
            expected = (_noun(event), event.subject, touch)
            yield from _unequal(entry["id"], (entry["kind"], entry["subject"], entry["channel"]), expected)
            yield from _wrong_facts(entry["id"], entry["facts"], event)


def _wrong_facts(where: str, facts: dict, event: Event) -> Iterator[str]:
    """Each is as the event says, and none is null. What stands as status of an opportunity is its stage."""
    said = event.data | ({"status": event.data["stage"]} if _noun(event) == "opportunity" else {})
    yield from _unequal(f"facts of {where}", facts, {name: said.get(name) for name in facts})
    yield from (f"{where}: {name} is null" for name, value in facts.items() if value is None)


def _wrong_source(where: str, source: dict | None, event: Event | None) -> Iterator[str]:
    found = source and (source["event_id"], source["type"], source["time"])
    yield from _unequal(f"source of {where}", found, event and (event.id, event.type, clock.to_json(event.time)))


def _flat(counters: dict) -> dict[str, int]:
    return {
        f"{name}.{part}" if part else name: n
        for name, amount in counters.items()
        for part, n in (amount.items() if isinstance(amount, dict) else [("", amount)])
    }


def _unequal(where: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{where}: {str(found)[:300]}, but it must be {str(expected)[:300]}"
