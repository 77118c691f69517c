"""Renders gateway/envoy.yaml, which addresses the parts as compose and Kubernetes do, for one environment's ports."""

import os
import re

from stack.environments import ROOT, Environment
from stack.parts import addresses

SOURCE = ROOT / "gateway" / "envoy.yaml"
PUBLIC_URL = "http://127.0.0.1:8080"
"""How envoy.yaml spells the address that browsers see."""


def render(environment: Environment, partner_requests_per_second: int | None = None) -> None:
    limit = partner_requests_per_second or int(os.environ.get("PARTNER_REQUESTS_PER_SECOND", "0"))
    text = rendered(environment, SOURCE.read_text(), limit)
    (environment.directory / "envoy.yaml").write_text(text)


def rendered(environment: Environment, text: str, partner_requests_per_second: int = 0) -> str:
    """The configuration with this environment's addresses, and with another limit for partners unless that is 0.

    Raises KeyError for an address that no part has.
    """
    known = addresses(environment)

    def local(match: re.Match) -> str:
        return f"{{address: 127.0.0.1, port_value: {known[match[1]]}}}"

    text = re.sub(r"\{address: ([a-z0-9.-]+), port_value: \d+\}", local, text)
    text = text.replace(PUBLIC_URL, environment.gateway_url)
    if partner_requests_per_second:
        text = re.sub(r"(max_tokens|tokens_per_fill): \d+", rf"\1: {partner_requests_per_second}", text)
    return text
