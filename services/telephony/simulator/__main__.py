"""`python -m services.telephony.simulator --gateway http://127.0.0.1:8080 --calls 20 --seed 7`."""

import argparse
import os
import random
import re
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

from services.telephony.simulator.agents import AgentAtWork
from services.telephony.simulator.gateway import Gateway
from services.telephony.simulator.switch import Habits, Switch, callers

LINE_NUMBER = "+862161234567"
RANDOM_NUMBERS = 200
WITHHELD_EVERY = 20
CLOSING_SECONDS = 60


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    secret = os.environ.get("SWITCH_SECRET")
    if not secret:
        print("simulator: SWITCH_SECRET is not set; it must be the secret of the telephony service.", file=sys.stderr)
        return 78
    gateway = Gateway(options.gateway, secret=secret)
    stop = threading.Event()
    people = [
        AgentAtWork(
            gateway,
            agent,
            _token(agent, options.token_command),
            random.Random(f"{options.seed}-{agent}"),
            wrap_up=options.wrap_up_seconds,
            stop=stop,
        )
        for agent in options.agents
    ]
    switch = Switch(gateway, _calls(options), longest_seconds=options.max_seconds)
    for person in people:
        person.start()
    try:
        switch.run()
    finally:
        stop.set()
        deadline = time.monotonic() + CLOSING_SECONDS
        for person in people:
            person.join(max(0.0, deadline - time.monotonic()))
    print(
        f"{options.calls} calls: " + ", ".join(f"{number} {what}" for what, number in sorted(switch.outcomes.items()))
    )
    for person in people:
        print(
            f"{person.name}: " + (", ".join(f"{n} {what}" for what, n in sorted(person.handled.items())) or "no calls")
        )
    return 0 if all(person.went_home for person in people) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="services.telephony.simulator", description="Calls for the telephony service."
    )
    parser.add_argument("--gateway", default="http://127.0.0.1:8080", help="where the suite is reached")
    parser.add_argument("--calls", type=_count, default=20, help="how many callers ring (at most 10,000)")
    parser.add_argument("--seed", default="7", help="the same seed gives the same callers")
    parser.add_argument("--run", default="", help="names the calls on the switch; a new name for every run by default")
    parser.add_argument("--numbers", default="", help="callers' numbers, separated by commas; else random ones")
    parser.add_argument("--numbers-file", type=Path, help="a file with one caller's number on each line")
    parser.add_argument("--line", default=LINE_NUMBER, help="our number that is called")
    parser.add_argument("--between-seconds", type=_seconds, default=3.0, help="mean time between two calls")
    parser.add_argument("--talk-seconds", type=_seconds, default=20.0, help="mean length of a conversation")
    parser.add_argument(
        "--patience-seconds", type=_seconds, default=60.0, help="mean time until a waiting caller gives up"
    )
    parser.add_argument("--wrap-up-seconds", type=_seconds, default=4.0, help="mean time of the agents' wrap-up")
    parser.add_argument("--max-seconds", type=_seconds, default=900.0, help="calls still open by then are hung up")
    parser.add_argument(
        "--agents", type=_names, default=[], help="agents to play, separated by commas; people do it otherwise"
    )
    parser.add_argument(
        "--token-command",
        default="make --silent token AS={agent}",
        help="prints an agent's token, where AGENT_TOKEN_<AGENT> is not in the environment",
    )
    return parser


def _calls(options: argparse.Namespace) -> list:
    chance = random.Random(options.seed)
    return list(
        callers(
            chance,
            count=options.calls,
            numbers=_numbers(options, chance),
            line_number=options.line,
            habits=Habits(options.between_seconds, options.talk_seconds, options.patience_seconds),
            run=options.run or f"sim-{options.seed}-{int(time.time())}",
        )
    )


def _numbers(options: argparse.Namespace, chance: random.Random) -> list[str | None]:
    given = _names(options.numbers)
    if options.numbers_file:
        given += options.numbers_file.read_text().split()
    if given:
        return given
    mobiles = [f"+861{chance.choice('3589')}{chance.randrange(10**9):09d}" for _ in range(RANDOM_NUMBERS)]
    return [*mobiles, *[None] * (RANDOM_NUMBERS // WITHHELD_EVERY)]


def _token(agent: str, command: str) -> str:
    name = "AGENT_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", agent.upper())
    if name in os.environ:
        return os.environ[name]
    words = shlex.split(command.replace("{agent}", shlex.quote(agent)))
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 10_000:
        raise argparse.ArgumentTypeError("must be from 1 to 10,000")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 86,400")
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
