"""Loads the demo data: `python -m stack.demo --env dev`. A second run with the same seed adds nothing."""

import argparse
import functools
import os
import random
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from shared import clock
from stack import identity, secrets
from stack.client import Api, Refused
from stack.demo import calls, customers, deals, desk, leads, offers
from stack.demo.people import people
from stack.demo.world import World
from stack.environments import ENVIRONMENTS, Environment

R = TypeVar("R")

COMPANIES, PEOPLE, NEW_BY_LEAD = 20, 60, 62


def main() -> int:
    arguments = _parser().parse_args()
    environment = ENVIRONMENTS[arguments.env]
    host = None if arguments.gateway else environment.public_host
    api = Api(arguments.gateway or environment.gateway_url, _tokens(environment), host=host)
    try:
        load(api, seed=arguments.seed, switch_secret=_switch_secret(environment))
    except (Refused, TimeoutError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    finally:
        api.close()
    return 0


def load(api: Api, *, seed: int, switch_secret: str) -> None:
    """Everything, in the order in which one thing needs another. Raises Refused, TimeoutError."""
    partners = _tell("partners", lambda: offers.load_partners(api))
    world = World(
        api=api,
        seed=seed,
        loaded_at=clock.from_json(partners[0]["created_at"]),
        switch_secret=switch_secret,
        chance=random.Random(seed),
    )
    everybody = people(seed, COMPANIES + PEOPLE + NEW_BY_LEAD + desk.STRANGERS)
    owners, known = everybody[:COMPANIES], everybody[COMPANIES : COMPANIES + PEOPLE]
    new, strangers = everybody[COMPANIES + PEOPLE : -desk.STRANGERS], everybody[-desk.STRANGERS :]

    _tell("products", lambda: offers.load_products(world))
    _tell("campaigns", lambda: offers.load_campaigns(world))
    companies = _tell("companies", lambda: customers.load_companies(world, owners))
    world.customers = _tell("people", lambda: customers.load_people(world, known, companies))
    _tell("identities", lambda: customers.load_identities(world, world.customers))
    received = _tell("leads", lambda: leads.load_leads(world, new))
    _tell("interactions", lambda: customers.load_interactions(world))
    _tell("calls", lambda: calls.load_calls(world))
    qualified = _tell("qualified leads", lambda: leads.work_on_leads(world, received))
    _tell("matched leads", lambda: leads.wait_for_customers(world, received))
    converted = _tell("converted leads", lambda: leads.convert_leads(world, qualified))
    open_deals = _tell("open and won opportunities", lambda: deals.load_opportunities(world, converted))
    _tell("orders", lambda: deals.load_orders(world, open_deals))
    _tell("tickets", lambda: desk.load_tickets(world, strangers))


def _tell(what: str, work: Callable[[], R]) -> R:
    began = time.monotonic()
    print(f"  {what:<28}", end="", flush=True)
    made = work()
    count = made if isinstance(made, int) else len(made)
    print(f"{count:>6}  {time.monotonic() - began:5.1f} s", flush=True)
    return made


def _switch_secret(environment: Environment) -> str:
    return os.environ.get("SWITCH_SECRET") or secrets.load(environment).switch_secret


def _tokens(environment: Environment) -> Callable[[str], str]:
    return functools.cache(lambda person: identity.token(environment, person))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack.demo", description="Loads lifelike demo data.")
    parser.add_argument("--env", choices=ENVIRONMENTS, default="dev", help="whose tokens are used (default: dev)")
    parser.add_argument("--gateway", help="the address of the gateway (default: the environment's)")
    parser.add_argument("--seed", type=int, default=1, help="another seed adds other people (default: 1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
