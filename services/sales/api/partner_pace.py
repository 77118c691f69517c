"""How fast a partner may go: its agreed rate over all its keys and all processes, and how much it does at once in this one.

The requests of all web processes come out of one bucket in MongoDB. A process draws as many at once as it expects to need
in the next tenth of a second, so that a busy partner costs some ten round trips a second and not one for each request, and
a quiet one leaves nothing lying in processes that do not need it. When half of them are used, one request draws the next
while the others go on, so that nobody waits for a slow database but that one.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.sales.domain.partner import Partner
from services.sales.repositories import partner_rates
from shared.problems import TooManyRequests

DRAWN_FOR_SECONDS = 0.1
KEPT_SECONDS = 1.0
"""What was drawn and not used by then is lost: otherwise every process would hoard some for a burst."""
EMPTY_SECONDS = 0.05
MOST_DRAWN = 20  # A twentieth of the rate: what lies unused in some processes must not be missing in the others.
AT_ONCE, BATCHES_AT_ONCE = 100, 8
PARTNERS = 1000


@dataclass(slots=True)
class _Drawn:
    """What this process holds of one partner's bucket: `requests` it may answer, `used` ones since it drew `at` that time."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: int = 0
    low: int = 0
    used: int = 0
    at: float = float("-inf")
    trip_seconds: float = 0.0
    left: int = 0
    empty_until: float = float("-inf")


class Pace:
    """One per process. `enter` lets a request of a partner in, or raises TooManyRequests."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._drawn: dict[str, _Drawn] = {}
        self._under_way: Counter[tuple[str, bool]] = Counter()

    def take(self, partner: Partner) -> int:
        """Count one request. Answers how many more the partner has now, as far as this process knows."""
        drawn = self._drawn.get(partner.id) or self._begin(partner.id)
        if not self._use(drawn):
            with drawn.lock:  # Those who come meanwhile wait for the same round trip.
                if not self._use(drawn):
                    self._draw(partner, drawn)
                    if not self._use(drawn):
                        raise _too_fast(partner)
        elif drawn.requests < drawn.low and drawn.lock.acquire(blocking=False):
            try:
                self._draw(partner, drawn)
            finally:
                drawn.lock.release()
        return drawn.requests + drawn.left

    @contextmanager
    def under_way(self, partner: Partner, *, batch: bool) -> Iterator[None]:
        """One request more, while it lasts: bodies that never end must not fill this process."""
        kind, most = (partner.id, batch), BATCHES_AT_ONCE if batch else AT_ONCE
        if self._under_way[kind] >= most:
            raise TooManyRequests(
                f"{most} of your requests are being answered here. Wait for one of them, then send this one again.",
                code="too-many-at-once",
                headers={"Retry-After": "1"},
            )
        self._under_way[kind] += 1
        try:
            yield
        finally:
            self._under_way[kind] -= 1
            if not self._under_way[kind]:
                del self._under_way[kind]

    def _begin(self, partner_id: str) -> _Drawn:
        if len(self._drawn) >= PARTNERS:
            self._drawn.clear()
        return self._drawn.setdefault(partner_id, _Drawn())

    def _use(self, drawn: _Drawn) -> bool:
        if drawn.requests < 1 or self._clock() > drawn.at + KEPT_SECONDS:
            return False
        drawn.requests -= 1
        drawn.used += 1
        return True

    def _draw(self, partner: Partner, drawn: _Drawn) -> None:
        """Add what the bucket gives, if anything."""
        now = self._clock()
        if now < drawn.empty_until:
            return
        until_the_next = max(DRAWN_FOR_SECONDS, 4 * drawn.trip_seconds)
        expected = drawn.used / max(now - drawn.at, 0.001) * until_the_next
        wanted = max(1, min(round(expected), partner.rate // MOST_DRAWN))
        kept = drawn.requests if now <= drawn.at + KEPT_SECONDS else 0
        drawn.requests, drawn.used, drawn.at = kept, 0, now
        got, drawn.left = partner_rates.draw(partner.id, rate=partner.rate, wanted=wanted)
        drawn.requests += got
        drawn.low = drawn.requests // 2
        drawn.trip_seconds = self._clock() - now
        if not got:
            drawn.empty_until = now + EMPTY_SECONDS


def _too_fast(partner: Partner) -> TooManyRequests:
    return TooManyRequests(
        f"{partner.rate} requests a second are agreed with you, over all your keys. Wait as long as Retry-After says and "
        "repeat the request; a batch brings up to 1,000 leads in one.",
        headers={"Retry-After": "1"},
    )
