"""How the switch signs what it tells us."""

import hashlib
import hmac

HEADER = "X-Switch-Signature"


def sign(secret: str, body: bytes, *, at: int) -> str:
    """The header's value: `t=<at>,v1=<hex HMAC-SHA256 of "<at>." and the body>`; `at` is in unix seconds."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
