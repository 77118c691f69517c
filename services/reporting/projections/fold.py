"""The customer's view as a function of the set of events about the customer: their order and repetition do not matter.

Every event carries the whole state of its record and a version, so the newest version of each record is kept and the
totals are sums over these newest states. The view shows at most 50 records of a kind, the open ones first and then the
newest; what ranks lower is kept beside it as overflow and comes back when it ranks again.

A record that is given to another customer is told to both, in an event under each one's key. Who has lost it keeps the
version in which that happened as `gone`, so that what comes late of before does not bring it back.

A view is a document `{_id: customer id, customer, leads, opportunities, orders, tickets, calls: {items: {key: item},
overflow: n, gone: {key: version}}, interactions: {by_channel, source}, totals, recent: [entry], entries: n}`; parts
without events are missing.
"""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.reporting.projections.kinds import CUSTOMER_FIELDS, KINDS, facts_of, is_left, kind_of
from services.reporting.projections.moments import moment_of
from services.reporting.projections.source import source_of, text_of
from services.reporting.projections.timeline import newest_first
from services.reporting.repositories.field_names import key_of
from services.reporting.repositories.views import MAX_RECENT, Changes
from shared.events import Event

MAX_ITEMS = 50
Items = dict[str, dict]


def fold(
    view: dict,
    events: list[Event],
    *,
    entries: list[dict],
    applied_at: datetime,
    overflow: dict[str, Items] | None = None,
) -> Changes:
    """What these events of one customer change in the view. None but those of kind customer were applied before.

    `entries` are the timeline entries that they add. `overflow` holds by block the records beside the view that the
    events touch and, for each record that they touch inside the view, one more of the highest ranked.
    """
    changes = Changes()
    by_kind: dict[str, list[Event]] = {}
    for event in events:
        by_kind.setdefault(kind_of(event), []).append(event)
    for kind, of_kind in by_kind.items():
        if kind == "customer":
            _fold_customer(view.get("customer"), of_kind, changes, applied_at)
        elif kind == "interaction":
            _fold_interactions(view.get("interactions", {}).get("source"), of_kind, changes, applied_at)
        else:
            block = KINDS[kind].block
            stored = view.get(block, {})
            shown, beside = stored.get("items", {}), (overflow or {}).get(block, {})
            gone = stored.get("gone", {})
            newer, left = _newer_items(kind, of_kind, shown | beside, gone, applied_at)
            _note_gone(block, gone, newer, left, changes)
            lost = left.keys() & (shown | beside).keys()
            _count_items(kind, shown | beside, newer, lost, changes)
            _place_items(block, shown, beside, newer, lost, changes)
    if entries:
        changes.recent = newest_first(entries)[:MAX_RECENT]
        changes.add("entries", len(entries))
    return changes


def parts_to_fold(kind: str) -> tuple[str, ...]:
    """The parts of a view that a fold of events of this kind must know."""
    if kind == "customer":
        return ("customer.version", "customer.source.event_id")
    return ("interactions.source",) if kind == "interaction" else (KINDS[kind].block,)


def applied(view: dict, changes: Changes) -> dict:
    """The view after the changes, as MongoDB makes it."""
    after = copy.deepcopy(view)
    for path, value in changes.set.items():
        parent, name = _parent(after, path)
        parent[name] = value
    for path in changes.unset:
        parent, name = _parent(after, path)
        parent.pop(name, None)
    for path, amount in changes.inc.items():
        parent, name = _parent(after, path)
        parent[name] = parent.get(name, 0) + amount
    if changes.recent:
        after["recent"] = newest_first([*after.get("recent", []), *changes.recent])[:MAX_RECENT]
    return after


def comparable(view: dict) -> dict:
    """The view without what depends on when it was made. A counter at zero is the same as none."""
    kept = timeless(view)
    kept["totals"] = _without_zeros(kept.get("totals", {}))
    for kind in KINDS.values():
        block = kept.get(kind.block, {})
        overflow, gone = block.get("overflow", 0), block.get("gone", {})
        kept[kind.block] = {"items": block.get("items", {}), "overflow": overflow, "gone": gone}
    return kept


def distinct(events: Iterable[Event]) -> list[Event]:
    """The events without those that came twice."""
    return list({event.id: event for event in events}.values())


def _fold_customer(known: dict | None, events: list[Event], changes: Changes, applied_at: datetime) -> None:
    newest = max(events, key=lambda event: (event.version, event.id))
    if known is None or (newest.version, newest.id) > (known["version"], known["source"]["event_id"]):
        state = {name: newest.data.get(name) for name in CUSTOMER_FIELDS}
        changes.set["customer"] = {"version": newest.version} | state | {"source": source_of(newest, applied_at)}


