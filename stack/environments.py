"""Environments: several copies of the suite side by side on one machine, each with its own ports and data."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FETCHED = ROOT / ".stack"
CHECKOUT_OFFSET = int(os.environ.get("STACK_PORT_OFFSET", "0"))
"""Added to all ports, so that two checkouts can run side by side."""


@dataclass(frozen=True)
class Environment:
    name: str
    port_offset: int
    demo_data: bool

    @property
    def directory(self) -> Path:
        """Everything that this environment writes: configuration, data, logs, secrets."""
        return FETCHED / self.name

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def logs(self) -> Path:
        return self.directory / "logs"

    def port(self, base: int) -> int:
        return base + self.port_offset + CHECKOUT_OFFSET

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.port(8080)}"

    @property
    def public_host(self) -> str:
        """What the gateway must be called; it refuses requests under other names."""
        return self.gateway_url.partition("://")[2]

    @property
    def oidc_issuer(self) -> str:
        return f"{self.gateway_url}/oidc"

    @property
    def mongo_uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port(8105)}/?replicaSet=rs0"

    @property
    def kafka_bootstrap(self) -> str:
        return f"127.0.0.1:{self.port(8106)}"


@dataclass(frozen=True)
class Given(Environment):
    """A suite that something else runs, as compose does. Its addresses and its keys are in this program's environment."""

    @property
    def directory(self) -> Path:
        return Path(os.environ["OIDC_KEYS"])

    @property
    def gateway_url(self) -> str:
        return os.environ["GATEWAY_URL"]

    @property
    def public_host(self) -> str:
        return os.environ["PUBLIC_URL"].partition("://")[2]

    @property
    def oidc_issuer(self) -> str:
        return os.environ["OIDC_ISSUER"]


GIVEN = "given"
ENVIRONMENTS = {
    environment.name: environment
    for environment in [
        Environment("dev", port_offset=0, demo_data=True),
        Environment("test", port_offset=10_000, demo_data=False),
        Environment("chaos", port_offset=20_000, demo_data=False),
        *([Given(GIVEN, port_offset=0, demo_data=False)] if "GATEWAY_URL" in os.environ else []),
    ]
}
