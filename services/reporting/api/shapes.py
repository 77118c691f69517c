"""The answers made from views: stored parts in the order and the form that readers need."""

from services.reporting.api.sight import Sight
from services.reporting.projections.kinds import KINDS, totals_over
from services.reporting.repositories.field_names import id_of

_COUNTERS = {
    "lead": ("leads", "leads_open"),
    "opportunity": ("opportunities", "opportunities_open", "opportunities_won"),
    "order": ("orders", "orders_open", "orders_cancelled"),
    "ticket": ("tickets", "tickets_open"),
    "call": (
        "calls",
        "calls_answered",
        "calls_abandoned",
        "outbound_calls_answered",
        "outbound_calls_unanswered",
        "talk_s",
    ),
}
_VALUES = {"opportunity": ("open_value", "won_value"), "order": ("order_value",)}
_OF_CAMPAIGNS = ("lead", "opportunity", "order")


def customer_360(view: dict, campaign_statuses: dict[str, str], sight: Sight) -> dict:
    """What `sight` lets the caller see. `campaign_statuses` holds those that are known, by code."""
    answer = {"customer_id": view["_id"], "version": version_of(view), "customer": _customer(view)}
    items = {kind: sight.items(kind, view) for kind in KINDS}
    for name, kind in KINDS.items():
        block = view.get(kind.block, {})
        answer[kind.block] = _block(items[name], _not_shown(block, name, sight)) if sight.sees(name) else None
    answer["interactions"] = _interactions(view.get("interactions", {})) if sight.counts_touches else None
    answer["campaigns"] = _campaigns(items, campaign_statuses) if sight.sees("campaign") else None
    answer["totals"] = _totals(view, items, sight)
    answer["timeline"] = _timeline(view, sight)
    return answer | {"withheld": sight.withheld, "own_only": sight.own_only}


def version_of(view: dict) -> int:
    """Grows with every event: with the entries of the timeline, and with the customer's own version."""
    return view.get("entries", 0) + view.get("customer", {}).get("version", 0)


def money_list(sums: dict[str, int]) -> list[dict]:
    return [{"amount": sums[currency], "currency": currency} for currency in sorted(sums) if sums[currency]]


def by_channel(counts: dict[str, int]) -> dict[str, int]:
    return {id_of(name): counts[name] for name in sorted(counts)}


def _campaigns(items: dict[str, list[dict]], statuses: dict[str, str]) -> list[dict]:
    found = (item["facts"].get("campaign_code") for kind in _OF_CAMPAIGNS for item in items[kind])
    return [{"code": code, "status": statuses.get(code)} for code in sorted({code for code in found if code})]


def _customer(view: dict) -> dict | None:
    if "customer" not in view:
        return None
    # Events of before say nothing of duplicates.
    return {"id": view["_id"]} | view["customer"] | {"possible_duplicate_of": _duplicates(view)}


def _duplicates(view: dict) -> list[str]:
    return view["customer"].get("possible_duplicate_of") or []


def _block(items: list[dict], not_shown: int | None) -> dict:
    items = sorted(items, key=lambda item: item["id"], reverse=True)
    sources = (item["source"] for item in items)
    return {
        "open": [item for item in items if item["open"]],
        "closed": [item for item in items if not item["open"]],
        "not_shown": not_shown,
        "source": max(sources, key=lambda source: (source["time"], source["event_id"]), default=None),
    }


def _not_shown(block: dict, kind: str, sight: Sight) -> int | None:
    """None where nobody has counted how many of the others are the caller's own."""
    beside = block.get("overflow", 0)
    return beside if not beside or sight.scopes.get(kind) == "all" else None


def _interactions(block: dict) -> dict:
    counts = block.get("by_channel", {})
    return {"total": sum(counts.values()), "by_channel": by_channel(counts), "source": block.get("source")}


def _totals(view: dict, items: dict[str, list[dict]], sight: Sight) -> dict:
    """Over what the caller sees of each kind; null where that is nothing, or was not counted."""
    answer: dict[str, object] = {}
    for kind, names in _COUNTERS.items():
        totals = _totals_of(kind, view, items[kind], sight)
        for name in names:
            answer[name] = None if totals is None else totals.get(name, 0)
        for name in _VALUES.get(kind, ()):
            answer[name] = None if totals is None else money_list(totals.get(name, {}))
    return answer


def _totals_of(kind: str, view: dict, items: list[dict], sight: Sight) -> dict | None:
    if sight.scopes.get(kind) != "own":
        return view.get("totals", {}) if sight.sees(kind) else None
    block = view.get(KINDS[kind].block, {})
    if block.get("overflow"):
        return None
    return view.get("totals", {}) if len(items) == len(block.get("items", ())) else totals_over(kind, items)


def _timeline(view: dict, sight: Sight) -> dict:
    entries = sight.recent_entries(view)
    return {
        "entries": entries,
        "total": view.get("entries", 0) if sight.whole else None,
        "source": _entry_source(entries[0]) if entries else None,
    }


def _entry_source(entry: dict) -> dict:
    return {
        "event_id": entry["id"],
        "type": entry["type"],
        "time": entry["at"],
        "applied_at": entry["applied_at"],
        "lag_ms": entry["lag_ms"],
    }
