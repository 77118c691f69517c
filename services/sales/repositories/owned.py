"""Records that belong to a rep: which of them a caller's scope covers."""

from shared.auth import Principal


def criteria(caller: Principal) -> dict:
    """A rep works on the own records and on those that nobody owns yet."""
    return {} if caller.scope == "all" else {"owner_id": {"$in": [caller.id, None]}}


def by(owner: str | None, caller: Principal) -> dict:
    """The `owner` filter of a list: an id, `me`, `none`, or None for all that the caller's scope covers."""
    if owner is None:
        return criteria(caller)
    return {"$and": [criteria(caller), {"owner_id": {"me": caller.id, "none": None}.get(owner, owner)}]}
