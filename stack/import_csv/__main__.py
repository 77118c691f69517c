"""`python -m stack.import_csv FOLDER --mapping FILE`: imports CSV files through the public API and compares the totals."""

import argparse
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path

from stack import identity
from stack.client import Api, Refused
from stack.environments import ENVIRONMENTS, Environment
from stack.import_csv import totals
from stack.import_csv.mapping import Mapping, WrongMapping, read
from stack.import_csv.rows import WrongRow
from stack.import_csv.send import Errors, Import
from stack.import_csv.totals import Totals

MAPPINGS = Path(__file__).parent / "mappings"


def main() -> int:
    arguments = _parser().parse_args()
    environment = ENVIRONMENTS[arguments.env]
    host = None if arguments.gateway else environment.public_host
    api = Api(arguments.gateway or environment.gateway_url, _tokens(environment), host=host)
    try:
        mapping = read(_mapping_file(arguments.mapping))
        errors = Errors(arguments.errors)
        work = Import(
            folder=arguments.folder,
            mapping=mapping,
            api=None if arguments.dry_run else api,
            person=arguments.person,
            errors=errors,
            workers=arguments.workers,
            say=functools.partial(print, flush=True),
        )
        of_files = work.run()
        agree = _show(mapping, of_files, None if arguments.dry_run else _of_api(api, mapping, arguments.person))
        if errors.count:
            print(f"{errors.count:,} rows were refused; {errors.path} says why. Mend them and run the import again.")
        return 0 if agree and not errors.count else 1
    except (WrongMapping, WrongRow, Refused, OSError, LookupError) as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        api.close()


def _of_api(api: Api, mapping: Mapping, person: str) -> Totals:
    return totals.of_api(api.every("sales/v1/opportunities", as_=person, source=mapping.source))


def _show(mapping: Mapping, of_files: Totals, of_api: Totals | None) -> bool:
    """Prints both tables and says whether the files and the API agree (a dry run agrees with itself)."""
    other = of_api or of_files
    money = {"currency": mapping.currency, "minor_digits": mapping.minor_digits}
    print(*totals.table("agent", of_files.agents, other.agents, **money), sep="\n")
    print(*totals.table("product", of_files.products, other.products, **money), sep="\n")
    if of_api is None:
        print("\nDry run: nothing was sent. The totals are those of the files.")
        return True
    agree = (of_files.agents, of_files.products) == (of_api.agents, of_api.products)
    print("\nThe files and the API agree." if agree else "\nThe files (left) and the API (right of ≠) differ.")
    return agree


def _mapping_file(name: str) -> Path:
    """A path, or the name of a mapping that comes with the suite."""
    path = Path(name)
    return path if path.exists() else MAPPINGS / f"{name}.yaml"


def _tokens(environment: Environment) -> Callable[[str], str]:
    if token := os.environ.get("CRM_TOKEN"):
        return lambda _: token
    return functools.cache(lambda person: identity.token(environment, person))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack.import_csv", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the CSV files are")
    parser.add_argument(
        "--mapping", required=True, help="a mapping file, or the name of one in stack/import_csv/mappings"
    )
    parser.add_argument("--errors", type=Path, default=Path("import-errors.csv"), help="the error file to write")
    parser.add_argument("--dry-run", action="store_true", help="read and check everything, send nothing")
    parser.add_argument("--workers", type=int, default=8, help="requests at once (default: 8)")
    parser.add_argument("--gateway", help="the address of the gateway (default: the environment's)")
    parser.add_argument("--env", choices=ENVIRONMENTS, default="dev", help="whose tokens are used (default: dev)")
    parser.add_argument("--as", dest="person", default="importer.xu", help="who imports (default: importer.xu)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
