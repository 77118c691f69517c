"""Batches folded into views as the projector does it, with the views and what lies beside them in memory."""

from services.reporting.projections import fold as folding
from services.reporting.projections.fold import applied, comparable, fold
from services.reporting.projections.kinds import KINDS, kind_of
from services.reporting.projections.timeline import entry_of
from services.reporting.repositories.field_names import key_of
from shared import events
from tests.support.histories import START


class Store:
    def __init__(self) -> None:
        self.views: dict[str, dict] = {}
        self.overflow: dict[tuple[str, str], dict[str, dict]] = {}
        self.seen: set[str] = set()

    def apply(self, batch: list[events.Event]) -> None:
        by_customer: dict[str, list[events.Event]] = {}
        entries: dict[str, dict[str, dict]] = {}
        for event in folding.distinct(batch):
            entry = entry_of(event, START)
            if entry is None or (kind_of(event) != "customer" and entry["id"] in self.seen):
                continue
            if event.customer_id:
                by_customer.setdefault(event.customer_id, []).append(event)
                if entry["id"] not in self.seen:
                    entries.setdefault(event.customer_id, {})[entry["id"]] = entry
            self.seen.add(entry["id"])
        for customer_id, of_customer in by_customer.items():
            self._fold(customer_id, of_customer, list(entries.get(customer_id, {}).values()))

    def _fold(self, customer_id: str, batch: list[events.Event], entries: list[dict]) -> None:
        view = self.views.get(customer_id, {"_id": customer_id})
        beside = {}
        for kind in KINDS.values():
            touched = {key_of(e.subject) for e in batch if KINDS.get(kind_of(e)) is kind}
            beside[kind.block] = self._beside(customer_id, kind.block, touched, view)
        changes = fold(view, batch, entries=entries, applied_at=START, overflow=beside)
        self.views[customer_id] = applied(view, changes)
        for block, key, item in changes.to_overflow:
            self.overflow.setdefault((customer_id, block), {})[key] = item
        for block, key in changes.from_overflow:
            del self.overflow[customer_id, block][key]

    def _beside(self, customer_id: str, block: str, touched: set[str], view: dict) -> dict[str, dict]:
        items = self.overflow.get((customer_id, block), {})
        inside = touched & view.get(block, {}).get("items", {}).keys()
        highest = sorted(items, key=lambda key: (items[key]["open"], items[key]["id"]), reverse=True)[: len(inside)]
        return {key: items[key] for key in {*highest, *(touched & items.keys())}}

    def outcome(self) -> dict:
        overflow = {place: folding.timeless(items) for place, items in self.overflow.items() if items}
        return {"views": {id: comparable(view) for id, view in self.views.items()}, "overflow": overflow}


def views_of(log: list[events.Event]) -> dict[str, dict]:
    """The views of a log that comes in one batch."""
    store = Store()
    store.apply(log)
    return store.views
