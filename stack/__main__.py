"""The commands of the local stack. `make help` lists the usual ones."""

import argparse
import os
import subprocess
import sys

from stack import fetch, identity, partner_key, report, start, stop, testing
from stack.environments import ENVIRONMENTS, Environment


def main() -> int:
    if (tests := testing.COMMANDS.get(" ".join(sys.argv[1:2]))) is not None:  # What follows belongs to pytest.
        return _told(lambda: tests(sys.argv[2:]))
    arguments = _parser().parse_args()
    return _told(lambda: COMMANDS[arguments.command](ENVIRONMENTS[arguments.env], arguments))


def _up(environment: Environment, arguments: argparse.Namespace) -> None:
    only = set(filter(None, arguments.only.split(",")))
    start.up(environment, only)
    if not only:
        report.welcome(environment)


COMMANDS = {
    "up": _up,
    "down": lambda environment, _: stop.down(environment),
    "reset": lambda environment, _: stop.reset(environment),
    "status": lambda environment, _: report.status(environment),
    "logs": lambda environment, arguments: report.logs(environment, arguments.service),
    "token": lambda environment, arguments: print(identity.token(environment, arguments.person)),
    "worker": lambda environment, arguments: _worker(environment, arguments.service, arguments.module, arguments.words),
    "partner-key": lambda environment, arguments: print(partner_key.create(environment, arguments.partner)),
}


def _worker(environment: Environment, service: str, module: str, words: list[str]) -> int:
    """One of a service's own commands, with the settings that its worker has here."""
    name = f"{service}-worker"
    part = next((part for part in report.table(environment) if part.name == name), None)
    if part is None:
        raise LookupError(f"There is no service {service}. make status lists them.")
    settings = {key: value for key, value in part.environment.items() if key != "WORKER_PORT"}
    command = [sys.executable, "-m", f"services.{service.replace('-', '_')}.{module}", *words]
    return subprocess.run(command, env=os.environ | settings).returncode


def _told(command) -> int:
    """Run a command; what goes wrong is told in words instead of a traceback. Returns the exit status."""
    try:
        status = command() or 0
        sys.stdout.flush()
        return status
    except (fetch.Missing, start.NotReady, TimeoutError, LookupError) as problem:
        print(f"\n{problem}", file=sys.stderr)
    except subprocess.CalledProcessError as problem:
        print(f"\n{problem}\n{problem.stderr or ''}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read has had enough, as `head` has. The rest goes nowhere, also what is flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description="Runs the suite on one machine.")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--env", choices=ENVIRONMENTS, default="dev", help="which copy of the suite (default: dev)")
    commands = parser.add_subparsers(dest="command", required=True)

    up = commands.add_parser("up", parents=[shared], help="start everything that does not run")
    up.add_argument("--only", default="", help="start only these parts or services, separated by commas")
    commands.add_parser("down", parents=[shared], help="stop everything, keep the data")
    commands.add_parser("reset", parents=[shared], help="stop everything and delete the data")
    commands.add_parser("status", parents=[shared], help="show every part")
    commands.add_parser("logs", parents=[shared], help="follow logs").add_argument("service")
    for name in testing.COMMANDS:
        commands.add_parser(name, help=f"run the tests of `make {name}`, with pytest's own arguments")
    commands.add_parser("token", parents=[shared], help="print a bearer token").add_argument("person")
    worker = commands.add_parser("worker", parents=[shared], help="run a service's own command with its settings")
    worker.add_argument("service")
    worker.add_argument("module", choices=["worker", "rebuild"])
    worker.add_argument("words", nargs="*")
    key = commands.add_parser("partner-key", parents=[shared], help="make and print an API key of a partner")
    key.add_argument("partner")
    return parser


if __name__ == "__main__":
    sys.exit(main())
