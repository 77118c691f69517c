"""The Kubernetes manifests are valid, safe, and agree with the code, the topics and the gateway."""

import functools
import importlib
import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import kubernetes_validate
import pytest
import yaml

from k8s.kafka import topics as kafka_topics
from stack.parts import BIN
from tests.support import tools
from tests.support.harness import settings_of

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(path.name for path in (ROOT / "k8s" / "overlays").iterdir())
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/app.py"))
KUBERNETES = "1.34"
IMAGE = re.compile(r"[a-z0-9./-]+(:(?!latest\b)[A-Za-z0-9._-]+)?(@sha256:[0-9a-f]{64})?")
RESTRICTED_VOLUMES = {"configMap", "downwardAPI", "emptyDir", "persistentVolumeClaim", "projected", "secret"}


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def built() -> dict[str, list[dict]]:
    return {name: tools.kustomize(ROOT / "k8s" / "overlays" / name) for name in OVERLAYS}


@pytest.fixture
def manifests(built, overlay) -> list[dict]:
    return built[overlay]


def of_kind(manifests: list[dict], *kinds: str) -> dict[str, dict]:
    return {manifest["metadata"]["name"]: manifest for manifest in manifests if manifest["kind"] in kinds}


def containers(deployment: dict) -> list[dict]:
    pod = deployment["spec"]["template"]["spec"]
    return pod.get("initContainers", []) + pod["containers"]


def selects(selector: dict, labels: dict) -> bool:
    return bool(selector) and selector.items() <= labels.items()


def is_custom(manifest: dict) -> bool:
    group = manifest["apiVersion"].rpartition("/")[0]
    return ("." in group and not group.endswith("k8s.io")) or manifest["kind"] == "HTTPRoute"


def test_there_is_an_overlay_for_every_environment():
    assert OVERLAYS == ["dev", "production", "staging"]


def test_kubernetes_accepts_every_object(manifests):
    for manifest in manifests:
        if not is_custom(manifest):
            validate(json.dumps(manifest))


@functools.cache
def validate(manifest: str) -> None:
    """Once for all overlays in which it is the same, as most objects are."""
    kubernetes_validate.validate(json.loads(manifest), KUBERNETES, strict=True)


def test_the_operators_accept_every_custom_resource(manifests):
    custom = [manifest for manifest in manifests if is_custom(manifest)]
    strimzi = [manifest for manifest in custom if manifest["apiVersion"].startswith("kafka.strimzi.io/")]
    schemas = tools.custom_resource_schemas()

    for manifest in custom:
        if manifest not in strimzi:
            jsonschema.Draft202012Validator(schemas[manifest["apiVersion"], manifest["kind"]]).validate(manifest)

    assert strimzi
    assert tools.strimzi_findings(strimzi) == []


def test_the_checks_find_a_wrong_custom_resource():
    scaled = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "x"}}
    spec = {"scaleTargetRef": {"name": "x"}, "triggers": [{"type": "kafka", "metadata": {}}], "pollingIntervall": 5}
    topic = {"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": {"name": "x"}}

    schema = tools.custom_resource_schemas()["keda.sh/v1alpha1", "ScaledObject"]

    with pytest.raises(jsonschema.ValidationError, match="pollingIntervall"):
        jsonschema.Draft202012Validator(schema).validate(scaled | {"spec": spec})

    assert tools.strimzi_findings([topic | {"spec": {"partitions": "12"}}]) != []


def test_every_service_has_its_processes(manifests):
    deployments = of_kind(manifests, "Deployment")
    for service in SERVICES:
        kebab = service.replace("_", "-")
        pushes = (ROOT / "services" / service / "push.py").exists()
        expected = {f"{kebab}-web", f"{kebab}-worker"} | ({f"{kebab}-push"} if pushes else set())

        assert expected <= set(deployments)
        assert pushes or f"{kebab}-push" not in deployments
        for name in expected:
            assert containers(deployments[name])[0]["image"].split(":")[0].endswith(f"crm-{kebab}")


