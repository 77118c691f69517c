"""Secrets of one environment, made by chance at its first start and kept in its directory."""

import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from stack.environments import Environment


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class Secrets:
    oidc_client_secret: str = field(default_factory=_random)
    oidc_cookie_secret: str = field(default_factory=_random)
    login_cookie_secret: str = field(default_factory=_random)
    switch_secret: str = field(default_factory=_random)


def load(environment: Environment) -> Secrets:
    """The environment's secrets; those that it does not have yet are made."""
    path = environment.directory / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    known = {field.name for field in fields(Secrets)}
    made = Secrets(**{name: value for name, value in kept.items() if name in known})
    if asdict(made) != kept:
        write_private(path, json.dumps(asdict(made), indent=2))
    return made


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
