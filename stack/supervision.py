"""Supervisor, one per environment: its configuration file, and the calls that start and stop parts."""

import contextlib
import os
import shlex
import signal
import subprocess
import time
import xmlrpc.client
from collections.abc import Iterable
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

from stack.environments import ROOT, Environment
from stack.parts import BIN, Part
from stack.secrets import write_private

MARK = "CRM_STACK"
"""Every process of a stack carries this variable, so that none is ever lost: its value is the environment's directory."""

STOP_SECONDS = 30
RUNNING, STARTING, BACKOFF, FATAL = "RUNNING", "STARTING", "BACKOFF", "FATAL"
STOPPED = {"STOPPED", "EXITED", "FATAL", "UNKNOWN"}


def configure(environment: Environment, parts: list[Part]) -> None:
    environment.logs.mkdir(parents=True, exist_ok=True)
    sections = [_daemon(environment), *(_program(environment, part) for part in parts)]
    write_private(_configuration(environment), "\n".join(sections))  # It holds secrets.


def connect(environment: Environment):
    """The supervisor's remote interface, or None when it does not run."""
    transport = SupervisorTransport(serverurl=f"unix://{_socket(environment)}")
    server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
    try:
        server.supervisor.getState()
    except (OSError, xmlrpc.client.Error):
        return None
    return server.supervisor


def start_daemon(environment: Environment, wanted: set[str]):
    """Start the supervisor, or make the running one read its configuration again: wanted parts that changed are stopped."""
    if supervisor := connect(environment):
        _reload(supervisor, wanted)
        return supervisor
    command = [str(BIN / "supervisord"), "-c", str(_configuration(environment))]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, MARK: str(environment.directory)})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if supervisor := connect(environment):
            return supervisor
        time.sleep(0.05)
    raise TimeoutError(f"The supervisor did not start. See {environment.logs / 'supervisord.log'}")


def states(supervisor) -> dict[str, dict]:
    return {process["name"]: process for process in supervisor.getAllProcessInfo()}


def start(supervisor, names: Iterable[str]) -> list[str]:
    """Start those of the parts that do not run, without waiting. Returns their names."""
    now = states(supervisor)
    started = [name for name in names if now[name]["statename"] not in {RUNNING, STARTING, BACKOFF}]
    for name in started:
        supervisor.startProcess(name, False)
    return started


def stop(supervisor, names: Iterable[str]) -> None:
    """Stop parts at the same time and wait until all are gone."""
    names = list(names)
    asked: set[str] = set()
    deadline = time.monotonic() + STOP_SECONDS + 10
    while True:
        now = states(supervisor)
        going = [name for name in names if now[name]["statename"] not in STOPPED]
        if not going:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"These parts did not stop: {', '.join(going)}")
        for name in going:
            if name not in asked or now[name]["statename"] != "STOPPING":
                asked.add(name)
                with contextlib.suppress(xmlrpc.client.Fault):  # It has ended by itself, or is being started anew.
                    supervisor.stopProcess(name, False)
        time.sleep(0.1)


def shut_down(supervisor) -> None:
    """End the supervisor itself."""
    pid = supervisor.getPID()
    with contextlib.suppress(ConnectionError):  # It may end before it has answered.
        supervisor.shutdown()
    deadline = time.monotonic() + STOP_SECONDS
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def processes(environment: Environment) -> dict[int, str]:
    """All living processes of the environment by pid, with the name of their part, also those without a supervisor."""
    found = {}
    mark = f"{MARK}={environment.directory}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # It has ended, or belongs to somebody else.
        if mark in variables:
            names = [value[len(b"CRM_PART=") :] for value in variables if value.startswith(b"CRM_PART=")]
            found[int(entry.name)] = names[0].decode() if names else "supervisor"
    return found


def sweep(environment: Environment) -> int:
    """End what a killed supervisor left behind. Returns how many processes that were."""
    left = processes(environment)
    for pid in left:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while processes(environment) and time.monotonic() < deadline:
        time.sleep(0.1)
    for pid in processes(environment):
        _signal(pid, signal.SIGKILL)
    return len(left)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # It has ended by itself.
        os.kill(pid, number)


def _reload(supervisor, wanted: set[str]) -> None:
    [[added, changed, removed]] = supervisor.reloadConfig()
    outdated = [*removed, *(name for name in changed if name in wanted)]
    stop(supervisor, outdated)
    for name in outdated:
        supervisor.removeProcessGroup(name)
    for name in [*added, *outdated]:
        if name not in removed:
            supervisor.addProcessGroup(name)


def _socket(environment: Environment) -> Path:
    return environment.directory / "supervisor.sock"


def _configuration(environment: Environment) -> Path:
    return environment.directory / "supervisord.conf"


def _daemon(environment: Environment) -> str:
    return f"""\
[supervisord]
directory = {ROOT}
umask = 077
logfile = {environment.logs / "supervisord.log"}
logfile_maxbytes = 1MB
logfile_backups = 1
pidfile = {environment.directory / "supervisord.pid"}
childlogdir = {environment.logs}

[unix_http_server]
file = {_socket(environment)}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""


def _program(environment: Environment, part: Part) -> str:
    variables = {"CRM_PART": part.name, "CRM_FINGERPRINT": part.fingerprint(), **part.environment}
    listed = ",".join(f'{name}="{value.replace("%", "%%")}"' for name, value in variables.items())
    return f"""\
[program:{part.name}]
command = {shlex.join(part.command).replace("%", "%%")}
environment = {listed}
autostart = false
autorestart = true
startsecs = 1
startretries = 10
stopwaitsecs = {STOP_SECONDS}
killasgroup = true
redirect_stderr = true
stdout_logfile = {environment.logs / part.name}.log
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 2
"""
