"""Renders gateway/envoy.yaml, which addresses the parts as compose and Kubernetes do, for one environment's ports."""

import os
import re

from stack.environments import ROOT, Environment
from stack.parts import addresses

SOURCE = ROOT / "gateway" / "envoy.yaml"
PUBLIC_URL = "http://127.0.0.1:8080"
"""How envoy.yaml spells the address that browsers see."""


def render(environment: Environment) -> None:
    """Write the environment's configuration. USER_REQUESTS_PER_SECOND sets another limit than the file's."""
    limit = int(os.environ.get("USER_REQUESTS_PER_SECOND", "0"))
    text = rendered(addresses(environment), environment.gateway_url, user_requests_per_second=limit)
    (environment.directory / "envoy.yaml").write_text(text)


def rendered(ports: dict[str, int], public_url: str, *, user_requests_per_second: int = 0) -> str:
    """The configuration with local ports, and with another limit for each user unless that is 0.

    Raises KeyError for an address that has no port.
    """

    def local(match: re.Match) -> str:
        return f"{{address: 127.0.0.1, port_value: {ports[match[1]]}}}"

    text = re.sub(r"\{address: ([a-z0-9.-]+), port_value: \d+\}", local, SOURCE.read_text())
    text = text.replace(PUBLIC_URL, public_url).replace(_host(PUBLIC_URL), _host(public_url))
    if user_requests_per_second:
        text = re.sub(
            r"(value: person\}, \{key: user\}\]\n +token_bucket: )\{max_tokens: \d+, tokens_per_fill: \d+,",
            rf"\1{{max_tokens: {user_requests_per_second * 5}, tokens_per_fill: {user_requests_per_second},",
            text,
        )
    return text


def _host(url: str) -> str:
    return url.partition("://")[2]
