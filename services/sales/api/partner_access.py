"""Letting partners in: by API key or bearer token, and only to their own leads."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from services.sales.domain.partner import Partner, PartnerKey
from services.sales.repositories import partner_keys, partners
from shared import limits
from shared.auth import Principal, principal
from shared.problems import Forbidden, TooManyRequests, Unauthorized
from shared.text import countries

T = TypeVar("T")

CACHED_SECONDS = 30.0
CACHED_RECORDS = 1000
GUESSES, GUESSES_A_SECOND, ADDRESSES = 20, 2, 10_000
_MAX_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True)
class _Cached:
    found: Any
    until: float


class Lately:
    """The records of one kind that were used lately. What changes is forgotten within `CACHED_SECONDS`."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._cached: dict[str, _Cached] = {}

    def find(self, id: str, load: Callable[[str], T | None]) -> T | None:
        """From the cache, or by `load`. What does not exist is not kept, so guesses cannot fill the cache."""
        cached = self._cached.get(id)
        if cached is not None and cached.until > self._clock():
            return cached.found
        found = load(id)
        if found is not None:
            if len(self._cached) >= CACHED_RECORDS:
                self._cached.clear()
            self._cached[id] = _Cached(found, self._clock() + CACHED_SECONDS)
        return found

    def knew(self, id: str) -> bool:
        """True for what was found before, even if it must be looked up again."""
        return id in self._cached


class Strangers:
    """How many keys that nobody has came from each address: each costs a look-up, so twenty at once and two a second."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}

    def check(self, address: str) -> None:
        """Raises TooManyRequests."""
        if self._now_spent(address) > GUESSES - 1:
            raise TooManyRequests(
                "Too many keys that nobody has came from your address. Check your key, and wait as long as Retry-After says.",
                code="too-many-unknown-keys",
                headers={"Retry-After": "1"},
            )

    def count(self, address: str) -> None:
        spent = self._now_spent(address) + 1
        self._spent.pop(address, None)
        if len(self._spent) >= ADDRESSES:
            del self._spent[next(iter(self._spent))]  # The one that has been silent for longest.
        self._spent[address] = (spent, self._clock())

    def _now_spent(self, address: str) -> float:
        spent, at = self._spent.get(address, (0.0, 0.0))
        return max(0.0, spent - (self._clock() - at) * GUESSES_A_SECOND)


def by_key() -> Principal | None:
    """The partner whose key is in `X-Api-Key`; None without that header. Raises Unauthorized."""
    text = request.headers.get("X-Api-Key")
    if text is None:
        return None
    key_id, _, secret = text[:_MAX_KEY_LENGTH].partition(".")
    cache: Lately = current_app.extensions["partner_keys"]
    key = cache.find(key_id, _find_key)
    if key is None or not key.opens_with(secret):
        raise Unauthorized(
            "The key in X-Api-Key is not valid, or it was revoked. Ask for a new one.", code="bad-api-key"
        )
    return Principal(
        id=f"partner:{key.partner_id}",
        name=key.partner_id,
        roles=frozenset(["partner"]),
        partner_id=key.partner_id,
    )


def own_partner(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let only the partner of the address in, and no faster than agreed. Stands right below the access decorator, so that a
    refused request costs no look-up and its body is not waited for.

    Raises Forbidden for the address of another partner, NotFound when a token names one that does not exist, and
    TooManyRequests.
    """

    @wraps(view)
    def entered(partner_id: str, **others: str) -> Response:
        if (own_id := principal().partner_id) is None:
            raise _another_partners()
        partner, pace = _partner(own_id), current_app.extensions["partner_pace"]
        with pace.under_way(partner, batch=limits.current() is limits.BATCH):
            g.rate, g.left = partner.rate, 0
            g.left = pace.take(partner)
            if own_id != partner_id:
                raise _another_partners()
            return view(partner_id, **others)

    return entered


def _another_partners() -> Forbidden:
    return Forbidden("These are the leads of another partner. Use your own partner id.", code="other-partner")


def tell_pace(response: Response) -> Response:
    """The agreed rate and what is left of it, as draft-ietf-httpapi-ratelimit-headers tells them."""
    if (rate := g.get("rate")) is not None:
        response.headers["RateLimit-Policy"] = f'"partner";q={rate};w=1'
        response.headers["RateLimit"] = f'"partner";r={min(g.left, rate)};t=1'
    return response


def country_of(partner_id: str) -> str:
    """The country of the partner's phone numbers without a country code. Raises NotFound."""
    return _partner(partner_id).default_country or countries.default()


def _partner(partner_id: str) -> Partner:
    cache: Lately = current_app.extensions["partners"]
    return cache.find(partner_id, partners.get)


def _find_key(key_id: str) -> PartnerKey | None:
    """Raises TooManyRequests for an address from which too many keys came that nobody has."""
    strangers: Strangers = current_app.extensions["strangers"]
    address = request.headers.get("X-Client-Address") or request.remote_addr or ""
    # Whoever guesses must not shut out a partner behind the same address.
    if not current_app.extensions["partner_keys"].knew(key_id):
        strangers.check(address)
    key = partner_keys.find(key_id)
    if key is None:
        strangers.count(address)
    return key
