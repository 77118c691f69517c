"""What a request may bring: how many bytes, how many JSON values, and which query parameters.

Checked before any schema runs, so that a small request cannot cost much: a schema looks at every item and keeps an error
for each.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request

from shared.problems import FieldError, Invalid, TooLarge

MAX_PARAMETER_NAME = 100
# A text without an end reaches to the end: if it did not match, each quote in it would be tried as the beginning of one.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_EMPTY = re.compile(rb"\[\s*+\]|\{\s*+\}")


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


def refuse_too_many_nodes(text: bytes) -> None:
    """Raises TooLarge when a JSON text has more values than the route takes. The text is not parsed: that alone costs."""
    most = current().json_nodes
    # Each value but the first follows a comma or opens a list or an object; what stands in texts only adds to that.
    if 1 + text.count(b",") + _openings(text) > most and _nodes(text, most) > most:
        raise TooLarge(f"The body has more than {most:,} values. Send it in several parts.", code="too-many-values")


def _nodes(text: bytes, most: int) -> int:
    """The number of values, or where it is beyond `most`, at least one more than that."""
    bare = _TEXT.sub(b"0", text)
    commas = bare.count(b",")
    return 1 + commas if commas >= most else 1 + commas + _openings(bare) - len(_EMPTY.findall(bare))


def _openings(text: bytes) -> int:
    return text.count(b"[") + text.count(b"{")


def _view() -> Callable | None:
    return current_app.view_functions.get(request.endpoint or "")


def _unknown(name: str, known: frozenset[str]) -> FieldError:
    takes = f"takes {', '.join(sorted(known))}" if known else "takes no query parameters"
    return FieldError(name[:MAX_PARAMETER_NAME], "unknown-parameter", f"Not known. This address {takes}.")