def test_every_pod_fits_the_restricted_security_standard(manifests):
    for name, deployment in of_kind(manifests, "Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 0, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(), name
        assert pod["automountServiceAccountToken"] is False, name
        assert {kind for volume in pod["volumes"] for kind in volume if kind != "name"} <= RESTRICTED_VOLUMES, name
        for container in containers(deployment):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert not any("hostPort" in port for port in container.get("ports", [])), name


def test_both_namespaces_enforce_the_restricted_standard(manifests):
    for namespace in of_kind(manifests, "Namespace").values():
        assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_every_container_has_probes_resources_and_time_to_leave(manifests):
    for name, deployment in of_kind(manifests, "Deployment").items():
        assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 45, name
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys(), name
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), name
            assert "memory" in container["resources"]["limits"], name
            assert "lifecycle" in container or name.endswith("-worker") or name == "oidc", name


def test_liveness_never_asks_for_a_dependency(manifests):
    for name, deployment in of_kind(manifests, "Deployment").items():
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            assert container["livenessProbe"].get("httpGet", {}).get("path") != "/readyz", name


def images(manifests: list[dict]) -> dict[str, str | None]:
    """Every image with its digest, or None."""
    found = {c["image"] for deployment in of_kind(manifests, "Deployment").values() for c in containers(deployment)}
    return {image: IMAGE.fullmatch(image)[2] for image in found}


def test_every_image_has_a_version(manifests):
    for image in images(manifests):
        _, tag, digest = IMAGE.fullmatch(image).group(0, 1, 2)
        assert tag or digest, image


def test_a_release_can_name_every_image_by_its_digest(built, tmp_path):
    pinned = images(tools.kustomize(tools.pinned(ROOT / "k8s" / "overlays" / "production", tmp_path)))

    assert len(pinned) == len(images(built["production"]))
    assert None not in pinned.values()


def test_production_refuses_images_without_a_digest(built):
    for name, manifests in built.items():
        bindings = of_kind(manifests, "ValidatingAdmissionPolicyBinding").values()
        policies = of_kind(manifests, "ValidatingAdmissionPolicy")
        refusing = [b["spec"]["policyName"] for b in bindings if b["spec"]["validationActions"] == ["Deny"]]

        assert refusing == (["crm-images-by-digest"] if name == "production" else [])
        assert list(policies) == refusing


def test_no_secret_is_written_into_a_manifest(manifests):
    assert "Secret" not in {manifest["kind"] for manifest in manifests}
    secret = re.compile(r"SECRET|PASSWORD|TOKEN$|API_KEY|MONGO_URI")
    for deployment in of_kind(manifests, "Deployment").values():
        for container in containers(deployment):
            assert not [
                entry for entry in container.get("env", []) if secret.search(entry["name"]) and "value" in entry
            ]
    for configuration in of_kind(manifests, "ConfigMap").values():
        assert not [name for name in configuration["data"] if secret.search(name)]


def test_every_setting_of_a_service_comes_from_somewhere(manifests):
    configurations = of_kind(manifests, "ConfigMap")
    for service in SERVICES:
        kebab = service.replace("_", "-")
        from_the_store = {"MONGO_URI": "a", "SWITCH_SECRET": "b"} if service == "telephony" else {"MONGO_URI": "a"}
        for name in (f"{kebab}-web", f"{kebab}-worker"):
            [container] = containers(of_kind(manifests, "Deployment")[name])
            sources = [source["configMapRef"]["name"] for source in container["envFrom"] if "configMapRef" in source]
            secrets = [source["secretRef"]["name"] for source in container["envFrom"] if "secretRef" in source]
            given = {key: value for source in sources for key, value in configurations[source]["data"].items()}

            assert secrets == [f"{kebab}-secrets"]
            assert settings_of(service, given | from_the_store).mongo_database == f"crm_{service}"


