"""What a request may bring: how many bytes, how many JSON values, and which query parameters.

Checked before any schema runs, so that a small request cannot cost much: a schema looks at every item and keeps an error
for each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from shared.problems import FieldError, Invalid, TooLarge

MAX_PARAMETER_NAME = 100


@dataclass(frozen=True)
class Limits:
    """`json_nodes` counts every object, list, text, number, boolean and null of a body."""

    body_bytes: int = 256 * 1024
    json_nodes: int = 5_000


ORDINARY = Limits()
BATCH = Limits(body_bytes=8 * 1024 * 1024, json_nodes=50_000)
PAGE = ("limit", "cursor")


def batch(view: Callable) -> Callable:
    """Let a route take the bodies of a batch."""
    view.limits = BATCH
    return view


def query(*names: str) -> Callable:
    """Let a route take these query parameters; a route without this takes none."""

    def decorate(view: Callable) -> Callable:
        view.query = frozenset(names)
        return view

    return decorate


def current() -> Limits:
    """Those of the route that was asked."""
    return getattr(_view(), "limits", ORDINARY)


def refuse_unknown_parameters() -> None:
    """Raises Invalid for a query parameter that the route does not have, and for one that is given twice."""
    if not request.args:
        return
    known = getattr(_view(), "query", frozenset())
    errors = [_unknown(name, known) for name in request.args if name not in known]
    errors += [
        FieldError(name, "once", "Give this parameter once.")
        for name, values in request.args.lists()
        if name in known and len(values) > 1
    ]
    if errors:
        raise Invalid(errors)


def refuse_too_many_nodes(text: bytes, body: Any) -> None:
    """Raises TooLarge when `body`, which was read from `text`, has more JSON values than the route takes."""
    most = current().json_nodes
    # Each value but the first follows a comma or opens a list or an object; commas in texts only make this too high.
    if 1 + text.count(b",") + text.count(b"[") + text.count(b"{") <= most:
        return
    waiting, nodes = [body], 1
    while waiting:
        node = waiting.pop()
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        nodes += len(children)
        if nodes > most:
            raise TooLarge(f"The body has more than {most:,} values. Send it in several parts.", code="too-many-values")
        waiting.extend(children)


def _view() -> Callable | None:
    return current_app.view_functions.get(request.endpoint or "")


def _unknown(name: str, known: frozenset[str]) -> FieldError:
    takes = f"takes {', '.join(sorted(known))}" if known else "takes no query parameters"
    return FieldError(name[:MAX_PARAMETER_NAME], "unknown-parameter", f"Not known. This address {takes}.")
