"""The demo people, the key that signs their tokens, and tokens made with it for the command line."""

import base64
import json
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from stack.environments import ROOT, Environment
from stack.secrets import write_private

PEOPLE = ROOT / "stack" / "oidc" / "people.json"
TOKEN_SECONDS = 8 * 3600


def people() -> list[dict]:
    return json.loads(PEOPLE.read_text())


def ensure_keys(environment: Environment) -> None:
    """Make the provider's ES256 signing key (as a JSON Web Key Set) unless the environment has one."""
    path = _keys(environment)
    if path.exists():
        return
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.private_numbers()
    key = {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": f"local-{int(time.time())}",
        "x": _base64(numbers.public_numbers.x),
        "y": _base64(numbers.public_numbers.y),
        "d": _base64(numbers.private_value),
    }
    write_private(path, json.dumps({"keys": [key]}, indent=2))


def token(environment: Environment, sub: str, *, audience: str = "crm", seconds: int = TOKEN_SECONDS) -> str:
    """An access token like the provider's own. Raises LookupError for somebody who is not a demo person."""
    person = next((person for person in people() if person["sub"] == sub), None)
    if person is None:
        raise LookupError(f"There is no demo person {sub}. There are: {', '.join(p['sub'] for p in people())}")
    key = json.loads(_keys(environment).read_text())["keys"][0]
    now = int(time.time())
    claims = {**person, "iss": environment.oidc_issuer, "aud": audience, "iat": now, "exp": now + seconds}
    claims.pop("language", None)
    return jwt.encode(claims, jwt.PyJWK(key).key, algorithm="ES256", headers={"kid": key["kid"], "typ": "at+jwt"})


def _keys(environment: Environment) -> Path:
    return environment.directory / "oidc-keys.json"


def _base64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
