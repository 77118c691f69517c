"""The answers made from views: stored parts in the order and the form that readers need."""

from collections.abc import Iterator

from services.reporting.projections.kinds import KINDS
from services.reporting.repositories.field_names import id_of

_COUNTERS = (
    "leads",
    "leads_open",
    "opportunities",
    "opportunities_open",
    "opportunities_won",
    "orders",
    "orders_open",
    "orders_cancelled",
    "tickets",
    "tickets_open",
    "calls",
    "calls_answered",
    "calls_abandoned",
    "outbound_calls_answered",
    "outbound_calls_unanswered",
    "talk_s",
)
_VALUES = ("open_value", "won_value", "order_value")
_CAMPAIGN_BLOCKS = ("leads", "opportunities", "orders")


def customer_360(view: dict, campaign_statuses: dict[str, str]) -> dict:
    """`campaign_statuses` holds those that are known, by code."""
    answer = {"customer_id": view["_id"], "version": version_of(view), "customer": _customer(view)}
    for kind in KINDS.values():
        answer[kind.block] = _block(view.get(kind.block))
    answer["interactions"] = _interactions(view.get("interactions", {}))
    answer["campaigns"] = [
        {"code": code, "status": campaign_statuses.get(code)} for code in sorted(_campaign_codes(view))
    ]
    answer["totals"] = _totals(view.get("totals", {}))
    answer["timeline"] = _timeline(view)
    return answer


def version_of(view: dict) -> int:
    """Grows with every event: with the entries of the timeline, and with the customer's own version."""
    return view.get("entries", 0) + view.get("customer", {}).get("version", 0)


def money_list(sums: dict[str, int]) -> list[dict]:
    return [{"amount": sums[currency], "currency": currency} for currency in sorted(sums) if sums[currency]]


def by_channel(counts: dict[str, int]) -> dict[str, int]:
    return {id_of(name): counts[name] for name in sorted(counts)}


def _campaign_codes(view: dict) -> set[str]:
    return {code for item in _items(view, _CAMPAIGN_BLOCKS) if (code := item["facts"].get("campaign_code"))}


def _items(view: dict, blocks: tuple[str, ...]) -> Iterator[dict]:
    for block in blocks:
        yield from view.get(block, {}).get("items", {}).values()


def _customer(view: dict) -> dict | None:
    if "customer" not in view:
        return None
    # Events of before say nothing of duplicates.
    return {"id": view["_id"]} | view["customer"] | {"possible_duplicate_of": _duplicates(view)}


def _duplicates(view: dict) -> list[str]:
    return view["customer"].get("possible_duplicate_of") or []


def _block(block: dict | None) -> dict:
    if block is None:
        return {"open": [], "closed": [], "not_shown": 0, "source": None}
    items = sorted(block["items"].values(), key=lambda item: item["id"], reverse=True)
    sources = (item["source"] for item in items)
    return {
        "open": [item for item in items if item["open"]],
        "closed": [item for item in items if not item["open"]],
        "not_shown": block.get("overflow", 0),
        "source": max(sources, key=lambda source: (source["time"], source["event_id"])),
    }


def _interactions(block: dict) -> dict:
    counts = block.get("by_channel", {})
    return {"total": sum(counts.values()), "by_channel": by_channel(counts), "source": block.get("source")}


def _totals(totals: dict) -> dict:
    counters = {name: totals.get(name, 0) for name in _COUNTERS}
    return counters | {name: money_list(totals.get(name, {})) for name in _VALUES}


def _timeline(view: dict) -> dict:
    entries = view.get("recent", [])
    return {
        "entries": entries,
        "total": view.get("entries", 0),
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
