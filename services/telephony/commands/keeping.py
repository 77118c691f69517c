"""Saving a call's next state together with its agent's, inside the transaction of the command."""

from services.telephony import events
from services.telephony.domain import call as domain
from services.telephony.domain.call import Call
from services.telephony.repositories import agents, calls
from shared import clock
from shared.events import Announcement, Event

FACTS = {
    domain.QUEUED: events.call_queued,
    domain.OFFERED: events.call_offered,
    domain.ANSWERED: events.call_answered,
    domain.ENDED: events.call_ended,
    domain.ABANDONED: events.call_abandoned,
    domain.WRAPPED_UP: events.call_wrapped_up,
}


def keep_new(call: Call) -> Call:
    """Raises Duplicate when the switch's call is already known."""
    facts = [events.call_received(call)]
    if call.status in FACTS:
        facts.append(FACTS[call.status](call))
    if call.match == domain.UNKNOWN:
        facts.append(events.intake_received(call))
    call, facts = _with_interaction(call, facts, None)
    kept = calls.insert(call, announce=facts)
    _move_agent(kept)
    return kept


def keep(before: Call, after: Call, *, announce: list[Announcement] | None = None, cause: Event | None = None) -> Call:
    """Save the change with the facts that follow from it; an unchanged call is left alone."""
    if after == before:
        return before
    facts = _facts(before, after) if announce is None else announce
    after, facts = _with_interaction(after, facts, cause)
    kept = calls.save(after, announce=facts)
    _move_agent(kept)
    return kept


def _facts(before: Call, after: Call) -> list[Announcement]:
    facts = [events.call_received(after)] if after.received_at != before.received_at else []
    resting = after.status == before.status or (before.status in domain.TALKING and after.status in domain.TALKING)
    return facts if resting or after.status not in FACTS else [*facts, FACTS[after.status](after)]


def _with_interaction(call: Call, facts: list[Announcement], cause: Event | None) -> tuple[Call, list[Announcement]]:
    """A call that is over and whose customer is known is logged as a touch, once."""
    if not call.to_be_logged:
        return call, facts
    return call.log(), [*facts, events.interaction_logged(call, cause=cause)]


def _move_agent(call: Call) -> None:
    """Every change of a call also saves its agent, because the agent's screen follows the agent's document."""
    at = clock.now()
    agent = agents.find_with_call(call.id)
    if agent is not None:
        agents.save(agent.follow(call.status, at=at))
    elif call.agent_id is not None and call.status in (domain.DIALING, *domain.TALKING):
        # On the phone without an offer: an outbound call, or an answer that came just after the offer ran out.
        agent = agents.find(call.agent_id)
        if agent is not None and agent.is_present:
            agents.save(agent.dial(call.id, at=at))
