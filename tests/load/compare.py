"""This version and an earlier one, measured in turn in one run on one machine: is anything slower than it was?

`python -m tests.load.compare --before <commit> [--rounds 3] [--seconds 6] [--customers 5000] [--events 40000]` checks the
commit out into a temporary folder with its own packages, and starts the `chaos` environment of both, each with its own
ports, stores and data. In each round the services of the one run while those of the other are stopped; who begins changes
with every round. It needs wrk (`apt-get install wrk`), about 17 minutes, and a machine that does nothing else. Prints one
JSON object, and ends with status 1 when a ratio is outside its bar.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack import supervision
from stack.environments import CHECKOUT_OFFSET, ENVIRONMENTS, ROOT, Environment
from tests.load.gateway import BATCH, GENEROUS, Bench

PORTS_APART = 300
STORES = {"mongod", "kafka"}
BARS = {
    "reads_360_per_second": (0.95, None),
    "leads_one_by_one_per_second": (0.95, None),
    "leads_by_batch_per_second": (0.95, None),
    "projector_per_second": (0.95, None),
    "event_to_view_p99_ms": (None, 1.1),
}
"""By figure, what this version must reach at least, or may reach at most, of what the earlier one does."""


@dataclass(frozen=True)
class Checkout(Environment):
    """The `chaos` environment of a checkout, which may be another one than this."""

    root: Path
    checkout_offset: int

    @property
    def directory(self) -> Path:
        return self.root / ".stack" / self.name

    def port(self, base: int) -> int:
        return base + self.port_offset + self.checkout_offset

    def run(self, *command: str, **settings: str) -> str:
        """One of its own commands, and what it printed."""
        environ = os.environ | {"STACK_PORT_OFFSET": str(self.checkout_offset)} | settings
        python = str(self.root / ".venv" / "bin" / "python")
        done = subprocess.run([python, *command], cwd=self.root, env=environ, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed in {self.root}:\n{done.stdout[-3000:]}")
        return done.stdout

    def stack(self, *command: str) -> str:
        # An early commit keeps a partner's rate at the gateway, and takes the limit from this setting.
        return self.run("-m", "stack", *command, "--env", self.name, **GENEROUS, PARTNER_REQUESTS_PER_SECOND="100000")

    def pause(self) -> None:
        """Stop everything but the stores."""
        supervisor = supervision.connect(self)
        supervision.stop(supervisor, set(supervision.states(supervisor)) - STORES)


def say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """A folder with the commit and its own packages; all else it fetches by itself."""
    folder = Path(tempfile.mkdtemp(prefix="crm-before-"))
    root = folder / "checkout"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", root, commit], cwd=ROOT, check=True)
    try:
        subprocess.run(["make", "--silent", ".venv/.installed"], cwd=root, check=True, timeout=600)
        yield root
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", root], cwd=ROOT, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(checkout: Checkout, arguments: argparse.Namespace) -> Bench:
    """Start it with empty data, project a history, and stop its services."""
    checkout.stack("reset")
    checkout.stack("up")
    checkout.run("-c", FILL, str(arguments.customers), str(arguments.events))
    bench = Bench(checkout, seconds=arguments.seconds, rounds=1)
    bench.wait_until_quiet()
    checkout.pause()
    return bench


FILL = """\
import sys
from services.reporting.config import ReportingSettings
from shared.settings import read
from stack.environments import ENVIRONMENTS
from stack.parts import service_settings
from tests.load.projector import fill

settings = ReportingSettings(**read(ReportingSettings, service_settings(ENVIRONMENTS["chaos"], "reporting")))
fill(settings, customers=int(sys.argv[1]), count=int(sys.argv[2]))
"""
"""Each version writes its history with its own code."""


def measure(checkout: Checkout, bench: Bench, arguments: argparse.Namespace) -> dict[str, float]:
    """All figures of one turn. What the suite still does for a load is waited for before the next."""
    stores = {"TEST_MONGO_URI": checkout.mongo_uri, "TEST_KAFKA_BOOTSTRAP": checkout.kafka_bootstrap}
    sizes = ("--customers", str(arguments.customers), "--events", str(arguments.events // 2))
    projector = json.loads(checkout.run("-m", "tests.load.projector", *sizes, **stores))
    checkout.stack("up")
    bench.wait_until_quiet()
    figures = {"projector_per_second": projector["projected"]["per_second"]}
    figures["event_to_view_p99_ms"] = bench.freshness()["then"]["event_to_view_ms"]["p99"]
    bench.read()  # The first requests after a start find everything cold.
    figures["reads_360_per_second"] = _rate(bench.read())
    figures["leads_one_by_one_per_second"] = _rate(bench.lead(batch=0))
    bench.wait_until_quiet()
    figures["leads_by_batch_per_second"] = _rate(bench.lead(batch=BATCH)) * BATCH
    bench.wait_until_quiet()
    checkout.pause()
    return figures


def _rate(run: dict) -> float:
    if run["refused"] or run["errors"]:
        raise RuntimeError(f"not every request was accepted: {run}")
    return run["rate"]


def report(before: list[dict[str, float]], now: list[dict[str, float]]) -> dict[str, dict]:
    """Medians over the rounds, and the median of the rounds' ratios."""
    told = {}
    for figure, (least, most) in BARS.items():
        ratio = round(statistics.median(new[figure] / old[figure] for old, new in zip(before, now, strict=True)), 3)
        told[figure] = {
            "before": round(statistics.median(turn[figure] for turn in before), 1),
            "now": round(statistics.median(turn[figure] for turn in now), 1),
            "ratio": ratio,
            "bar": f"at least {least}" if least else f"at most {most}",
            "kept": ratio >= least if least else ratio <= most,
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.compare", description=__doc__.splitlines()[0])
    parser.add_argument("--before", required=True, help="the commit to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=40_000)
    arguments = parser.parse_args()
    offset = ENVIRONMENTS["chaos"].port_offset
    with checked_out(arguments.before) as root:
        # An early commit knows no STACK_PORT_OFFSET, so it has the ports without one.
        before = Checkout("chaos", offset, demo_data=False, root=root, checkout_offset=0)
        apart = CHECKOUT_OFFSET or PORTS_APART
        now = Checkout("chaos", offset, demo_data=False, root=ROOT, checkout_offset=apart)
        turns: dict[Checkout, list[dict[str, float]]] = {before: [], now: []}
        try:
            benches = {checkout: prepare(checkout, arguments) for checkout in turns}
            for number in range(arguments.rounds):
                for checkout in (before, now) if number % 2 == 0 else (now, before):
                    turns[checkout].append(measure(checkout, benches[checkout], arguments))
                    say(f"{'before' if checkout is before else 'now'}: {turns[checkout][-1]}")
        finally:
            for checkout in turns:
                if checkout.directory.exists():
                    checkout.stack("down")
        told = report(turns[before], turns[now])
        print(json.dumps({"before": arguments.before, "rounds": arguments.rounds} | told, indent=2))
    sys.exit(0 if all(figure["kept"] for figure in told.values()) else 1)


if __name__ == "__main__":
    main()
