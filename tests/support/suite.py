"""The whole suite on the test ports, as its clients see it: through the gateway only."""

import subprocess
import sys
from dataclasses import dataclass

import httpx

from stack import identity
from stack.environments import ENVIRONMENTS, Environment


@dataclass(frozen=True)
class Suite:
    environment: Environment

    @property
    def url(self) -> str:
        return self.environment.gateway_url

    def token(self, person: str, **changes) -> str:
        return identity.token(self.environment, person, **changes)

    def client(self, as_: str | None = None, **headers: str) -> httpx.Client:
        """An HTTP client of the gateway, with the bearer token of a demo person if one is named."""
        bearer = {"Authorization": f"Bearer {self.token(as_)}"} if as_ else {}
        return httpx.Client(base_url=self.url, headers={**bearer, **headers}, timeout=30, trust_env=False)


def running(name: str = "test") -> Suite:
    """Start what does not run yet, with web client, services and gateway. `make test` stops it."""
    subprocess.run([sys.executable, "-m", "stack", "up", "--env", name], check=True, timeout=900)
    return Suite(ENVIRONMENTS[name])
