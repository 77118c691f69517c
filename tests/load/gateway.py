"""The whole suite under load through its gateway, beside bare Flask and pymongo in the same run.

`python -m tests.load.gateway [--seconds 10] [--rounds 3] [--customers 20000] [--events 230000]` starts the `chaos`
environment with empty data and loads it. It needs wrk (`apt-get install wrk`). Everything shares this machine: the load,
the gateway, all services, Kafka and MongoDB. Prints one JSON object: requests a second, milliseconds, and ratios.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import uuid
from datetime import datetime
from pathlib import Path

import httpx
from pymongo import MongoClient

from services.reporting.config import ReportingSettings
from shared.consumer import LAG_SECONDS
from shared.settings import read
from stack import identity
from stack.client import Api
from stack.environments import ENVIRONMENTS, Environment
from stack.parts import service_settings
from tests.load.projector import fill

SCRIPTS = Path(__file__).parent / "wrk"
CONNECTIONS = 32
BATCH = 500
BASELINE_PORT = 28190
QUIET_SECONDS = 900
FRESH_WRITES_A_SECOND, FRESH_SECONDS, WARM_UP_SECONDS = 100, 20, 5
GENEROUS = {"USER_REQUESTS_PER_SECOND": "100000", "LOG_LEVEL": "WARNING"}
"""How the suite is started to be measured: one person asks as many would, and no request is logged."""


def wrk(
    url: str, script: str, arguments: list[str], *, seconds: int, headers: dict[str, str], connections: int
) -> dict:
    """One run: requests a second, p50 and p99 in ms, and answers other than 2xx or 3xx."""
    command = [
        "wrk",
        "-t2",
        f"-c{connections}",
        f"-d{seconds}s",
        "--latency",
        "--timeout",
        "20s",
        "-s",
        str(SCRIPTS / script),
    ]
    command += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    done = subprocess.run([*command, url, "--", *arguments], capture_output=True, text=True, timeout=seconds + 60)
    text = done.stdout
    if done.returncode or "Requests/sec" not in text:
        raise RuntimeError(f"wrk failed: {done.stderr or text}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: (.*)", text)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        "p50_ms": _milliseconds(re.search(r"50%\s+([\d.]+)(us|ms|s|m)\b", text)),
        "p99_ms": _milliseconds(re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)),
        "refused": int(refused[1]) if refused else 0,
        "errors": errors[1] if errors else "",
    }


def _milliseconds(found: re.Match) -> float:
    return round(float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]], 2)


class Bench:
    """What all measurements need."""

    def __init__(self, environment: Environment, *, seconds: int, rounds: int) -> None:
        self.environment = environment
        self.seconds, self.rounds = seconds, rounds
        self.api = Api(environment.gateway_url, lambda person: identity.token(environment, person))
        self.mongo = MongoClient(environment.mongo_uri)
        self.partner = f"load-{uuid.uuid4().hex[:6]}"
        self.api.post("sales/v1/partners", {"id": self.partner, "name": "Load Trade", "rate": 10_000}, as_="admin.root")
        key = self.api.post(f"sales/v1/partners/{self.partner}/keys", {}, as_="admin.root")["key"]
        self.partner_headers = {"X-Api-Key": key, "Content-Type": "application/json"}

    def lead(self, *, batch: int) -> dict:
        """One run of leads from a partner, one by one or (`batch` above 0) so many in a request."""
        return self._lead_run(
            f"{self.environment.gateway_url}/api/sales/v1/partners/{self.partner}/leads", batch, self.partner_headers
        )

    def read(self) -> dict:
        """One run of 360 views, as a member of the staff reads them."""
        ids = self.environment.directory / "load-ids.txt"
        ids.write_text("\n".join(row["_id"] for row in self.mongo.crm_reporting.views.find({}, {"_id": 1})))
        token = identity.token(self.environment, "rep.li")
        return self._read_run(
            self.environment.gateway_url,
            [str(ids), "/api/reporting/v1/customers/", "/360"],
            {"Authorization": f"Bearer {token}"},
        )

    def leads(self, *, batch: int) -> dict:
        plain = f"http://127.0.0.1:{BASELINE_PORT}/leads"
        return self._compare(
            lambda: self.lead(batch=batch),
            lambda: self._lead_run(plain, batch, {"Content-Type": "application/json"}),
            rows=max(batch, 1),
        )

    def reads(self) -> dict:
        ids = self.environment.directory / "load-ids.txt"
        self.mongo.load_baseline.views.drop()
        self.mongo.crm_reporting.views.aggregate([{"$out": {"db": "load_baseline", "coll": "views"}}])
        return self._compare(
            self.read,
            lambda: self._read_run(f"http://127.0.0.1:{BASELINE_PORT}", [str(ids), "/views/"], {}),
            rows=1,
        )

    def _lead_run(self, url: str, batch: int, headers: dict) -> dict:
        arguments, url = [uuid.uuid4().hex[:8], str(batch)], f"{url}/batch" if batch else url
        connections = 4 if batch else CONNECTIONS
        return wrk(url, "lead.lua", arguments, seconds=self.seconds, headers=headers, connections=connections)

    def _read_run(self, url: str, arguments: list[str], headers: dict) -> dict:
        return wrk(url, "read.lua", arguments, seconds=self.seconds, headers=headers, connections=CONNECTIONS)

    def _compare(self, suite, baseline, *, rows: int) -> dict:
        pairs = []
        for _ in range(self.rounds):
            ours = suite()
            # What the suite still does for this load must not slow the baseline down.
            ours["caught_up_after_s"] = self.wait_until_quiet()
            pairs.append((ours, baseline()))
        rate = statistics.median(pair[0]["rate"] for pair in pairs) * rows
        plain = statistics.median(pair[1]["rate"] for pair in pairs) * rows
        return {
            "per_second": round(rate),
            "p50_ms": statistics.median(pair[0]["p50_ms"] for pair in pairs),
            "p99_ms": statistics.median(pair[0]["p99_ms"] for pair in pairs),
            "refused": sum(pair[0]["refused"] for pair in pairs),
            "errors": [pair[0]["errors"] for pair in pairs if pair[0]["errors"]],
            "baseline_per_second": round(plain),
            "of_baseline": round(statistics.median(one["rate"] / other["rate"] for one, other in pairs), 2),
            "caught_up_after_s": statistics.median(pair[0]["caught_up_after_s"] for pair in pairs),
        }

    def freshness(self) -> dict:
        """Leads at a steady rate; how long from the post to the customer's view, and from each event to its effect.

        The first seconds, in which a suite just started writes for the first time, are told apart.
        """
        path = f"{self.environment.gateway_url}/api/sales/v1/partners/{self.partner}/leads"
        name, total = uuid.uuid4().hex[:8], FRESH_WRITES_A_SECOND * (WARM_UP_SECONDS + FRESH_SECONDS)
        started = time.monotonic()

        def post(share: int) -> None:
            with httpx.Client(headers=self.partner_headers, timeout=20, trust_env=False) as client:
                for number in range(share, total, 8):
                    time.sleep(max(0.0, started + number / FRESH_WRITES_A_SECOND - time.monotonic()))
                    body = {
                        "external_id": f"{name}-{number}",
                        "full_name": "王小明",
                        "email": f"{name}{number}@load.example",
                    }
                    client.post(path, json=body).raise_for_status()

        threads = [threading.Thread(target=post, args=(share,)) for share in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.wait_until_quiet()
        leads = {
            row["_id"]: int(row["external_id"].removeprefix(f"{name}-"))
            for row in self.mongo.crm_sales.leads.find({"external_id": {"$regex": f"^{name}-"}}, {"external_id": 1})
        }
        warm = FRESH_WRITES_A_SECOND * WARM_UP_SECONDS
        return {
            "writes_a_second": FRESH_WRITES_A_SECOND,
            "warming_up": self._lags([lead for lead, number in leads.items() if number < warm]),
            "then": self._lags([lead for lead, number in leads.items() if number >= warm]),
        }

    def _lags(self, leads: list[str]) -> dict:
        entries = list(self.mongo.crm_reporting.timeline.find({"subject": {"$in": leads}}))
        direct = sorted(entry["lag_ms"] for entry in entries)
        whole = sorted(
            (_moment(entry["applied_at"]) - _moment(entry["facts"]["received_at"])) * 1000
            for entry in entries
            if entry["type"] == "sales.lead.matched"
        )
        return {
            "leads": len(whole),
            "event_to_view_ms": {"p50": _quantile(direct, 0.5), "p99": _quantile(direct, 0.99)},
            "post_to_customer_view_ms": {"p50": _quantile(whole, 0.5), "p99": _quantile(whole, 0.99)},
        }

    def wait_until_quiet(self) -> float:
        """Until every lead has its customer and is in the views. Answers the seconds that it took, rather too many."""
        started = time.monotonic()
        while time.monotonic() - started < QUIET_SECONDS:
            # The question in the middle reads all leads, so it is asked only when the others are answered.
            if self._handed_on() and not self._unmatched():
                time.sleep(LAG_SECONDS + 1)  # The lag may have been measured just before something was published.
                if self._handed_on():
                    return round(time.monotonic() - started, 1)
            time.sleep(0.5)
        raise TimeoutError("the suite did not catch up")

    def _handed_on(self) -> bool:
        return self._published() and self._projected()

    def _published(self) -> bool:
        aggregates = (self.mongo.crm_sales.leads, self.mongo.crm_customer.customers)
        return not any(found.count_documents({"_pending": {"$exists": True}}, limit=1) for found in aggregates)

    def _projected(self) -> bool:
        lag = httpx.get(f"http://127.0.0.1:{self.environment.port(8161)}/metrics", timeout=10, trust_env=False).text
        waiting = sum(
            float(value) for value in re.findall(r"^crm_consumer_lag_events\{.*\} ([\d.]+)", lag, re.MULTILINE)
        )
        return waiting < 100

    def _unmatched(self) -> int:
        return self.mongo.crm_sales.leads.count_documents({"customer_id": None}, limit=1)


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else text.timestamp()


def _quantile(values: list[float], share: float) -> float | None:
    return round(values[min(int(len(values) * share), len(values) - 1)], 1) if values else None


def _baseline(environment: Environment) -> subprocess.Popen:
    command = [
        str(Path(sys.executable).parent / "gunicorn"),
        "-c",
        "shared/gunicorn.conf.py",
        "tests.load.baseline:create_app()",
    ]
    settings = {"BIND": f"127.0.0.1:{BASELINE_PORT}", "WEB_WORKERS": "2", "MONGO_URI": environment.mongo_uri}
    return subprocess.Popen(command, env=os.environ | settings)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.load.gateway", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--events", type=int, default=230_000)
    parser.add_argument("--keep", action="store_true", help="use the data that is there")
    arguments = parser.parse_args()
    environment = ENVIRONMENTS["chaos"]
    stack = [sys.executable, "-m", "stack"]
    if not arguments.keep:
        subprocess.run([*stack, "reset", "--env", "chaos"], check=True)
    subprocess.run([*stack, "up", "--env", "chaos"], check=True, env=os.environ | GENEROUS)
    if not arguments.keep:
        settings = ReportingSettings(**read(ReportingSettings, service_settings(environment, "reporting")))
        fill(settings, customers=arguments.customers, count=arguments.events)
    baseline = _baseline(environment)
    try:
        bench = Bench(environment, seconds=arguments.seconds, rounds=arguments.rounds)
        time.sleep(10)
        report = {"caught_up_seconds": bench.wait_until_quiet()}
        report["views"] = bench.mongo.crm_reporting.views.estimated_document_count()
        report["timeline_entries"] = bench.mongo.crm_reporting.timeline.estimated_document_count()
        report["reads_360"] = bench.reads()
        report["freshness"] = bench.freshness()
        report["leads_one_by_one"] = bench.leads(batch=0)
        report["leads_by_batch"] = bench.leads(batch=BATCH)
        print(json.dumps(report, indent=2))
    finally:
        baseline.terminate()
        baseline.wait(30)
        subprocess.run([*stack, "down", "--env", "chaos"], check=True)


if __name__ == "__main__":
    main()
