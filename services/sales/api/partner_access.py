"""Letting partners in: by API key or bearer token, and only to their own leads."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, request

from services.sales.repositories import partner_keys, partners
from shared.auth import Principal, principal
from shared.problems import Forbidden, Unauthorized
from shared.text import countries

T = TypeVar("T")

CACHED_SECONDS = 30.0
CACHED_RECORDS = 1000
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


def by_key() -> Principal | None:
    """The partner whose key is in `X-Api-Key`; None without that header. Raises Unauthorized."""
    text = request.headers.get("X-Api-Key")
    if text is None:
        return None
    key_id, _, secret = text[:_MAX_KEY_LENGTH].partition(".")
    cache: Lately = current_app.extensions["partner_keys"]
    key = cache.find(key_id, partner_keys.find)
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


def check_own(partner_id: str) -> None:
    """Raises Forbidden for the address of another partner, NotFound when a token names one that does not exist."""
    if principal().partner_id != partner_id:
        raise Forbidden("These are the leads of another partner. Use your own partner id.", code="other-partner")
    if "X-Api-Key" not in request.headers:
        partners.get(partner_id)


def country_of(partner_id: str) -> str:
    """The country of the partner's phone numbers without a country code. Raises NotFound."""
    cache: Lately = current_app.extensions["partners"]
    return cache.find(partner_id, partners.get).default_country or countries.default()
