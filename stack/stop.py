"""`down` and `reset`: stop everything in order, leave no process behind, and on request clear the data."""

import shutil

from stack import supervision
from stack.environments import Environment


def down(environment: Environment) -> None:
    """Stop the environment. Services and gateway first, so that they can finish their work on running stores."""
    if supervisor := supervision.connect(environment):
        names = set(supervision.states(supervisor))
        stores = names & {"mongod", "kafka"}
        supervision.stop(supervisor, names - stores)
        supervision.stop(supervisor, stores)
        supervision.shut_down(supervisor)
    if left := supervision.sweep(environment):
        print(f"  ended {left} processes that were left behind")
    print(f"The {environment.name} environment is stopped. Its data is kept.")


def reset(environment: Environment) -> None:
    """Stop the environment and delete its data, logs and keys."""
    down(environment)
    shutil.rmtree(environment.directory, ignore_errors=True)
    print(f"The data of the {environment.name} environment is deleted.")
