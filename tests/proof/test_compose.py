"""docker-compose.yml run for real: from a clone and empty volumes to a lead in its view, through kills, and down and up.

The tests go on from each other, in this order. The engine and its images are made from package registries once and kept
in `.stack/engine`; the suite is built anew from what is committed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pymongo.errors
import pytest
from pymongo import MongoClient

from tests.proof.engine import daemon, images
from tests.proof.engine.poster import Poster, lead
from tests.proof.engine.suite import ONCE, ROOT, Suite
from tests.support import web
from tests.support.harness import eventually

WORKERS_AND_STORES = {"mongodb", "kafka", *(f"{name}-worker" for name in (
    "customer", "sales", "marketing", "service-desk", "telephony", "reporting"))}  # fmt: skip
IDLE_SECONDS = 60
MOST_CHECK_SECONDS = 10
REFUSED = r"requires authentication|Authentication failed|not authorized"
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"


@pytest.fixture(scope="module")
def engine() -> Iterator[daemon.Engine]:
    with daemon.running(ROOT / ".stack" / "engine") as engine:
        images.make(engine)
        yield engine


@pytest.fixture(scope="module")
def suite(engine) -> Iterator[Suite]:
    suite = Suite(engine)
    suite.clone()
    suite.down("--volumes")
    engine.docker("volume", "prune", "--force")
    print(f"\nbuilt in {suite.build():.0f} s")
    print(f"up from empty volumes in {suite.up():.0f} s")
    yield suite
    suite.down("--volumes")


@pytest.fixture(scope="module")
def key(suite) -> str:
    """A demo partner's key, made as README.md says."""
    print(suite.tools("demo"))
    return suite.tools("partner-key", "eastgate")


def test_from_empty_volumes_every_part_becomes_healthy(suite):
    states = {name: part["State"] for name, part in suite.parts().items()}

    assert {name for name, state in states.items() if state["Status"] == "exited" and state["ExitCode"] == 0} == ONCE
    assert {name for name, state in states.items() if state.get("Health", {}).get("Status") == "healthy"} == (
        states.keys() - ONCE
    )


def test_a_person_signs_in_at_the_public_address(suite, browser):
    with web.signed_in(browser, suite.url, "rep.li") as page:
        assert page.url.startswith(suite.url)


def test_a_partners_lead_is_in_the_view_of_a_customer(suite, key):
    first, again = suite.post_lead(key, lead(0)), suite.post_lead(key, lead(0))

    assert (first.status_code, again.status_code) == (201, 200)
    customer = eventually(lambda: suite.customer_of(first.json()["id"]), within=90)
    eventually(lambda: suite.leads_in_view(customer) == 1, within=90)


def test_who_is_not_in_their_network_does_not_reach_the_stores(suite):
    for part, port in (("mongodb", 27017), ("kafka", 9092)):
        reach = ["python", "-c", CONNECT, suite.address(part), port]
        outside = suite.engine.docker("run", "--rm", "--network", "crm_edge", "crm-sales", *reach, check=False)
        inside = suite.engine.docker("run", "--rm", "--network", "crm_data", "crm-sales", *reach, check=False)

        assert (outside.returncode, inside.returncode) == (1, 0), outside.stderr + inside.stderr
    routes = suite.compose("exec", "sales-worker", "cat", "/proc/net/route").stdout.splitlines()[1:]
    assert "00000000" not in [route.split()[1] for route in routes], "a worker has a way out"


def test_mongodb_lets_in_who_signs_in_and_only_to_the_own_database(suite):
    def read(user: str, database: str) -> None:
        uri = f"mongodb://{user}{suite.address('mongodb')}/?directConnection=true&authSource=admin"
        with MongoClient(uri, serverSelectionTimeoutMS=5000) as client:
            client[database]["leads"].find_one()

    read(f"sales:{suite.settings['SALES_PASSWORD']}@", "crm_sales")
    for user, database in (
        ("", "crm_sales"),
        ("sales:guessed@", "crm_sales"),
        (f"sales:{suite.settings['SALES_PASSWORD']}@", "crm_customer"),
    ):
        with pytest.raises(pymongo.errors.OperationFailure, match=REFUSED):
            read(user, database)


def test_kafka_lets_in_who_signs_in(suite):
    def ask(*changed: str) -> int:
        options = [word for change in changed for word in ("-e", change)]
        return suite.compose("exec", *options, "sales-worker", "python", "-m", "shared.topics", check=False).returncode

    assert ask() == 0
    assert ask("KAFKA_PASSWORD=guessed") != 0
    assert ask("KAFKA_SECURITY_PROTOCOL=PLAINTEXT") != 0


