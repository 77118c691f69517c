"""The alarms ring when they should, and alarms and dashboard speak of metrics that the services really have."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from shared import metrics
from tests.support import tools

MONITORING = Path(__file__).parents[2] / "k8s" / "monitoring"
SUFFIXES = ("", "_total", "_bucket", "_count", "_sum")


@pytest.fixture
def rules(tmp_path) -> Path:
    """The rules as Prometheus itself reads them, out of the Kubernetes object, with their tests beside them."""
    groups = yaml.safe_load((MONITORING / "rules.yaml").read_text())["spec"]
    (tmp_path / "rules.groups.yaml").write_text(yaml.safe_dump(groups, sort_keys=False))
    shutil.copy(MONITORING / "rules.test.yaml", tmp_path)
    return tmp_path


def groups() -> list[dict]:
    return yaml.safe_load((MONITORING / "rules.yaml").read_text())["spec"]["groups"]


def alarms() -> list[dict]:
    return [rule for group in groups() for rule in group["rules"] if "alert" in rule]


def recorded() -> set[str]:
    return {rule["record"] for group in groups() for rule in group["rules"] if "record" in rule}


def dashboard() -> dict:
    return json.loads((MONITORING / "dashboard.json").read_text())


def dashboard_expressions() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", [])]


def existing_metrics() -> set[str]:
    described = {family.name for family in REGISTRY.collect() if family.name.startswith("crm_")}
    return {name + suffix for name in described for suffix in SUFFIXES}


def test_promtool_accepts_the_rules(rules):
    checked = tools.run("promtool", "check", "rules", rules / "rules.groups.yaml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alarm_rings_when_it_should_and_is_silent_otherwise(rules):
    tested = tools.run("promtool", "test", "rules", rules / "rules.test.yaml")

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alarm_has_a_test():
    tests = yaml.safe_load((MONITORING / "rules.test.yaml").read_text())["tests"]
    ringing = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case["exp_alerts"]}

    assert ringing == {alarm["alert"] for alarm in alarms()}


def test_every_alarm_says_how_bad_it_is_and_what_to_do():
    for alarm in alarms():
        assert alarm["labels"]["severity"] in ("warning", "critical"), alarm["alert"]
        assert {"summary", "description"} <= alarm["annotations"].keys(), alarm["alert"]


def test_alarms_and_dashboard_use_metrics_that_exist():
    expressions = [rule["expr"] for group in groups() for rule in group["rules"]] + dashboard_expressions()
    used = {name for expression in expressions for name in re.findall(r"\bcrm_[a-z_]+", expression)}
    used_records = {name for expression in expressions for name in re.findall(r"\bcrm:[a-z_:0-9]+", expression)}

    assert used <= existing_metrics()
    assert used_records <= recorded()


def test_the_log_lines_that_alarms_name_are_written_by_the_code():
    source = "".join(path.read_text() for path in (Path(metrics.__file__).parent).glob("*.py"))
    named = {name for alarm in alarms() for name in re.findall(r"`([a-z_]+)`", alarm["annotations"]["description"])}

    assert named
    assert {name for name in named if f'"{name}"' not in source} == set()


def test_every_expression_of_the_dashboard_is_valid_promql(rules):
    expressions = [expression.replace("$service", ".*") for expression in dashboard_expressions()]
    recording = [{"record": f"dashboard:{number}", "expr": expr} for number, expr in enumerate(expressions)]
    (rules / "dashboard.yaml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recording}]}))

    checked = tools.run("promtool", "check", "rules", rules / "dashboard.yaml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dashboard_shows_every_metric_of_the_services():
    rules = {rule["record"]: rule["expr"] for group in groups() for rule in group["rules"] if "record" in rule}
    shown = " ".join([*dashboard_expressions(), *rules.values()])

    for family in REGISTRY.collect():
        if family.name.startswith("crm_"):
            assert family.name in shown, family.name


def test_the_panels_of_the_dashboard_have_ids_of_their_own_and_do_not_overlap():
    panels = dashboard()["panels"]
    covered = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(set(covered)) == len(covered)
    assert max(x for x, _ in covered) < 24
