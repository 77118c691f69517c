"""The commands of compose's container `tools`: `docker compose run --rm tools demo`, and so on.

The suite is compose's, so its addresses and keys come from the environment of this program (`environments.Given`).
"""

import argparse
import runpy
import sys

from stack import identity, partner_key
from stack.environments import ENVIRONMENTS, GIVEN

MODULES = {"demo": "stack.demo", "import": "stack.import_csv"}


def main() -> int:
    arguments, words = _parser().parse_known_args()
    environment = ENVIRONMENTS[GIVEN]
    try:
        if arguments.command == "token":
            print(identity.token(environment, arguments.person))
        elif arguments.command == "partner-key":
            print(partner_key.create(environment, arguments.partner))
        else:
            sys.argv = [MODULES[arguments.command], *words, "--env", GIVEN]
            runpy.run_module(MODULES[arguments.command], run_name="__main__")
    except LookupError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docker compose run --rm tools", description="Commands for a running suite.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", add_help=False, help="load the demo data; again, it adds nothing")
    commands.add_parser("import", add_help=False, help="import CSV files (see stack/import_csv/README.md)")
    commands.add_parser("token", help="print a bearer token of a demo person").add_argument("person")
    commands.add_parser("partner-key", help="make and print an API key of a partner").add_argument("partner")
    return parser


if __name__ == "__main__":
    sys.exit(main())
