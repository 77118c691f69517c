"""kill -9 of every kind of process while people and partners write; afterwards nothing may be lost, doubled or different.

A few kills every day, other ones each time; `make proof` makes 32, so that every process and every moment is among them.
The seed is told and can be given as CHAOS_SEED, the number of kills as CHAOS_KILLS.
"""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter

import pytest
from pymongo import MongoClient

from stack import identity, supervision
from stack.client import Api
from stack.environments import ENVIRONMENTS, Environment
from stack.parts import service_settings
from tests.chaos import recomputed
from tests.chaos.writers import Writers
from tests.support.harness import EXTRA_SETTINGS

KILLS = int(os.environ.get("CHAOS_KILLS", "8"))
MISSED = 2
"""So many of the kills may find nothing to kill: what is just being started, or a moment that does not come."""
SEED = int(os.environ.get("CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
SETTLED_SECONDS = 240
SERVICES = ["customer", "sales", "marketing", "service-desk", "telephony", "reporting"]
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")]
WORST_MOMENTS = [
    ("relay", "sales"),
    ("relay", "customer"),
    ("projector-write", "reporting"),
    ("projector-commit", "reporting"),
    ("projector-write", "customer"),
]

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def environment() -> Environment:
    """The whole suite, with empty data and its own ports; stopped afterwards.

    What earlier tests started of the test environment is stopped before, except its stores: two suites at once would
    need all of a small machine's time.
    """
    if supervisor := supervision.connect(ENVIRONMENTS["test"]):
        supervision.stop(supervisor, set(supervision.states(supervisor)) - {"mongod", "kafka"})
    stack = [sys.executable, "-m", "stack"]
    subprocess.run([*stack, "reset", "--env", "chaos"], check=True, timeout=120)
    subprocess.run([*stack, "up", "--env", "chaos"], check=True, timeout=900)
    yield ENVIRONMENTS["chaos"]
    subprocess.run([*stack, "down", "--env", "chaos"], check=True, timeout=120)


@pytest.fixture
def writers(environment: Environment) -> Writers:
    api = Api(environment.gateway_url, lambda person: identity.token(environment, person))
    partner = f"chaos-{uuid.uuid4().hex[:6]}"
    api.post("sales/v1/partners", {"id": partner, "name": "Chaos Trade"}, as_="admin.root")
    key = api.post(f"sales/v1/partners/{partner}/keys", {}, as_="admin.root")["key"]
    product = api.post(
        "sales/v1/products",
        {
            "sku": uuid.uuid4().hex[:8].upper(),
            "name": {"en": "Loan", "zh": "贷款"},
            "list_price": {"amount": 1999, "currency": "CNY"},
        },
        as_="admin.root",
    )
    api.close()
    return Writers(environment, partner=partner, key=key, product=product["id"], seed=SEED)


def plan(chance: random.Random) -> list[tuple[str, str]]:
    """Each process, each worst moment, Kafka and mongod at least once, and the rest by chance; of few kills one is mongod."""
    kills = [("kill", name) for name in PROCESSES] + WORST_MOMENTS
    kills += [("kill", "kafka"), ("kill", "mongod"), ("kill", "mongod")]
    while len(kills) < KILLS:
        kills.append(("kill", chance.choice([*PROCESSES, "mongod", "telephony-push", "gateway"])))
    chance.shuffle(kills)
    return kills if len(kills) <= KILLS else [*kills[: KILLS - 1], ("kill", "mongod")]


def test_nothing_is_lost_doubled_or_different_after_every_process_was_killed(environment, writers):
    print(f"CHAOS_SEED={SEED} CHAOS_KILLS={KILLS}")
    chance = random.Random(SEED)
    supervisor = supervision.connect(environment)
    done = Counter()

    writers.start()
    try:
        for what, target in plan(chance):
            time.sleep(chance.uniform(0.5, 2.0))
            done[f"{what} {target}"] += strike(environment, supervisor, what, target)
    finally:
        writers.stop()

    accepted = writers.accepted
    print(f"kills: {sum(done.values())} {dict(done)}")
    print(
        f"accepted: {len(accepted.leads)} leads, {len(accepted.tickets)} tickets, {len(accepted.orders)} orders, "
        f"{len(accepted.calls)} calls; {accepted.repeats} only after a repetition"
    )
    assert accepted.problems == [], f"CHAOS_SEED={SEED}"
    assert sum(done.values()) >= KILLS - MISSED
    with MongoClient(environment.mongo_uri) as client:
        wrong = settled(client)
        assert wrong == [], f"{len(wrong)} differences after {SETTLED_SECONDS} s, CHAOS_SEED={SEED}: {wrong[:10]}"
        assert_owned_exactly_once(client, accepted)


def strike(environment: Environment, supervisor, what: str, target: str) -> int:
    """Answers 1 when something really died by SIGKILL."""
    if what == "kill":
        return kill(supervisor, target)
    worker = f"{target}-worker"
    supervision.stop(supervisor, [worker])
    try:
        settings = service_settings(environment, target.replace("-", "_"))
        died = subprocess.run(
            [sys.executable, "-m", "tests.chaos.die", what, target.replace("-", "_")],
            env=os.environ | settings | EXTRA_SETTINGS.get(target, {}),
            capture_output=True,
            timeout=90,
        )
        assert died.returncode in (-signal.SIGKILL, 3), died.stderr.decode()[-2000:]
        return int(died.returncode == -signal.SIGKILL)
    finally:
        supervision.start(supervisor, [worker])


def kill(supervisor, target: str) -> int:
    """The process and, for gunicorn, its workers: the supervisor gives each part a process group of its own."""
    process = supervisor.getProcessInfo(target)
    if process["statename"] == "FATAL":
        supervision.start(supervisor, [target])
    if not process["pid"]:
        return 0  # It is just being started after an earlier kill.
    try:
        os.killpg(process["pid"], signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def settled(client: MongoClient) -> list[str]:
    """The differences that remain when everything has had time to arrive."""
    deadline = time.monotonic() + SETTLED_SECONDS
    while True:
        wrong = ["events wait to be published"] if recomputed.unpublished(client) else recomputed.differences(client)
        if not wrong or time.monotonic() > deadline:
            return wrong
        time.sleep(2)


def assert_owned_exactly_once(client: MongoClient, accepted) -> None:
    leads = Counter(lead["external_id"] for lead in client["crm_sales"]["leads"].find({}, {"external_id": 1}))
    assert {name: leads[name] for name in accepted.leads} == dict.fromkeys(accepted.leads, 1)
    calls = Counter(call["switch_call_id"] for call in client["crm_telephony"]["calls"].find({}, {"switch_call_id": 1}))
    assert {name: calls[name] for name in accepted.calls} == dict.fromkeys(accepted.calls, 1)
    for database, collection, kept in [
        ("crm_service_desk", "tickets", accepted.tickets),
        ("crm_sales", "orders", accepted.orders),
    ]:
        stored = {document["_id"] for document in client[database][collection].find({}, {"_id": 1})}
        assert kept <= stored
        doubled = client[database][collection].aggregate(
            [
                {"$unwind": "$_idempotency"},
                {"$group": {"_id": "$_idempotency.k", "n": {"$sum": 1}}},
                {"$match": {"n": {"$gt": 1}}},
            ]
        )
        assert list(doubled) == []
