"""Rollouts by Kubernetes' own controllers and scheduler. Twelve of the pods are the suite's real workers."""

import copy
import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pymongo import MongoClient

from shared import kafka
from shared.topics import TopicSettings
from tests.support import tools
from tests.support.cluster import Client, Cluster
from tests.support.harness import eventually
from tests.support.kubelet import Kubelet, Program, add_node

PRODUCTION = Path(__file__).parents[2] / "k8s" / "overlays" / "production"
DATABASE = "test_rollout"
WORKERS, PARTITIONS = 12, 12
DEPLOYMENT = "/apis/apps/v1/namespaces/crm/deployments/sales-worker"
ROLLOUT_SECONDS = 600
RESTRICTED_POD = {"runAsNonRoot": True, "runAsUser": 1001, "seccompProfile": {"type": "RuntimeDefault"}}
RESTRICTED_CONTAINER = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


@pytest.fixture(scope="module")
def things(tmp_path_factory) -> list[dict]:
    return tools.kustomize(tools.pinned(PRODUCTION, tmp_path_factory.mktemp("pinned")))


@pytest.fixture(scope="module")
def client(things, tmp_path_factory) -> Iterator[Client]:
    """A cluster of three nodes in three zones to which production was applied, before anything scaled it."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        assert [refusal for thing in things if (refusal := cluster.client.apply(thing).refusal)] == []
        for number in range(3):
            add_node(cluster.client, f"node-{number}", f"zone-{number}")
        cluster.start_controllers()
        yield cluster.client


@pytest.fixture(scope="module")
def settings(stores) -> Iterator[dict[str, str]]:
    """What the workers find instead of the cluster's stores: topics of their own, with the partitions of production."""
    prefix = "test-rollout."
    names = [f"{prefix}crm.customer", f"{prefix}crm.lead", f"{prefix}sales.dlq"]
    with closing(kafka.admin(TopicSettings(kafka_bootstrap=stores.kafka_bootstrap))) as admin:
        admin.create_topics({name: {"num_partitions": PARTITIONS, "replication_factor": 1} for name in names})
        yield {
            "MONGO_URI": stores.mongo_uri,
            "MONGO_DATABASE": DATABASE,
            "KAFKA_BOOTSTRAP": stores.kafka_bootstrap,
            "KAFKA_TOPIC_PREFIX": prefix,
            "LOG_LEVEL": "WARNING",
        }
        admin.delete_topics(names)
    with MongoClient(stores.mongo_uri) as mongo:
        mongo.drop_database(DATABASE)


@pytest.fixture(scope="module")
def kubelet(client, settings, tmp_path_factory) -> Iterator[Kubelet]:
    folder = tmp_path_factory.mktemp("pods")

    def program(pod: dict) -> Program | None:
        is_worker = pod["metadata"]["name"].startswith("sales-worker-")
        return Program(client, pod, settings, folder) if is_worker else None

    kubelet = Kubelet(client, program)
    yield kubelet
    kubelet.stop()


@dataclasses.dataclass
class Seen:
    """The numbers of a Deployment's pods while somebody looked."""

    fewest_ready: int = WORKERS
    most: int = 0

    def done(self, client: Client) -> bool:
        deployment = client.get(DEPLOYMENT)
        status, wanted = deployment["status"], deployment["spec"]["replicas"]
        self.fewest_ready = min(self.fewest_ready, status.get("availableReplicas", 0))
        self.most = max(self.most, status.get("replicas", 0))
        return (
            status.get("observedGeneration") == deployment["metadata"]["generation"]
            and status.get("updatedReplicas") == status.get("availableReplicas") == status.get("replicas") == wanted
        )


def test_autoscalers_set_their_least_numbers_and_the_next_apply_leaves_them(client, kubelet, things):
    """There are no metrics here, so nothing goes above. KEDA, which would scale the workers, does not run either."""
    scalers = [thing for thing in things if thing["kind"] == "HorizontalPodAutoscaler"]
    deployments = {thing["metadata"]["name"]: thing for thing in things if thing["kind"] == "Deployment"}
    least = {one["spec"]["scaleTargetRef"]["name"]: one["spec"]["minReplicas"] for one in scalers}

    def replicas() -> dict[str, int]:
        return {name: client.get(client.path(deployments[name]))["spec"]["replicas"] for name in least}

    eventually(lambda: replicas() == least, within=120)
    again = [client.apply(deployment) for deployment in deployments.values()]

    assert [one for one in again if one.refusal or one.warning] == []
    assert replicas() == least


def test_a_rollout_of_twelve_workers_ends_and_never_has_fewer_than_twelve(client, kubelet, things):
    [worker] = [one for one in things if one["kind"] == "Deployment" and one["metadata"]["name"] == "sales-worker"]
    client.merge(f"{DEPLOYMENT}/scale", {"spec": {"replicas": WORKERS}}).raise_for_status()
    eventually(lambda: Seen().done(client), within=ROLLOUT_SECONDS)
    release = copy.deepcopy(worker)
    [container] = release["spec"]["template"]["spec"]["containers"]
    container["image"] = container["image"][:-4] + "beef"

    assert client.apply(release).refusal is None
    seen = Seen()
    eventually(lambda: seen.done(client), within=ROLLOUT_SECONDS)

    assert (seen.fewest_ready, seen.most) == (WORKERS, WORKERS + 1)


def test_two_brokers_never_share_a_node(client, kubelet, things):
    """Strimzi does not run here; these are pods as it would make them, one more than there are nodes."""
    [pool] = [thing for thing in things if thing["kind"] == "KafkaNodePool"]
    labels = {"strimzi.io/cluster": "kafka", "strimzi.io/pool-name": pool["metadata"]["name"]}
    template = pool["spec"]["template"]["pod"]
    container = {"name": "kafka", "image": "kafka", "securityContext": RESTRICTED_CONTAINER}
    spec = {"containers": [container], "securityContext": RESTRICTED_POD, **template}
    pods = "/api/v1/namespaces/crm-kafka/pods"
    for number in range(4):
        metadata = {"name": f"kafka-broker-{number}", "labels": labels}
        client.create(pods, {"metadata": metadata, "spec": spec}).raise_for_status()

    def placed() -> list[str]:
        return [pod["spec"]["nodeName"] for pod in client.items(pods) if "nodeName" in pod["spec"]]

    def refused() -> list[dict]:
        return [
            condition
            for pod in client.items(pods)
            for condition in pod["status"].get("conditions", [])
            if condition.get("reason") == "Unschedulable"
        ]

    eventually(refused, within=60)
    assert sorted(placed()) == ["node-0", "node-1", "node-2"]
