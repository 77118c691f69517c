"""What is being worked on right now: the request or event that everything written, logged or published belongs to."""

from contextvars import ContextVar
from dataclasses import dataclass

SYSTEM = "system"


@dataclass(frozen=True)
class IdempotencyKey:
    """`key` is scoped to its caller; `request_hash` tells another body under the same key apart."""

    key: str
    request_hash: str


@dataclass
class Work:
    """`correlation_id` names the whole business flow, `causation_id` the event that led to this work (None in a request).

    `actor` is the caller's id, or SYSTEM where nobody calls: for events and timers.
    """

    correlation_id: str
    causation_id: str | None = None
    actor: str = SYSTEM
    traceparent: str | None = None
    idempotency_key: IdempotencyKey | None = None
    idempotency_collection: str | None = None
    key_stored: bool = False


_work: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work | None:
    return _work.get()


def begin(work: Work):
    """Returns the token for `end`."""
    return _work.set(work)


def end(token) -> None:
    _work.reset(token)
