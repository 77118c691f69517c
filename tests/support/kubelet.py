"""What runs on the nodes that a test invents: every pod is ready at once, but those whose program the test wants to run.

Such a program is started with the arguments and settings of its pod, asked whether it is ready where the pod's probe says,
and told to stop when the pod goes.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.support.broker import free_port
from tests.support.cluster import Client

TURN_SECONDS = 0.5
CPU, MEMORY = "32", "64Gi"


def add_node(client: Client, name: str, zone: str) -> None:
    labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone}
    room = {"cpu": CPU, "memory": MEMORY, "pods": "110"}
    status = {"capacity": room, "allocatable": room, "conditions": [_condition("Ready", True)]}
    metadata = {"name": name, "labels": labels}
    client.create("/api/v1/nodes", {"metadata": metadata, "status": status}).raise_for_status()
    client.merge(f"/api/v1/nodes/{name}", {"spec": {"taints": None}}).raise_for_status()


class Program:
    """The process of one pod."""

    def __init__(self, client: Client, pod: dict, settings: dict[str, str], folder: Path) -> None:
        [container] = pod["spec"]["containers"]
        names = [one["configMapRef"]["name"] for one in container["envFrom"] if "configMapRef" in one]
        root = f"/api/v1/namespaces/{pod['metadata']['namespace']}/configmaps"
        given = {key: value for name in names for key, value in client.get(f"{root}/{name}")["data"].items()}
        port = free_port()
        environ = given | settings | {"WORKER_HOST": "127.0.0.1", "WORKER_PORT": str(port)}
        words = [word.replace("$(SERVICE)", environ["SERVICE"]) for word in container["args"]]
        assert words[0] == "python"
        self._probe = f"http://127.0.0.1:{port}{container['readinessProbe']['httpGet']['path']}"
        self._allowed = container["readinessProbe"]["failureThreshold"]
        self._failed = self._allowed
        with (folder / f"{pod['metadata']['name']}.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words[1:]], env=os.environ | environ, stdout=log, stderr=log
            )

    def ready(self) -> bool:
        try:
            answers = httpx.get(self._probe, timeout=3, trust_env=False).status_code == 200
        except httpx.TransportError:
            answers = False
        self._failed = 0 if answers else self._failed + 1
        return self._failed < self._allowed

    def gone(self) -> bool:
        """Asked to stop, once, and gone."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.poll() is not None


class Kubelet:
    """The kubelets of all nodes, in a thread. `program(pod)` starts what really runs in it, or answers None."""

    def __init__(self, client: Client, program: Callable[[dict], Program | None] = lambda pod: None) -> None:
        self._client = client
        self._program = program
        self._programs: dict[str, Program | None] = {}
        self._told: dict[str, bool] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kubelet")
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        for program in self._programs.values():
            if program is not None and program.process.poll() is None:
                program.process.kill()
                program.process.wait()

    def _run(self) -> None:
        while not self._stop.wait(TURN_SECONDS):
            for pod in self._client.items("/api/v1/pods"):
                if "nodeName" in pod["spec"]:
                    self._turn(pod)

    def _turn(self, pod: dict) -> None:
        name, path = pod["metadata"]["uid"], self._client.path({"apiVersion": "v1", "kind": "Pod", **pod})
        if name not in self._programs:
            self._programs[name] = self._program(pod)
        program = self._programs[name]
        if "deletionTimestamp" in pod["metadata"]:
            if program is None or program.gone():
                self._client.delete(path)
            return
        ready = program is None or program.ready()
        if self._told.get(name) != ready:
            self._told[name] = ready
            conditions = [_condition(kind, ready) for kind in ("Ready", "ContainersReady")]
            self._client.merge(f"{path}/status", {"status": {"phase": "Running", "conditions": conditions}})


def _condition(kind: str, holds: bool) -> dict:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"type": kind, "status": "True" if holds else "False", "lastTransitionTime": now}
