"""Service policies over HTTP: list, read and change."""

from flask import Blueprint, Response

from services.service_desk import commands
from services.service_desk.api import views
from services.service_desk.api.roles import POLICY_OWNERS, READERS
from services.service_desk.api.schemas import ChangeSlaPolicy
from services.service_desk.domain.sla import SlaPolicy
from services.service_desk.repositories import sla_policies
from shared import aggregates, http
from shared.auth import requires

blueprint = Blueprint("sla_policies", __name__)


@blueprint.get("/v1/sla-policies")
@requires(READERS)
def list_sla_policies() -> Response:
    rows = [views.sla_policy(aggregates.to_document(policy)) for policy in sla_policies.all_policies()]
    return http.answer({"items": rows, "next": None})


@blueprint.get("/v1/sla-policies/<policy_id>")
@requires(READERS)
def get_sla_policy(policy_id: str) -> Response:
    return _answer(sla_policies.get(policy_id))


@blueprint.put("/v1/sla-policies/<policy_id>")
@requires(POLICY_OWNERS)
def change_sla_policy(policy_id: str) -> Response:
    expected = http.require_if_match()
    return _answer(commands.change_sla_policy(policy_id, http.json_body(ChangeSlaPolicy()), expected=expected))


def _answer(policy: SlaPolicy) -> Response:
    return http.answer(views.sla_policy(aggregates.to_document(policy)), version=policy.version)