def test_every_reference_leads_somewhere(manifests):
    configurations, accounts = of_kind(manifests, "ConfigMap"), of_kind(manifests, "ServiceAccount")
    for name, deployment in of_kind(manifests, "Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        mounted = {volume["configMap"]["name"] for volume in pod["volumes"] if "configMap" in volume}
        sources = {
            source["configMapRef"]["name"]
            for container in containers(deployment)
            for source in container.get("envFrom", [])
            if "configMapRef" in source
        }
        assert mounted | sources <= set(configurations), name
        assert pod["serviceAccountName"] in accounts, name
        volumes = {volume["name"] for volume in pod["volumes"]}
        for container in containers(deployment):
            assert {mount["name"] for mount in container.get("volumeMounts", [])} <= volumes, name


def test_secrets_come_from_the_store_under_the_names_that_pods_use(built):
    for name in ("staging", "production"):
        external = set(of_kind(built[name], "ExternalSecret"))
        used = {
            source["secretRef"]["name"]
            for deployment in of_kind(built[name], "Deployment").values()
            for container in containers(deployment)
            for source in container.get("envFrom", [])
            if "secretRef" in source
        }
        keys = [s["spec"]["dataFrom"][0]["extract"]["key"] for s in of_kind(built[name], "ExternalSecret").values()]

        assert used == external
        assert len(set(keys)) == len(keys)
        assert "replaced-by-each-service" not in keys


def test_every_service_object_finds_pods_and_a_port(manifests):
    deployments = of_kind(manifests, "Deployment").values()
    for name, service in of_kind(manifests, "Service").items():
        found = [
            deployment
            for deployment in deployments
            if selects(service["spec"]["selector"], deployment["spec"]["template"]["metadata"]["labels"])
        ]
        ports = {port["name"] for deployment in found for c in containers(deployment) for port in c.get("ports", [])}

        assert [deployment["metadata"]["name"] for deployment in found] == [name]
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_the_gateway_reaches_every_address_that_it_names(manifests):
    services = of_kind(manifests, "Service")
    text = next(c for name, c in of_kind(manifests, "ConfigMap").items() if re.fullmatch("gateway-[0-9a-z]{10}", name))
    for cluster in yaml.safe_load(text["data"]["envoy.yaml"])["static_resources"]["clusters"]:
        address = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
        if address["address"] != "oidc":
            [port] = services[address["address"]]["spec"]["ports"]
            assert port["port"] == address["port_value"]


def test_envoy_accepts_the_file_with_the_overlays_addresses(manifests, tmp_path):
    settings = next(
        c["data"] for name, c in of_kind(manifests, "ConfigMap").items() if name.startswith("gateway-settings")
    )
    source, target = ROOT / "gateway" / "envoy.yaml", tmp_path / "envoy.yaml"
    script = ROOT / "k8s" / "base" / "gateway" / "render.sh"

    subprocess.run(["sh", script, source, target], env={"PATH": os.environ["PATH"], **settings}, check=True)
    secrets = {"OIDC_CLIENT_SECRET": "secret", "LOGIN_COOKIE_SECRET": "secret"}
    accepted = subprocess.run(
        [BIN / "envoy", "--mode", "validate", "-c", target], env=os.environ | secrets, capture_output=True, text=True
    )
    rendered = target.read_text()

    assert accepted.returncode == 0, accepted.stderr
    assert f"issuer: {settings['OIDC_ISSUER']}\n" in rendered
    assert f"authorization_endpoint: {settings['OIDC_AUTHORIZATION_URL']}\n" in rendered
    assert f"end_session_endpoint: {settings['OIDC_END_SESSION_URL']}\n" in rendered
    assert f"uri: {settings['OIDC_TOKEN_URL']}," in rendered
    assert f"uri: {settings['OIDC_JWKS_URL']}," in rendered
    assert f"{{address: {settings['OIDC_HOST']}, port_value: {settings['OIDC_PORT']}}}" in rendered
    assert f"xff_num_trusted_hops: {settings['TRUSTED_HOPS']}\n" in rendered
    assert settings["PUBLIC_URL"] == "http://127.0.0.1:8080" or "127.0.0.1:8080" not in rendered


def test_the_gateway_and_the_services_believe_the_same_issuer(manifests):
    configurations = of_kind(manifests, "ConfigMap")
    issuers = {c["data"]["OIDC_ISSUER"] for c in configurations.values() if "OIDC_ISSUER" in c["data"]}

    assert len(issuers) == 1


def test_whatever_scales_or_is_disrupted_exists(manifests):
    deployments = of_kind(manifests, "Deployment")
    scalers = of_kind(manifests, "HorizontalPodAutoscaler"), of_kind(manifests, "ScaledObject")
    scaled = {scaler["spec"]["scaleTargetRef"]["name"] for kind in scalers for scaler in kind.values()}

    assert scaled == set(deployments) - {"oidc"}
    for name in scaled:
        assert "replicas" not in deployments[name]["spec"], f"{name}: a fixed number fights the scaler at every apply"
    for service in SERVICES:
        kebab = service.replace("_", "-")
        assert {f"{kebab}-web"} <= set(scalers[0])
        assert {f"{kebab}-worker"} <= set(scalers[1])
    for name, budget in of_kind(manifests, "PodDisruptionBudget").items():
        labels = deployments[name]["spec"]["template"]["metadata"]["labels"]
        assert selects(budget["spec"]["selector"]["matchLabels"], labels)


def test_a_worker_scales_by_exactly_the_topics_that_it_reads(manifests):
    scaled = of_kind(manifests, "ScaledObject")
    partitions = {name: topic["spec"]["partitions"] for name, topic in of_kind(manifests, "KafkaTopic").items()}
    for service in SERVICES:
        kebab = service.replace("_", "-")
        spec = scaled[f"{kebab}-worker"]["spec"]
        read = importlib.import_module(f"services.{service}.consumers").TOPICS

        assert [trigger["metadata"]["topic"] for trigger in spec["triggers"]] == read
        assert {trigger["metadata"]["consumerGroup"] for trigger in spec["triggers"]} == {kebab}
        assert spec["maxReplicaCount"] <= max(partitions[topic] for topic in read)


def test_everyone_knows_kafka_by_the_same_address(manifests):
    settings = next(
        c["data"] for name, c in of_kind(manifests, "ConfigMap").items() if name.startswith("common-settings")
    )
    triggers = [t["metadata"] for s in of_kind(manifests, "ScaledObject").values() for t in s["spec"]["triggers"]]
    [cluster] = of_kind(manifests, "Kafka").values()
    [listener] = cluster["spec"]["kafka"]["listeners"]
    name, namespace = cluster["metadata"]["name"], cluster["metadata"]["namespace"]
    address = f"{name}-kafka-bootstrap.{namespace}.svc:{listener['port']}"

    assert {trigger["bootstrapServers"] for trigger in triggers} | {settings["KAFKA_BOOTSTRAP"]} == {address}


def test_strimzi_runs_the_kafka_version_of_the_local_stack(manifests):
    pom = (ROOT / "stack" / "kafka" / "pom.xml").read_text()
    [cluster] = of_kind(manifests, "Kafka").values()

    version = cluster["spec"]["kafka"]["version"]

    assert version == re.search(r"kafka_2\.13</artifactId>\s*<version>([^<]+)", pom)[1]
    assert cluster["spec"]["kafka"]["metadataVersion"].split("-")[0] == version.rpartition(".")[0]


def test_the_topics_are_those_of_the_contract(manifests):
    written = (ROOT / "k8s" / "kafka" / "topics.yaml").read_text()

    assert written == kafka_topics.manifests(), "Run: python -m k8s.kafka.topics"
    assert set(of_kind(manifests, "KafkaTopic")) == {topic["metadata"]["name"] for topic in yaml.safe_load_all(written)}


def test_nothing_may_talk_unless_a_policy_says_so(manifests):
    policies = [manifest for manifest in manifests if manifest["kind"] == "NetworkPolicy"]
    for namespace in of_kind(manifests, "Namespace"):
        [deny] = [
            p for p in policies if (p["metadata"]["namespace"], p["metadata"]["name"]) == (namespace, "default-deny")
        ]
        assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for policy in policies:
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, []):
                assert rule.get(peers) or policy["metadata"]["name"] == "topic-operator", policy["metadata"]["name"]


