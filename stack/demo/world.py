"""What all parts of the demo data share: the API, the seed, the moment of the load, and sending many requests at once."""

import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared import clock
from stack.client import Api
from stack.demo.people import Person

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8
REPS = ("rep.li", "rep.garcia")


@dataclass(frozen=True)
class Known:
    """A person whose customer is known."""

    person: Person
    customer_id: str


@dataclass
class World:
    """`loaded_at` is the moment of the first load: a later run with the same seed sends the very same requests."""

    api: Api
    seed: int
    loaded_at: datetime
    switch_secret: str
    chance: random.Random
    customers: list[Known] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, Known]] = field(default_factory=list)

    def key(self, *parts: object) -> str:
        """An Idempotency-Key that is the same in every run with this seed."""
        return "-".join(map(str, ("demo", self.seed, *parts)))

    def ago(self, **duration: float) -> str:
        """A moment before the load, as the API takes it."""
        return clock.to_json(self.loaded_at - timedelta(**duration))

    def day(self, days: int) -> str:
        """A day before (negative) or after the load, as the API takes it."""
        return (self.loaded_at + timedelta(days=days)).date().isoformat()


def in_parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """All results in the order of the items; the first failure is raised."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def wait_until(done: Callable[[], R], what: str, *, within: float = 60) -> R:
    """Ask until the answer is true. Raises TimeoutError."""
    deadline = time.monotonic() + within
    while not (answer := done()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {within:.0f} s in vain: {what}. Look at the workers' logs: make logs SERVICE=…")
        time.sleep(0.2)
    return answer
