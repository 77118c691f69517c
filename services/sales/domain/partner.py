"""A partner channel: its keys, and how the leads that it sends are read."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from services.sales.domain import enquiry
from services.sales.domain.enquiry import Enquiry
from shared import ids
from shared.problems import Conflict, FieldError, Invalid

MAX_EXTERNAL_ID = 100
MAX_UNKNOWN = 5
"""So many unknown fields of a lead are told, so that an answer to a batch stays short."""
FIELDS = frozenset(("external_id", *enquiry.FIELDS))


@dataclass(frozen=True)
class Partner:
    """`rate` is the agreed number of requests a second, over all keys; `api/partner_pace.py` keeps it.

    Its phone numbers without a country code are of `default_country`; None stands for the deployment's.
    """

    id: str
    version: int
    name: str
    rate: int
    created_at: datetime
    updated_at: datetime
    default_country: str | None = None


@dataclass(frozen=True)
class PartnerKey:
    """An API key is `<id>.<secret>`. The secret is 256 random bits, so one round of SHA-256 keeps it safe."""

    id: str
    version: int
    partner_id: str
    secret_sha256: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    def revoke(self, *, at: datetime) -> "PartnerKey":
        """Raises Conflict when it is revoked already."""
        if self.revoked_at is not None:
            raise Conflict("This key is revoked already. Nothing more is to be done.", code="key-already-revoked")
        return replace(self, revoked_at=at)

    def opens_with(self, secret: str) -> bool:
        """Compared in constant time, so that an answer's delay tells nothing about the secret."""
        return self.revoked_at is None and hmac.compare_digest(self.secret_sha256, sha256(secret))


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def read_lead(row: object, *, country: str) -> tuple[str, Enquiry]:
    """The external id and the enquiry of a lead as a partner sends it.

    Raises Invalid with an entry for each field that breaks a rule.
    """
    if not isinstance(row, dict):
        raise Invalid([FieldError("body", "object", "A lead must be a JSON object in braces.")])
    errors = [
        FieldError(name[:100], "unknown-field", f"Not known. The fields are {', '.join(sorted(FIELDS))}.")
        for name in sorted(row.keys() - FIELDS)[:MAX_UNKNOWN]
    ]
    # An id is a key of somebody else's: what cannot be seen in it is refused, not taken away.
    external_id = enquiry.text(row, "external_id", MAX_EXTERNAL_ID, errors, clean=str.strip)
    if external_id is not None and not ids.fits_a_path(external_id):
        errors.append(FieldError("external_id", "path-segment", ids.PATH_RULE))
    if external_id is None and not any(error.field == "external_id" for error in errors):
        errors.append(FieldError("external_id", "required", "Give your own id of the lead."))
    try:
        content = enquiry.read(row, country=country)
    except Invalid as problem:
        raise Invalid([*errors, *problem.errors]) from problem
    if errors or external_id is None:
        raise Invalid(errors)
    return external_id, content
