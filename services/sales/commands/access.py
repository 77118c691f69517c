"""Who may work on which record: a rep on the own ones and on those that nobody owns."""

from typing import Any

from shared import auth, http
from shared.auth import Principal
from shared.problems import Forbidden


def check(record: Any, caller: Principal, *, expected: int | None = None) -> None:
    """Raises Forbidden for somebody else's record, PreconditionFailed when it is not at version `expected`."""
    if caller.scope != "all" and record.owner_id not in (caller.id, None):
        raise Forbidden("This belongs to somebody else. Ask a sales manager to give it to you.", code="other-owner")
    http.check_version(record, expected)


def check_document(document: dict) -> None:
    """The same for a stored document and the caller of the request. Raises Forbidden."""
    caller = auth.principal()
    if caller.scope != "all" and document.get("owner_id") not in (caller.id, None):
        raise Forbidden("This belongs to somebody else now. Ask a sales manager for it.", code="other-owner")


def owner(requested: str | None, caller: Principal) -> str | None:
    """Who owns what the caller makes: a rep the own work, unless a manager says otherwise. Raises Forbidden."""
    if caller.scope == "all":
        return requested
    if requested not in (caller.id, None):
        raise Forbidden(
            "Only a sales manager gives work to others. Leave out owner_id, or send your own.", code="other-owner"
        )
    return caller.id