def test_only_workers_reach_kafka(manifests):
    allowed = [
        policy["metadata"]["name"]
        for policy in manifests
        if policy["kind"] == "NetworkPolicy" and policy["metadata"]["namespace"] == "crm"
        for rule in policy["spec"].get("egress", [])
        if any(port["port"] == 9092 for port in rule["ports"])
    ]

    assert allowed == ["workers"]


def test_kafka_lets_in_nobody_but_the_workers_and_what_scales_them(manifests):
    """Strimzi writes a policy for each listener, for all when the listener names no peers. Policies add up."""
    [cluster] = of_kind(manifests, "Kafka").values()
    ours = [p for p in manifests if p["kind"] == "NetworkPolicy" and p["metadata"]["namespace"] == "crm-kafka"]
    reaching = {
        policy["metadata"]["name"]
        for policy in ours
        for rule in policy["spec"].get("ingress", [])
        if not rule.get("ports") or 9092 in [port["port"] for port in rule["ports"]]
    }
    workers = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "crm"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/component": "worker"}},
    }
    keda = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}}

    for listener in cluster["spec"]["kafka"]["listeners"]:
        assert listener["networkPolicyPeers"] == [workers, keda]
    assert reaching == {"within-the-cluster", "strimzi"}


def test_two_brokers_never_share_a_node(manifests):
    [pool] = of_kind(manifests, "KafkaNodePool").values()
    pod = pool["spec"]["template"]["pod"]
    [apart] = pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]

    assert apart["topologyKey"] == "kubernetes.io/hostname"
    assert apart["labelSelector"]["matchLabels"] == {"strimzi.io/pool-name": pool["metadata"]["name"]}