def _fold_interactions(known: dict | None, events: list[Event], changes: Changes, applied_at: datetime) -> None:
    for event in events:
        changes.add(f"interactions.by_channel.{key_of(event.data['channel'])}", 1)
    newest = max(events, key=lambda event: (event.time, event.id))
    if known is None or (text_of(newest.time), newest.id) > (known["time"], known["event_id"]):
        changes.set["interactions.source"] = source_of(newest, applied_at)


def _newer_items(
    kind: str, events: list[Event], known: Items, gone: dict[str, int], applied_at: datetime
) -> tuple[Items, dict[str, int]]:
    """The records that the events bring to a newer version, and in which version others went to another customer."""
    newest: dict[str, Event] = {}
    for event in events:
        key = key_of(event.subject)
        if key not in newest or (event.version, event.id) > (newest[key].version, newest[key].id):
            newest[key] = event
    newer: Items = {}
    left: dict[str, int] = {}
    for key, event in newest.items():
        current = known.get(key)
        if current is not None and (event.version, event.id) <= (current["version"], current["source"]["event_id"]):
            continue
        if event.version <= gone.get(key, 0):
            continue
        if is_left(event):
            left[key] = event.version
        else:
            newer[key] = _item(kind, event, applied_at)
    return newer, left


def _note_gone(block: str, gone: dict[str, int], newer: Items, left: dict[str, int], changes: Changes) -> None:
    changes.set |= {f"{block}.gone.{key}": version for key, version in left.items()}
    changes.unset += [f"{block}.gone.{key}" for key in newer.keys() & gone.keys()]


def _item(kind: str, event: Event, applied_at: datetime) -> dict:
    status = event.data[KINDS[kind].status]
    return {
        "id": event.subject,
        "version": event.version,
        "status": status,
        "open": status not in KINDS[kind].closed,
        "at": text_of(moment_of(event)),
        "facts": facts_of(event.data, KINDS[kind].facts),
        "source": source_of(event, applied_at),
    }


def _count_items(kind: str, known: Items, newer: Items, lost: set[str], changes: Changes) -> None:
    counts = KINDS[kind].counts
    for key in lost:
        for name, amount in counts(known[key]["status"], known[key]["open"], known[key]["facts"]):
            changes.add(f"totals.{name}", -amount)
    for key, item in newer.items():
        for name, amount in counts(item["status"], item["open"], item["facts"]):
            changes.add(f"totals.{name}", amount)
        if (before := known.get(key)) is not None:
            for name, amount in counts(before["status"], before["open"], before["facts"]):
                changes.add(f"totals.{name}", -amount)


def _place_items(block: str, shown: Items, beside: Items, newer: Items, lost: set[str], changes: Changes) -> None:
    for key in lost & beside.keys():
        changes.from_overflow.append((block, key))
        changes.add(f"{block}.overflow", -1)
    changes.unset += [f"{block}.items.{key}" for key in lost & shown.keys()]
    shown, beside = _without(shown, lost), _without(beside, lost)
    items = shown | beside | newer
    inside = items.keys() if len(items) <= MAX_ITEMS else set(_ranked(items)[:MAX_ITEMS])
    for key in newer.keys() | beside.keys() | (shown.keys() - inside):
        path = f"{block}.items.{key}"
        if key in inside:
            changes.set[path] = items[key]
            if key in beside:
                changes.from_overflow.append((block, key))
                changes.add(f"{block}.overflow", -1)
            continue
        if key in shown:
            changes.unset.append(path)
        if key in newer or key in shown:
            changes.to_overflow.append((block, key, items[key]))
        if key not in beside:
            changes.add(f"{block}.overflow", 1)


def _without(items: Items, lost: set[str]) -> Items:
    return {key: items[key] for key in items.keys() - lost} if lost else items


def _ranked(items: Items) -> list[str]:
    return sorted(items, key=lambda key: (items[key]["open"], items[key]["id"]), reverse=True)


def _parent(view: dict, path: str) -> tuple[dict, str]:
    *parents, name = path.split(".")
    for part in parents:
        view = view.setdefault(part, {})
    return view, name


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: timeless(part) for name, part in value.items() if name not in ("applied_at", "lag_ms")}
    return [timeless(part) for part in value] if isinstance(value, list) else value


def _without_zeros(counters: dict) -> dict:
    kept = {name: _without_zeros(part) if isinstance(part, dict) else part for name, part in counters.items()}
    return {name: part for name, part in kept.items() if part}
