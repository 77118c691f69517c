"""The suite of docker-compose.yml on an engine, run from a clone as somebody would who reads README.md."""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import httpx

from tests.proof.engine.daemon import Engine
from tests.support.broker import free_port
from tests.support.harness import eventually

ROOT = Path(__file__).parents[3]
ONCE = {"mongodb-users", "topics", "oidc-keys"}
PARTNER = "eastgate"


class Suite:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.checkout = engine.folder / "checkout"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.http = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    def clone(self) -> None:
        """What is committed, with the `.env` that a first start makes, at an address of its own."""
        shutil.rmtree(self.checkout, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", ROOT, self.checkout], check=True)
        subprocess.run(["sh", "stack/compose-env.sh"], cwd=self.checkout, check=True, capture_output=True)
        settings = self.checkout / ".env"
        text = re.sub("^PUBLIC_URL=.*", f"PUBLIC_URL={self.url}", settings.read_text(), flags=re.MULTILINE)
        settings.write_text(re.sub("^LISTEN=.*", f"LISTEN={self.url[7:]}", text, flags=re.MULTILINE))

    @functools.cached_property
    def settings(self) -> dict[str, str]:
        return dict(re.findall(r"^([A-Z_]+)=(.*)$", (self.checkout / ".env").read_text(), re.MULTILINE))

    def compose(self, *words: object, check: bool = True, within: float = 900) -> subprocess.CompletedProcess:
        return self.engine.docker("compose", *words, check=check, within=within, cwd=self.checkout)

    def build(self) -> float:
        return timed(lambda: self.compose("--profile", "tools", "build", "--quiet", within=1800))

    def up(self) -> float:
        """Answers the seconds that it took."""
        return timed(lambda: self.compose("up", "--wait"))

    def down(self, *words: str) -> None:
        self.compose("--profile", "tools", "down", "--remove-orphans", *words)

    def tools(self, *words: str) -> str:
        return self.compose("run", "--rm", "tools", *words).stdout.strip()

    @functools.cache  # noqa: B019 - there is one suite
    def token(self, person: str) -> str:
        return self.tools("token", person)

    def get(self, path: str, *, as_: str) -> dict:
        answer = self.http.get(f"/api/{path}", headers={"Authorization": f"Bearer {self.token(as_)}"})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post_lead(self, key: str, lead: dict) -> httpx.Response:
        return self.http.post(f"/api/sales/v1/partners/{PARTNER}/leads", json=lead, headers={"X-Api-Key": key})

    def customer_of(self, lead_id: str) -> str | None:
        return self.get(f"sales/v1/leads/{lead_id}", as_="manager.wang").get("customer_id")

    def leads_in_view(self, customer: str) -> int:
        token = self.token("manager.wang")
        path = f"/api/reporting/v1/customers/{customer}/360"
        answer = self.http.get(path, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code == 404:
            return 0  # No event of this customer has arrived yet.
        block = answer.json()["leads"]
        return len(block["open"]) + len(block["closed"]) + block["not_shown"]

    def parts(self) -> dict[str, dict]:
        """`{part: what docker inspect says of its container}`."""
        ids = self.compose("ps", "--all", "--quiet").stdout.split()
        inspected = json.loads(self.engine.docker("inspect", *ids).stdout)
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in inspected}

    def address(self, part: str) -> str:
        """Of a part in the network of the stores."""
        return self.parts()[part]["NetworkSettings"]["Networks"]["crm_data"]["IPAddress"]

    def kill(self, part: str) -> float:
        """Kill its main process, as the kernel would. Answers after how many seconds it was healthy again."""
        before = self.parts()[part]["State"]
        os.kill(before["Pid"], signal.SIGKILL)
        return timed(lambda: eventually(lambda: self._is_healthy_again(part, before["StartedAt"]), within=180))

    def _is_healthy_again(self, part: str, started_before: str) -> bool:
        now = self.parts()[part]["State"]
        return now["StartedAt"] != started_before and now["Health"]["Status"] == "healthy"

    def cpu_seconds(self) -> dict[str, float]:
        """What each part has used so far, and `engine` for the engine itself."""
        used = {"engine": self._engine_seconds()}
        for part, inspected in self.parts().items():
            if inspected["State"]["Running"]:
                used[part] = _cgroup_seconds(inspected["State"]["Pid"])
        return used

    def _engine_seconds(self) -> float:
        """With the programs that it starts for each check."""
        ticks, mark = 0, f"{self.engine.folder}/".encode()
        for process in Path("/proc").iterdir():
            try:
                if process.name.isdigit() and mark in (process / "cmdline").read_bytes():
                    ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:15]))
            except OSError:
                continue  # It has ended.
        return ticks / os.sysconf("SC_CLK_TCK")


def _cgroup_seconds(pid: int) -> float:
    """Of all processes of a container, also those that have ended, by either version of cgroups."""
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "cpuacct" in controllers.split(","):
            return int(Path(f"/sys/fs/cgroup/cpuacct{path}/cpuacct.usage").read_text()) / 1e9
        if controllers == "" and (stat := Path(f"/sys/fs/cgroup{path}/cpu.stat")).exists():
            return int(re.search(r"usage_usec (\d+)", stat.read_text())[1]) / 1e6
    raise AssertionError("no cgroup of this container counts processor time")


def timed(work) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