def test_a_development_cluster_fits_on_a_small_machine(built):
    """Two cores and four gibibytes of requests, of which MongoDB needs a part too."""
    requests = [
        container["resources"]["requests"]
        for deployment in of_kind(built["dev"], "Deployment").values()
        for container in containers(deployment)
    ]
    requests += [pool["spec"]["resources"]["requests"] for pool in of_kind(built["dev"], "KafkaNodePool").values()]

    assert sum(millicores(one["cpu"]) for one in requests) <= 1000
    assert sum(mebibytes(one["memory"]) for one in requests) <= 3 * 1024


def millicores(text: str) -> int:
    return int(text[:-1]) if text.endswith("m") else int(text) * 1000


def mebibytes(text: str) -> int:
    return int(text[:-2]) * {"Mi": 1, "Gi": 1024}[text[-2:]]


def test_a_development_cluster_claims_no_host_name(built):
    assert of_kind(built["dev"], "HTTPRoute") == {}
    assert (
        len({of_kind(built[name], "HTTPRoute")["crm"]["spec"]["hostnames"][0] for name in ("staging", "production")})
        == 2
    )


def test_a_rolling_update_never_takes_the_last_pod(manifests):
    for name, deployment in of_kind(manifests, "Deployment").items():
        if name != "oidc":
            assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0, name


def test_the_pods_of_a_process_are_spread_over_zones_and_nodes(manifests):
    for name, deployment in of_kind(manifests, "Deployment").items():
        if name == "oidc":
            continue
        template = deployment["spec"]["template"]
        constraints = template["spec"]["topologySpreadConstraints"]
        keys = {constraint["topologyKey"] for constraint in constraints}

        assert keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, name
        for constraint in constraints:
            assert selects(constraint["labelSelector"]["matchLabels"], template["metadata"]["labels"]), name


def test_prometheus_scrapes_every_process_of_a_service(manifests):
    [monitor] = of_kind(manifests, "ServiceMonitor").values()
    [wanted] = monitor["spec"]["selector"]["matchExpressions"]
    scraped = {
        name
        for name, service in of_kind(manifests, "Service").items()
        if selects(monitor["spec"]["selector"]["matchLabels"], service["metadata"]["labels"])
        and service["metadata"]["labels"].get(wanted["key"]) in wanted["values"]
    }

    assert scraped == {name for name in of_kind(manifests, "Deployment") if name not in ("web", "gateway", "oidc")}
