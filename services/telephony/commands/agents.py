"""What agents do to their own state."""

from dataclasses import replace

from services.telephony.domain.agent import Agent
from services.telephony.repositories import agents
from shared import clock, http
from shared.aggregates import Duplicate
from shared.auth import Principal
from shared.problems import Conflict


def choose_state(by: Principal, state: str, reason: str | None, *, expected: int | None) -> Agent:
    """Raises Conflict while the agent has a call, PreconditionFailed when `expected` is not the agent's version."""
    known = agents.find(by.id) or Agent(id=by.id, version=0, name=by.name)
    http.check_version(known, expected)
    chosen = known.choose(state, reason, name=by.name, at=clock.now())
    if chosen == known:
        return known
    if known.version:
        return agents.save(chosen)
    try:
        return agents.insert(replace(chosen, version=1))
    except Duplicate as other:
        raise Conflict(
            "You chose a state in another window. Read it again and retry.", code="changed-meanwhile"
        ) from other
