"""Caddy, which stands behind the gateway, is reached by nobody else."""

import dataclasses
import os
import socket
import subprocess

from stack.environments import ENVIRONMENTS
from stack.parts import parts
from stack.secrets import Secrets
from tests.integration.gateway.conftest import free_port
from tests.support.harness import eventually


def test_the_local_web_server_listens_on_this_machine_only(tmp_path):
    [part] = [part for part in parts(ENVIRONMENTS["test"], Secrets()) if part.name == "web"]
    port = free_port()
    part = dataclasses.replace(part, port=port)
    settings = part.environment | {"WEB_ADDRESS": f"http://127.0.0.1:{port}", "XDG_DATA_HOME": str(tmp_path)}

    process = subprocess.Popen(part.command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: listeners(port))
        assert listeners(port) == {"127.0.0.1"}
    finally:
        process.terminate()
        process.wait(10)


def listeners(port: int) -> set[str]:
    """The addresses at which somebody listens at this port, as the kernel tells them."""
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        with open(f"/proc/net/{table}") as lines:
            for line in list(lines)[1:]:
                _, local, _, state, *_ = line.split()
                address, _, number = local.partition(":")
                if state == "0A" and int(number, 16) == port:
                    found.add(socket.inet_ntop(family, bytes.fromhex(address)[::-1]))
    return found
