"""A real Kubernetes control plane on this machine: etcd, the API server and, where wanted, its controllers and scheduler.

There are no nodes but those that a test invents, and on them runs only what `tests/support/kubelet.py` starts.
"""

import json
import os
import ssl
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from stack.environments import CHECKOUT_OFFSET
from tests.support import tools
from tests.support.harness import eventually

FIRST_PORT = 28_180 + CHECKOUT_OFFSET
ETCD, ETCD_PEERS, SERVER = (FIRST_PORT + number for number in range(3))
TOKEN = "a-token-of-the-tests"
READY_SECONDS = 120
MANAGER = "deployer"


@dataclass(frozen=True)
class Applied:
    """What the server said to one object of an overlay."""

    name: str
    status: int
    warning: str | None
    resource_version: str | None
    refusal: str | None


class Client:
    """Speaks to the API server as the person who deploys does, without a client library in between."""

    def __init__(self, address: str, certificate: Path) -> None:
        self._http = httpx.Client(
            base_url=address,
            verify=ssl.create_default_context(cafile=certificate),
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=30,
            trust_env=False,
        )
        self._resources: dict[tuple[str, str], tuple[str, bool]] = {}

    def close(self) -> None:
        self._http.close()

    def ready(self) -> bool:
        try:
            return self._http.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def path(self, thing: dict) -> str:
        """Where an object lives: its resource's path and its name."""
        version, kind, metadata = thing["apiVersion"], thing["kind"], thing["metadata"]
        root = f"/apis/{version}" if "/" in version else f"/api/{version}"
        if (version, kind) not in self._resources:
            for one in self._http.get(root).raise_for_status().json()["resources"]:
                if "/" not in one["name"]:
                    self._resources[version, one["kind"]] = (one["name"], one["namespaced"])
        resource, namespaced = self._resources[version, kind]
        namespace = f"/namespaces/{metadata.get('namespace', 'default')}" if namespaced else ""
        return f"{root}{namespace}/{resource}/{metadata['name']}"

    def apply(self, thing: dict) -> Applied:
        """Server-side apply with strict validation, as `kubectl apply --server-side`."""
        answer = self._http.patch(
            self.path(thing),
            params={"fieldManager": MANAGER, "fieldValidation": "Strict"},
            headers={"Content-Type": "application/apply-patch+yaml"},
            content=json.dumps(thing),
        )
        body, name = answer.json(), f"{thing['kind']} {thing['metadata']['name']}"
        refused = body.get("message") if answer.is_error else None
        version = None if refused else body["metadata"]["resourceVersion"]
        return Applied(name, answer.status_code, answer.headers.get("Warning"), version, refused)

    def get(self, path: str, **params: str) -> dict:
        return self._http.get(path, params=params).raise_for_status().json()

    def has(self, path: str) -> bool:
        return self._http.get(path).status_code == 200

    def items(self, path: str, **params: str) -> list[dict]:
        return self.get(path, **params)["items"]

    def create(self, path: str, thing: dict, **params: str) -> httpx.Response:
        return self._http.post(path, json=thing, params=params)

    def merge(self, path: str, change: dict) -> httpx.Response:
        headers = {"Content-Type": "application/merge-patch+json"}
        return self._http.patch(path, content=json.dumps(change), headers=headers)

    def delete(self, path: str) -> None:
        self._http.request("DELETE", path, json={"gracePeriodSeconds": 0})


class Cluster:
    """`with Cluster(folder) as cluster`: an empty control plane that knows the operators' resources."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self.client: Client

    def __enter__(self) -> Self:
        with ExitStack() as self._stack:
            self.client = Client(f"https://127.0.0.1:{SERVER}", self._start_server())
            self._stack.callback(self.client.close)
            eventually(self.client.ready, within=READY_SECONDS)
            self._define_resources()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stack.close()

    def start_controllers(self) -> None:
        """From now on Deployments get pods, and pods get nodes. What kubelets tell is not missed: there are none."""
        without = ["node-lifecycle", "node-ipam", "taint-eviction", "pod-garbage-collector"]
        controllers = ",".join(["*", *(f"-{name}-controller" for name in without)])
        common = ["--kubeconfig", self._kubeconfig(), "--leader-elect=false", "--secure-port=0"]
        self._start("kube-controller-manager", *common, f"--controllers={controllers}")
        self._start("kube-scheduler", *common)
        # Every namespace gets one by its controller.
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        eventually(lambda: self.client.has(account), within=READY_SECONDS)

    def _start_server(self) -> Path:
        peers, clients = f"http://127.0.0.1:{ETCD_PEERS}", f"http://127.0.0.1:{ETCD}"
        self._start(
            "etcd",
            *("--data-dir", self._folder / "etcd", "--unsafe-no-fsync", "--log-level", "error", "--name", "one"),
            *("--listen-client-urls", clients, "--advertise-client-urls", clients),
            *("--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", f"one={peers}"),
        )
        key, tokens, certificates = (self._folder / name for name in ("accounts.key", "tokens.csv", "certificates"))
        key.write_bytes(_private_key())
        tokens.write_text(f"{TOKEN},deployer,1,system:masters\n")
        self._start(
            "kube-apiserver",
            *("--etcd-servers", clients, "--cert-dir", certificates, "--secure-port", SERVER),
            *("--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--endpoint-reconciler-type", "none"),
            *("--token-auth-file", tokens, "--authorization-mode", "RBAC", "--anonymous-auth=false"),
            *("--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", key),
            *("--service-account-signing-key-file", key, "--service-cluster-ip-range", "10.96.0.0/16"),
        )
        eventually((certificates / "apiserver.crt").exists, within=READY_SECONDS)
        return certificates / "apiserver.crt"

    def _define_resources(self) -> None:
        definitions = [yaml.load(file.read_text(), yaml.CSafeLoader) for file in tools.custom_resource_files()]
        for definition in definitions:
            assert self.client.apply(definition).refusal is None
        for definition in definitions:
            path = self.client.path(definition)
            eventually(lambda path=path: _is_established(self.client.get(path)), within=60)

    def _kubeconfig(self) -> Path:
        file = self._folder / "kubeconfig"
        cluster = {"server": f"https://127.0.0.1:{SERVER}", "certificate-authority": "certificates/apiserver.crt"}
        file.write_text(
            yaml.safe_dump(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "current-context": "here",
                    "clusters": [{"name": "here", "cluster": cluster}],
                    "users": [{"name": "here", "user": {"token": TOKEN}}],
                    "contexts": [{"name": "here", "context": {"cluster": "here", "user": "here"}}],
                }
            )
        )
        return file

    def _start(self, program: str, *arguments: Any) -> None:
        path = tools.kubernetes() / program
        log = self._stack.enter_context((self._folder / f"{program}.log").open("w"))
        process = subprocess.Popen(
            [path, *map(str, arguments)], stdout=log, stderr=log, env={"PATH": os.environ["PATH"]}
        )
        self._stack.callback(_end, process)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_established(definition: dict) -> bool:
    conditions = definition.get("status", {}).get("conditions") or []
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


def _private_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
