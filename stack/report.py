"""What the stack tells: the welcome after a start, the state of every part, and the logs."""

import os
import time
from pathlib import Path

from stack import identity, secrets, start, supervision
from stack.environments import Environment
from stack.parts import Part, parts


def welcome(environment: Environment) -> None:
    print(f"\nThe suite is ready: {environment.gateway_url}\n\nSign in as one of these demo people (no password):")
    for person in identity.people():
        team = f", team {person['team']}" if "team" in person else ""
        print(f"  {person['sub']:<15} {person['name']:<22} {', '.join(person['roles'])}{team}")
    print("\nA token for the command line: make token AS=rep.li      Stop: make down      More: make help")


def status(environment: Environment) -> None:
    """Print a line per part: state, pid, port, readiness, memory. Memory is PSS, so shared pages count once."""
    supervisor = supervision.connect(environment)
    if supervisor is None:
        print(f"The {environment.name} environment does not run. To start it: make up")
        return
    states, memory = supervision.states(supervisor), _memory(environment)
    print(f"{'part':<20} {'state':<9} {'pid':>8} {'port':>6} {'ready':<6} {'up':>9} {'MiB':>7}")
    for part in table(environment):
        state = states.get(part.name, {"statename": "NEW", "pid": 0, "start": 0})
        running = state["statename"] == supervision.RUNNING
        up = time.strftime("%H:%M:%S", time.gmtime(time.time() - state["start"])) if running else ""
        ready = "yes" if running and start.is_ready(part) else "no"
        megabytes = memory.pop(part.name, 0) / 1024
        print(
            f"{part.name:<20} {state['statename']:<9} {state['pid']:>8} {part.port:>6} {ready:<6} {up:>9} {megabytes:>7.0f}"
        )
    total = sum(_memory(environment).values()) / 1024
    print(f"{'total':<20} {'':<9} {'':>8} {'':>6} {'':<6} {'':>9} {total:>7.0f}")


def logs(environment: Environment, group: str) -> None:
    """Follow the logs of a part, or of all parts of a service. Raises LookupError when there is no such part."""
    wanted = [part for part in table(environment) if group in {part.name, part.group, part.group.replace("-", "_")}]
    if not wanted:
        known = sorted({part.group for part in table(environment)})
        raise LookupError(f"There is no part {group!r}. There are: {', '.join(known)}")
    files = [str(environment.logs / f"{part.name}.log") for part in wanted]
    os.execvp("tail", ["tail", "-n", "50", "-F", *files])


def table(environment: Environment) -> list[Part]:
    return parts(environment, secrets.load(environment))


def _memory(environment: Environment) -> dict[str, int]:
    """KiB of PSS by part."""
    used: dict[str, int] = {}
    for pid, part in supervision.processes(environment).items():
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue  # It has ended.
        kibibytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        used[part] = used.get(part, 0) + kibibytes
    return used
