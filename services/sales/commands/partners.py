"""Partners: add them, make and revoke their keys."""

import secrets

from services.sales.domain.partner import Partner, PartnerKey, sha256
from services.sales.repositories import partner_keys, partners
from shared import clock, http, ids
from shared.aggregates import Duplicate
from shared.problems import Conflict


def create_partner(*, id: str, name: str, rate: int, default_country: str | None) -> Partner:
    """Raises Conflict when the id is taken."""
    at = clock.now()
    partner = Partner(
        id=id, version=1, name=name, rate=rate, created_at=at, updated_at=at, default_country=default_country
    )
    try:
        return partners.insert(partner)
    except Duplicate as taken:
        if taken.index != "_id_":
            raise
        raise Conflict(f"There is a partner {id} already. Choose another id.", code="partner-id-taken") from taken


def create_partner_key(partner_id: str, *, by: str) -> tuple[PartnerKey, str]:
    """The new key as it is kept, and the whole key for its owner, which nobody can read again."""
    partners.get(partner_id)
    secret = secrets.token_urlsafe(32)
    key = PartnerKey(ids.new_id(), 1, partner_id, sha256(secret), created_at=clock.now(), created_by=by)
    return partner_keys.insert(key), f"{key.id}.{secret}"


def revoke_partner_key(partner_id: str, key_id: str, *, expected: int | None) -> PartnerKey:
    key = partner_keys.get(partner_id, key_id)
    http.check_version(key, expected)
    return partner_keys.save(key.revoke(at=clock.now()))
