"""Comparing two sets of projected collections: what was made from the same events must be the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.database import Database

from services.reporting.projections.fold import comparable, timeless
from services.reporting.repositories import PROJECTED, daily, views

Missing = object()


@dataclass(frozen=True, order=True)
class Difference:
    """Two documents that differ, and where; values are not told, because they may be personal."""

    collection: str
    id: str
    where: str

    def __str__(self) -> str:
        return f"{self.collection} {self.id}: {self.where}"


def differences(database: Database, suffix: str, *, among: list[Difference] | None = None) -> list[Difference]:
    """Between each live collection and the one with `suffix` in its name; of the documents in `among`, if given."""
    found = []
    for name in PROJECTED:
        if name == daily.COLLECTION:
            found += _differing_days(database, suffix)
            continue
        ids = None if among is None else sorted({known.id for known in among if known.collection == name})
        for id, live, rebuilt in _pairs(database[name], database[name + suffix], ids):
            if where := _where(_normal(name, live), _normal(name, rebuilt)):
                found.append(Difference(name, id, where))
    return found


def _pairs(
    live: Collection, rebuilt: Collection, ids: list[str] | None
) -> Iterator[tuple[str, dict | None, dict | None]]:
    """Each id with its document in both, from two walks in the same order."""
    criteria = {} if ids is None else {"_id": {"$in": ids}}
    left, right = (chain(c.find(criteria).sort("_id", ASCENDING), [None]) for c in (live, rebuilt))
    one, other = next(left), next(right)
    while one is not None or other is not None:
        id = min(document["_id"] for document in (one, other) if document is not None)
        here = one if one is not None and one["_id"] == id else None
        there = other if other is not None and other["_id"] == id else None
        yield id, here, there
        one = next(left) if here is not None else one
        other = next(right) if there is not None else other


def _normal(collection: str, document: dict | None) -> dict | None:
    if document is None:
        return None
    return comparable(document) if collection == views.COLLECTION else timeless(document)


def _where(live: Any, rebuilt: Any) -> str | None:
    if live == rebuilt:
        return None
    if live is None:
        return "only in the rebuilt collection"
    if rebuilt is None:
        return "only in the live collection"
    return "differs at " + _path(live, rebuilt)


def _path(live: Any, rebuilt: Any) -> str:
    """The first place that differs, as a dotted path."""
    if isinstance(live, dict) and isinstance(rebuilt, dict):
        for name in sorted(live.keys() | rebuilt.keys()):
            if live.get(name, Missing) != rebuilt.get(name, Missing):
                return f"{name}.{_path(live.get(name, Missing), rebuilt.get(name, Missing))}".rstrip(".")
    return ""


def _differing_days(database: Database, suffix: str) -> list[Difference]:
    """A replayed dead letter is counted under no partition, so the days are compared and not the documents."""
    live, rebuilt = (daily.sums(database[name].find()) for name in (daily.COLLECTION, daily.COLLECTION + suffix))
    return [
        Difference(daily.COLLECTION, day, where)
        for day in sorted(live.keys() | rebuilt.keys())
        if (where := _where(live.get(day), rebuilt.get(day)))
    ]
