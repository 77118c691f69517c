"""How calls, agents and the queue look in an answer."""

from collections.abc import Iterable
from datetime import datetime

from services.telephony.domain import agent as agent_domain
from services.telephony.domain import call as call_domain
from services.telephony.domain.agent import Agent
from services.telephony.domain.call import Call
from services.telephony.repositories import calls, customers


def call_rows(rows: list[Call]) -> list[dict]:
    """With the names that this service knows."""
    wanted = [id for call in rows for id in (call.customer_id, *call.candidates) if id]
    names = customers.names(wanted) if wanted else {}
    return [_call(call, names) for call in rows]


def one_call(call: Call) -> dict:
    return call_rows([call])[0]


def switch_call(call: Call) -> dict:
    return {"id": call.id, "version": call.version, "switch_call_id": call.switch_call_id, "status": call.status}


def agent(agent: Agent) -> dict:
    return {
        "id": agent.id,
        "version": agent.version,
        "name": agent.name,
        "state": agent.state,
        "reason": agent.reason,
        "state_since": agent.state_since,
        "idle_since": agent.idle_since,
        "call_id": agent.call_id,
    }


def desk(owner: Agent) -> dict:
    """What the agent's screen shows: the agent, and the call that is offered, running or to be wrapped up."""
    call = calls.find(owner.call_id) if owner.call_id else None
    return {"agent": agent(owner), "call": one_call(call) if call else None}


def queue(
    queue_id: str,
    *,
    at: datetime,
    calls_by_status: dict[str, int],
    longest: Call | None,
    agents_by_state: dict[str, int],
) -> dict:
    return {
        "id": queue_id,
        "at": at,
        "waiting": calls_by_status.get(call_domain.QUEUED, 0),
        "longest_wait_s": max(0, int((at - longest.received_at).total_seconds())) if longest else 0,
        "offered": calls_by_status.get(call_domain.OFFERED, 0),
        "in_conversation": sum(calls_by_status.get(status, 0) for status in call_domain.TALKING),
        "agents": {state: agents_by_state.get(state, 0) for state in agent_domain.STATES},
    }


def _call(call: Call, names: dict[str, str]) -> dict:
    return {
        "id": call.id,
        "version": call.version,
        "switch_call_id": call.switch_call_id,
        "direction": call.direction,
        "queue": call.queue,
        "status": call.status,
        "customer_number": call.customer_number,
        "line_number": call.line_number,
        "match": call.match,
        "customer": _customers([call.customer_id], names)[0] if call.customer_id else None,
        "candidates": _customers(call.candidates, names),
        "agent_id": call.agent_id,
        "received_at": call.received_at,
        "offered_at": call.offered_at,
        "offer_expires_at": call.offer_expires_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "wrapped_up_at": call.wrapped_up_at,
        "wait_s": call.wait_s,
        "talk_s": call.talk_s,
        "hold_s": call.hold_s,
        "offers": call.offers,
        "disposition": call.disposition,
        "note": call.note,
    }


def _customers(customer_ids: Iterable[str], names: dict[str, str]) -> list[dict]:
    return [{"customer_id": id, "name": names.get(id)} for id in customer_ids]