def test_every_part_is_bounded_and_has_no_rights(suite):
    for name, part in suite.parts().items():
        host, log = part["HostConfig"], part["HostConfig"]["LogConfig"]["Config"]
        assert 0 < host["Memory"] <= 2 * 1024**3, name
        assert 0 < host["PidsLimit"] <= 2048, name
        assert {"max-size", "max-file"} <= log.keys(), name
        assert all("size=" in options for options in host["Tmpfs"].values()), name
        if part["State"]["Running"]:
            status = dict(
                line.split(":\t") for line in Path(f"/proc/{part['State']['Pid']}/status").read_text().splitlines()
            )
            assert (status["CapEff"], status["NoNewPrivs"]) == ("0" * 16, "1"), name
            assert status["Uid"].split()[0] != "0", name


def test_an_image_holds_compiled_code_and_no_installer(suite):
    look = (
        "import glob, importlib.util as u; print(len(glob.glob('/app/shared/__pycache__/*.pyc')), u.find_spec('pip'))"
    )

    found = suite.engine.docker("run", "--rm", "crm-sales", "python", "-c", look).stdout.split()

    assert int(found[0]) > 20
    assert found[1] == "None"


@pytest.mark.usefixtures("key")
def test_the_checks_of_an_idle_minute_cost_little(suite):
    eventually(lambda: all(part["State"].get("Health", {}).get("Status", "healthy") == "healthy"
                           for part in suite.parts().values()), within=60)  # fmt: skip
    before = suite.cpu_seconds()
    time.sleep(IDLE_SECONDS)
    used = {name: seconds - before[name] for name, seconds in suite.cpu_seconds().items()}

    print("\nidle minute, CPU s:", {name: round(seconds, 2) for name, seconds in used.items()})
    print(f"altogether {sum(used.values()):.1f}")
    print(suite.engine.docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").stdout)
    # Web processes, provider, web client and gateway do nothing now but answer checks; the rest works for itself.
    assert sum(seconds for name, seconds in used.items() if name not in WORKERS_AND_STORES) < MOST_CHECK_SECONDS


def test_kills_lose_no_accepted_lead_and_double_none(suite, key):
    poster = Poster(suite, key)
    poster.start()
    for part in ("sales-worker", "reporting-worker", "sales-web", "gateway", "mongodb", "kafka"):
        print(f"\n{part} was healthy again after {suite.kill(part):.1f} s", end="")
        time.sleep(2)
    poster.finish()

    customer = suite.customer_of(poster.accepted[0])
    total = poster.count + 1  # with the very first one
    print(f"\n{poster.count} leads, {poster.refused} refused at first")
    assert len(set(poster.accepted)) == poster.count > 50
    eventually(lambda: suite.leads_in_view(customer) >= total, within=120)
    time.sleep(3)
    assert suite.leads_in_view(customer) == total


def test_down_and_up_keep_everything_and_leave_nothing_behind(suite, key):
    stored = suite.post_lead(key, lead(0)).json()
    customer = suite.customer_of(stored["id"])
    in_view = suite.leads_in_view(customer)

    suite.down()
    volumes = set(suite.engine.docker("volume", "ls", "--quiet").stdout.split())
    print(f"\nup with data in {suite.up():.0f} s")

    again = suite.post_lead(key, lead(0))
    assert volumes == {"crm_mongodb", "crm_mongodb-config", "crm_kafka", "crm_oidc-keys"}
    assert (again.status_code, again.json()["id"]) == (200, stored["id"])
    assert suite.leads_in_view(customer) == in_view


def test_a_changed_password_is_taken_over(suite):
    settings = suite.checkout / ".env"
    settings.write_text(settings.read_text().replace(suite.settings["MARKETING_PASSWORD"], "another-0ne_for-marketing"))

    suite.up()

    assert suite.get("marketing/v1/campaigns", as_="marketer.chen")["items"]


def test_the_tests_take_their_stores_from_the_engine(engine):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
    # Ryuk, which tidies up after a killed run, would come from a registry.
    environ |= {"DOCKER_HOST": engine.environment["DOCKER_HOST"], "TESTCONTAINERS_RYUK_DISABLED": "true"}
    module, began = "tests/integration/customer/test_customers.py", int(time.time())

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", module],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=600,
    )

    span = ["--since", began, "--until", int(time.time()) + 1]
    started = engine.docker(
        "events", *span, "--filter", "event=start", "--format", "{{.Actor.Attributes.image}}"
    ).stdout
    assert ran.returncode == 0, ran.stdout[-3000:]
    names = images.used()
    assert sorted(started.split()) == sorted([names["kafka"], names["mongo"]])
