"""A partner's key: kept as a hash, and forgotten soon after it is revoked."""

from datetime import UTC, datetime

import pytest

from services.sales.api.partner_access import CACHED_RECORDS, CACHED_SECONDS, Lately
from services.sales.domain.partner import PartnerKey, sha256
from shared.problems import Conflict

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def key(id: str = "key-1") -> PartnerKey:
    return PartnerKey(id, 1, "eastgate", sha256("the-secret"), created_at=AT, created_by="admin.root")


def test_a_key_opens_with_its_secret_only():
    assert key().opens_with("the-secret")
    assert not key().opens_with("the-secreT")
    assert not key().opens_with("")


def test_a_revoked_key_opens_nothing_and_is_not_revoked_twice():
    revoked = key().revoke(at=AT)

    assert not revoked.opens_with("the-secret")
    with pytest.raises(Conflict):
        revoked.revoke(at=AT)


def test_a_revoked_key_is_noticed_within_thirty_seconds():
    now = [0.0]
    stored = {"key-1": key()}
    cache = Lately(clock=lambda: now[0])
    assert cache.find("key-1", stored.get).opens_with("the-secret")
    stored["key-1"] = key().revoke(at=AT)

    now[0] = CACHED_SECONDS

    assert not cache.find("key-1", stored.get).opens_with("the-secret")


def test_the_cache_stays_small_and_does_not_keep_guesses():
    cache = Lately()

    for number in range(CACHED_RECORDS * 2):
        cache.find(f"key-{number}", key)
        cache.find(f"guess-{number}", lambda _: None)

    assert len(cache._cached) <= CACHED_RECORDS
