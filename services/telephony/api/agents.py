"""Agents over HTTP: the supervisor's list, and the agent's own desk."""

from flask import Blueprint, Response, current_app

from services.telephony.api import views
from services.telephony.api.roles import CALL_TAKERS, SUPERVISORS
from services.telephony.api.schemas import SetState
from services.telephony.commands import agents as commands
from services.telephony.commands import routing
from services.telephony.domain.agent import STATES, Agent
from services.telephony.repositories import agents
from shared import http, limits
from shared.auth import principal, requires

blueprint = Blueprint("agents", __name__)


@blueprint.get("/v1/agents")
@requires(SUPERVISORS)
@limits.query("state", *limits.PAGE)
def list_agents() -> Response:
    limit, cursor = http.page_args()
    state = http.choice_arg("state", STATES)
    rows, following = agents.page({"state": state} if state else {}, limit=limit, cursor=cursor)
    return http.answer({"items": [views.agent(agent) for agent in rows], "next": following})


@blueprint.get("/v1/agents/me")
@requires(CALL_TAKERS)
def get_own_desk() -> Response:
    return _desk_answer(_own())


@blueprint.put("/v1/agents/me/state")
@requires(CALL_TAKERS)
def set_own_state() -> Response:
    # The first time there is nothing yet that If-Match could name.
    expected = http.require_if_match() if _own().version else http.if_match()
    body = http.json_body(SetState())
    commands.choose_state(principal(), body["state"], body["reason"], expected=expected)
    routing.offer_waiting_calls(current_app.extensions["settings"].offer_seconds)
    return _desk_answer(_own())


def _own() -> Agent:
    caller = principal()
    return agents.find(caller.id) or Agent(id=caller.id, version=0, name=caller.name)


def _desk_answer(agent: Agent) -> Response:
    return http.answer(views.desk(agent), version=agent.version)
