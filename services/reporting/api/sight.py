"""What of a customer one caller sees: the table of roles as one value, which yields predicates for what was read and
criteria for what is to be read.

Whoever has a kind of record with scope `own` sees those that are the own ones now, with all that happened to them
before. Where the view no longer holds the record, what an entry itself tells decides.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.reporting.api.roles import READERS
from services.reporting.projections.kinds import ENTRY_KINDS, KINDS
from services.reporting.repositories.field_names import key_of
from shared.auth import SCOPES, Principal

INTERACTIONS, CAMPAIGNS = "interactions", "campaigns"
# A touch through the desk or the telephone is told by its ticket or call, and seen by whoever sees that.
_TOLD_BY = {
    "service-desk.interaction.logged": ("ticket", "ticket_id"),
    "telephony.interaction.logged": ("call", "call_id"),
}
# The view counts the touches of all services together.
_TOUCHES = ("interaction", "ticket", "call")


@dataclass(frozen=True)
class Ownership:
    """When a record is somebody's own, by its status and facts; `criteria` says the same of an entry's facts to MongoDB."""

    owns: Callable[[str, str, dict], bool]
    criteria: Callable[[str], dict]


_OWNER = Ownership(
    owns=lambda me, _, facts: (owner := facts.get("owner_id")) is None or owner == me,
    criteria=lambda me: {"facts.owner_id": {"$in": [me, None]}},
)
_AGENT = Ownership(
    owns=lambda me, status, facts: (
        facts.get("agent_id") == me or (facts.get("direction"), status) == ("inbound", "abandoned")
    ),
    criteria=lambda me: {
        "$or": [{"facts.agent_id": me}, {"facts.direction": "inbound", "facts.status": "abandoned"}],
    },
)
OWN = {"lead": _OWNER, "opportunity": _OWNER, "order": _OWNER, "call": _AGENT}


@dataclass(frozen=True)
class Sight:
    """`scopes` holds by kind `all` or `own`; a kind that the caller does not see is missing."""

    me: str
    scopes: Mapping[str, str]

    @functools.cached_property
    def whole(self) -> bool:
        """True when nothing of the records of a customer is kept from the caller."""
        return all(self.scopes.get(kind) == "all" for kind in ENTRY_KINDS)

    def sees(self, kind: str) -> bool:
        return kind in self.scopes

    @functools.cached_property
    def _plain(self) -> frozenset[str]:
        """Kinds all entries of which the caller sees, whatever they tell."""
        return frozenset(kind for kind, scope in self.scopes.items() if scope == "all") - {"interaction"}

    @functools.cached_property
    def counts_touches(self) -> bool:
        return all(self.scopes.get(kind) == "all" for kind in _TOUCHES)

    @functools.cached_property
    def withheld(self) -> list[str]:
        """The blocks of the view that the caller does not see."""
        blocks = [kind.block for name, kind in KINDS.items() if name not in self.scopes]
        blocks += [] if self.counts_touches else [INTERACTIONS]
        return sorted(blocks + ([] if self.sees("campaign") else [CAMPAIGNS]))

    @functools.cached_property
    def own_only(self) -> list[str]:
        return sorted(KINDS[kind].block for kind, scope in self.scopes.items() if scope == "own")

    def items(self, kind: str, view: dict) -> list[dict]:
        """Those records of the view that the caller sees."""
        if (scope := self.scopes.get(kind)) is None:
            return []
        items = _shown(kind, view).values()
        if scope == "all":
            return list(items)
        me, owns = self.me, OWN[kind].owns
        return [item for item in items if owns(me, item["status"], item["facts"])]

    def recent_entries(self, view: dict) -> list[dict]:
        """Those of the view's newest entries that the caller sees."""
        recent = view.get("recent", [])
        if self.whole:
            return recent
        plain = self._plain
        return [entry for entry in recent if entry["kind"] in plain or self.sees_entry(entry, view)]

    def sees_entry(self, entry: dict, view: dict) -> bool:
        kind = entry["kind"]
        if (told_by := _TOLD_BY.get(entry["type"])) is not None:
            kind = told_by[0]
        if (scope := self.scopes.get(kind)) != "own":
            return scope is not None
        id = entry["facts"].get(told_by[1], "") if told_by else entry["subject"]
        if (item := _item(_shown(kind, view), id)) is not None:
            return self._owns(kind, item)
        return not told_by and self._owns(kind, {"status": entry["facts"]["status"], "facts": entry["facts"]})

    def entries(self, view: Callable[[], dict | None]) -> dict:
        """Criteria of the timeline's entries that the caller sees; `view` is asked only if records must be looked at."""
        if self.whole:
            return {}
        kinds = sorted(self._plain)
        types = [type for type, (kind, _) in _TOLD_BY.items() if self.scopes.get(kind) == "all"]
        seen: list[dict] = [{"kind": {"$in": kinds}}]
        seen.append({"type": {"$in": types + ["customer.interaction.logged"] * self.sees("interaction")}})
        own = [kind for kind, scope in self.scopes.items() if scope == "own"]
        known = (view() or {}) if own else {}
        return {"$or": seen + [clause for kind in own for clause in self._own_entries(kind, known)]}

    def notices(self, view: dict, paths: Iterable[str] | None) -> bool:
        """Did the view change where the caller sees it? `paths` are those that changed, or None for a new view."""
        if self.whole:
            return True
        changed = list(view) if paths is None else list(paths)
        return any(self._sees_path(path, view) for path in changed) or self._sees_latest(view)

    def _owns(self, kind: str, item: dict) -> bool:
        return OWN[kind].owns(self.me, item["status"], item["facts"])

    def _own_entries(self, kind: str, view: dict) -> list[dict]:
        shown = [item["id"] for item in _shown(kind, view).values()]
        mine = [item["id"] for item in self.items(kind, view)]
        touches = [
            {"type": type, f"facts.{name}": {"$in": mine}}
            for type, (of_kind, name) in _TOLD_BY.items()
            if of_kind == kind
        ]
        return [
            {"kind": kind, "subject": {"$in": mine}},
            {"kind": kind, "subject": {"$nin": shown}} | OWN[kind].criteria(self.me),
            *touches,
        ]

    def _sees_path(self, path: str, view: dict) -> bool:
        part, _, rest = path.partition(".")
        if part == "customer":
            return self.sees("customer")
        kind = _KIND_OF_BLOCK.get(part)
        if kind is None or self.scopes.get(kind) != "own":
            return kind in self.scopes
        item = _shown(kind, view).get(rest.removeprefix("items.").partition(".")[0])
        # What has left the view may have been the caller's.
        return item is None or self._owns(kind, item)

    def _sees_latest(self, view: dict) -> bool:
        """Among the entries that the latest batch added, as far as the view shows them."""
        recent = view.get("recent", [])
        latest = max((entry["applied_at"] for entry in recent), default=None)
        return any(self.sees_entry(entry, view) for entry in recent if entry["applied_at"] == latest)


_KIND_OF_BLOCK = {kind.block: name for name, kind in KINDS.items()}


def of(caller: Principal) -> Sight:
    return _of(caller.id, caller.roles)


@functools.lru_cache(maxsize=4096)
def _of(id: str, roles: frozenset[str]) -> Sight:
    """With the widest scope that one of the roles has for each kind."""
    granted = {kind: [readers[role] for role in roles if role in readers] for kind, readers in READERS.items()}
    return Sight(id, {kind: max(scopes, key=SCOPES.index) for kind, scopes in granted.items() if scopes})


def _shown(kind: str, view: dict) -> dict[str, dict]:
    block = view.get(KINDS[kind].block)
    return block.get("items", {}) if block else {}


def _item(items: dict[str, dict], id: str) -> dict | None:
    """Few ids differ from their keys, and making a key takes longer than a look."""
    return items.get(id) or (items.get(key_of(id)) if id else None)
