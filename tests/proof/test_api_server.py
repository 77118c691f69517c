"""The overlays on a real Kubernetes API server, with its controllers and scheduler: what schemas alone cannot say."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import tools
from tests.support.cluster import Applied, Client, Cluster
from tests.support.harness import eventually

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(path.name for path in (ROOT / "k8s" / "overlays").iterdir())
PODS = "/api/v1/namespaces/crm/pods"


class Deployed(NamedTuple):
    client: Client
    things: list[dict]
    first: list[Applied]
    second: list[Applied]


def objects(overlay: str, folder: Path) -> list[dict]:
    """As they are deployed: production with the digests that it asks its deployer for."""
    path = ROOT / "k8s" / "overlays" / overlay
    return tools.kustomize(tools.pinned(path, folder) if overlay == "production" else path)


@pytest.fixture(scope="module", params=OVERLAYS)
def deployed(request, tmp_path_factory) -> Iterator[Deployed]:
    """An overlay that was applied twice to an empty cluster, in the order in which kustomize writes it."""
    overlay = request.param
    things = objects(overlay, tmp_path_factory.mktemp("pinned"))
    with Cluster(tmp_path_factory.mktemp(overlay)) as cluster:
        first, second = ([cluster.client.apply(thing) for thing in things] for _ in range(2))
        yield Deployed(cluster.client, things, first, second)


def of_kind(things: list[dict], kind: str) -> list[dict]:
    return [thing for thing in things if thing["kind"] == kind]


def pod_of(deployment: dict) -> dict:
    template = deployment["spec"]["template"]
    metadata = {"name": deployment["metadata"]["name"], "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def test_the_server_takes_every_object_and_has_nothing_to_say(deployed):
    assert [one for one in deployed.first if one.refusal or one.warning] == []
    assert [one for one in deployed.second if one.refusal or one.warning] == []


def test_the_server_would_say_what_is_wrong(deployed):
    deployment = copy.deepcopy(of_kind(deployed.things, "Deployment")[0])
    deployment["spec"]["replicaz"] = 3

    assert "replicaz" in deployed.client.apply(deployment).refusal


def test_applying_it_again_changes_nothing(deployed):
    assert [one.resource_version for one in deployed.second] == [one.resource_version for one in deployed.first]


def test_every_pod_fits_the_restricted_standard_that_its_namespace_enforces(deployed):
    deployments = of_kind(deployed.things, "Deployment")
    answers = [deployed.client.create(PODS, pod_of(deployment), dryRun="All") for deployment in deployments]
    as_root = copy.deepcopy(pod_of(deployments[0]))
    as_root["spec"]["securityContext"].pop("runAsNonRoot")
    refused = deployed.client.create(PODS, as_root, dryRun="All")

    assert {(answer.status_code, answer.headers.get("Warning")) for answer in answers} == {(201, None)}
    assert refused.status_code == 403
    assert 'violates PodSecurity "restricted' in refused.json()["message"]
    assert deployments


def test_what_a_scaler_sets_is_left_alone_by_the_next_apply(deployed):
    scaled = [one for one in of_kind(deployed.things, "Deployment") if one["metadata"]["name"] != "oidc"]
    for deployment in scaled:
        path = deployed.client.path(deployment)
        deployed.client.merge(f"{path}/scale", {"spec": {"replicas": 3}}).raise_for_status()

    again = [deployed.client.apply(deployment) for deployment in scaled]

    assert [one for one in again if one.refusal or one.warning] == []
    assert {deployed.client.get(deployed.client.path(one))["spec"]["replicas"] for one in scaled} == {3}


@pytest.mark.parametrize("deployed", ["production"], indirect=True)
def test_production_refuses_what_is_named_by_a_tag_alone_and_says_how_to_name_it(deployed):
    by_tag = of_kind(tools.kustomize(ROOT / "k8s" / "overlays" / "production"), "Deployment")
    # The server reads its policies a moment after they are stored.
    eventually(lambda: deployed.client.apply(by_tag[0]).refusal, within=30)

    refusals = [deployed.client.apply(deployment).refusal for deployment in by_tag]
    pod = deployed.client.create(PODS, pod_of(by_tag[0]), dryRun="All")

    for deployment, refusal in zip(by_tag, refusals, strict=True):
        image = deployment["spec"]["template"]["spec"]["containers"][0]["image"]
        assert "These images are named without a digest" in refusal
        assert image in refusal
        assert "kustomize edit set image" in refusal
    assert pod.status_code == 422
    assert [one for one in map(deployed.client.apply, of_kind(deployed.things, "Deployment")) if one.refusal] == []
