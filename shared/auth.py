"""Who is calling and what the route lets them do: token verification, roles and record scope."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import jwt
from flask import current_app, g, request

from shared import limits
from shared.problems import Forbidden, Unauthorized, Unavailable
from shared.settings import ServiceSettings

ROLES = (
    "rep",
    "sales-manager",
    "marketer",
    "service-agent",
    "call-agent",
    "supervisor",
    "analyst",
    "executive",
    "privacy-officer",
    "operator",
    "importer",
    "admin",
    "partner",
    "customer",
)
# An importer loads data and reads no more of it than that needs.
STAFF = tuple(role for role in ROLES if role not in ("importer", "partner", "customer"))
SCOPES = ("own", "all")
ALGORITHMS = ["ES256", "RS256"]
LEEWAY_SECONDS = 30
CACHED_TOKENS = 10_000
CACHED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller. `scope` is the widest record scope that one of the caller's roles has on this route."""

    id: str
    name: str
    roles: frozenset[str]
    team: str | None = None
    territory: str | None = None
    partner_id: str | None = None
    customer_id: str | None = None
    scope: str = "own"


class TokenVerifier:
    """Checks signature, issuer, audience and times of a bearer token against the provider's published keys.

    A verified token is remembered for a minute at most, and never past its own end.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._keys = jwt.PyJWKClient(settings.oidc_jwks_url, cache_keys=True, lifespan=300, timeout=5)
        self._verified: dict[bytes, tuple[float, Principal]] = {}
        self._lock = threading.Lock()

    def verify(self, token: str) -> Principal:
        """Raises Unauthorized, or Unavailable when the provider's keys cannot be read."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and known[0] > time.time():
            return known[1]
        claims = self._claims(token)
        principal = _principal(claims)
        with self._lock:
            if len(self._verified) >= CACHED_TOKENS:
                self._verified.clear()
            self._verified[digest] = (min(time.time() + CACHED_SECONDS, claims["exp"]), principal)
        return principal

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._keys.get_signing_key_from_jwt(token)
            return jwt.decode(
                token,
                key.key,
                algorithms=ALGORITHMS,
                issuer=self._settings.oidc_issuer,
                audience=self._settings.oidc_audience,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWKClientConnectionError as problem:
            raise Unavailable("The identity provider cannot be reached. Try again in a few seconds.") from problem
        except (jwt.PyJWKClientError, jwt.InvalidTokenError) as problem:
            raise _unauthorized(f"The access token is not valid: {problem}. Log in again.") from problem


def _principal(claims: dict[str, Any]) -> Principal:
    roles = claims.get("roles")
    return Principal(
        id=claims["sub"],
        name=str(claims.get("name") or claims["sub"]),
        roles=frozenset(roles) if isinstance(roles, list) else frozenset(),
        team=claims.get("team"),
        territory=claims.get("territory"),
        partner_id=claims.get("partner_id"),
        customer_id=claims.get("customer_id"),
    )


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": 'Bearer realm="crm"'})


def principal() -> Principal:
    """The caller of the current request."""
    return g.principal


def requires(roles: dict[str, str]) -> Callable:
    """Let callers in that hold one of these roles: `{"rep": "own", "sales-manager": "all"}`."""
    return _guard(roles)


def authenticated_by(name: str, authenticate: Callable[[], Principal | None], *, or_roles: dict[str, str]) -> Callable:
    """Let callers in whom `authenticate` knows, for example by an API key, and bearers of the roles in `or_roles`.

    `authenticate` answers None when the request does not carry its kind of credential, and raises Unauthorized when it
    carries a wrong one. `name` is the security scheme's name in the OpenAPI file.
    """
    guard = _guard(or_roles, authenticate)

    def decorate(view: Callable) -> Callable:
        guarded = guard(view)
        guarded.access = {"scheme": name, "roles": or_roles}
        return guarded

    return decorate


def public(reason: str) -> Callable:
    """Let everyone in; the reason is for the reader."""

    def decorate(view: Callable) -> Callable:
        view.access = {"public": reason}
        return view

    return decorate


def _guard(roles: dict[str, str], authenticate: Callable[[], Principal | None] | None = None) -> Callable:
    unknown = set(roles) - set(ROLES) | set(roles.values()) - set(SCOPES)
    if unknown:
        raise ValueError(f"unknown role or scope: {sorted(unknown)}")

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            caller = (authenticate() if authenticate else None) or _with_role(bearer(), roles)
            g.principal = caller
            if (work := g.get("work")) is not None:
                work.actor = caller.id
            limits.refuse_unknown_parameters()
            return view(*args, **kwargs)

        guarded.access = {"roles": roles}
        return guarded

    return decorate


def bearer() -> Principal:
    """The principal of the request's bearer token. Raises Unauthorized."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthorized("Send an access token in the header `Authorization: Bearer …`.")
    return current_app.extensions["tokens"].verify(token)


def _with_role(caller: Principal, roles: dict[str, str]) -> Principal:
    granted = [roles[role] for role in caller.roles if role in roles]
    if not granted:
        raise Forbidden(f"This needs one of the roles {', '.join(sorted(roles))}. Ask an administrator for the role.")
    return replace(caller, scope=max(granted, key=SCOPES.index))
