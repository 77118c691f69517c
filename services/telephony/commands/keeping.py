"""Saving a call's next state together with its agent's, inside the transaction of the command."""

from datetime import datetime

from services.telephony import events
from services.telephony.domain import call as domain
from services.telephony.domain.agent import RUNG
from services.telephony.domain.call import Call
from services.telephony.repositories import agents, calls
from shared import clock
from shared.events import Announcement, Event
from shared.text import phones

FACTS = {
    domain.QUEUED: events.call_queued,
    domain.OFFERED: events.call_offered,
    domain.ENDED: events.call_ended,
    domain.ABANDONED: events.call_abandoned,
    domain.WRAPPED_UP: events.call_wrapped_up,
}


def keep_new(call: Call) -> Call:
    """Raises Duplicate when the switch's call is already known."""
    facts = _facts(None, call)
    # Behind a short or internal number, which is kept as it was shown, is nobody whom we could call or know again.
    if call.match == domain.UNKNOWN and phones.is_e164(call.customer_number or ""):
        facts.append(events.intake_received(call))
    call, facts = _with_interaction(call, facts, None)
    kept = calls.insert(call, announce=facts)
    _move_agents(None, kept)
    return kept


def keep(before: Call, after: Call, *, announce: list[Announcement] | None = None, cause: Event | None = None) -> Call:
    """Save the change with the facts that follow from it; an unchanged call is left alone."""
    if after == before:
        return before
    facts = _facts(before, after) if announce is None else announce
    after, facts = _with_interaction(after, facts, cause)
    kept = calls.save(after, announce=facts)
    _move_agents(before, kept)
    return kept


def _facts(before: Call | None, after: Call) -> list[Announcement]:
    """All that came to be true: one report of the switch may tell two facts, such as a late answer of a call that is over."""
    facts = []
    if before is None or after.received_at != before.received_at:
        facts.append(events.call_received(after))
    if after.answered_at is not None and (before is None or before.answered_at is None):
        facts.append(events.call_answered(after))
    if (before is None or after.status != before.status) and after.status in FACTS:
        facts.append(FACTS[after.status](after))
    return facts


def _with_interaction(call: Call, facts: list[Announcement], cause: Event | None) -> tuple[Call, list[Announcement]]:
    """A call that is over and whose customer is known is logged as a touch, once."""
    if not call.to_be_logged:
        return call, facts
    return call.log(), [*facts, events.interaction_logged(call, cause=cause)]


def _move_agents(before: Call | None, call: Call) -> None:
    """Every change of a call also saves its agent, because the agent's screen follows the agent's document."""
    at = clock.now()
    holder = agents.find_with_call(call.id)
    if holder is not None and call.agent_id not in (None, holder.id):
        # It was offered to one and answered by another.
        agents.save(holder.release(at=at))
        holder = None
    if holder is not None:
        agents.save(holder.follow(call.status, at=at))
    elif _begins_without_offer(before, call):
        _take(call, at)


def _begins_without_offer(before: Call | None, call: Call) -> bool:
    """True for an outbound call, an answer that nobody was asked for or that came just after the offer ran out."""
    if call.agent_id is None or call.status not in (domain.DIALING, *domain.TALKING, domain.ENDED):
        return False
    return before is None or (before.status, before.agent_id) != (call.status, call.agent_id)


def _take(call: Call, at: datetime) -> None:
    agent = agents.find(call.agent_id)
    if agent is not None and agent.state == RUNG:
        # On the phone already, so what rings there has to ring elsewhere.
        ringing = calls.get(agent.call_id)
        agent = agents.save(agent.release(at=at))
        keep(ringing, ringing.requeue())
    if agent is not None and agent.is_present:
        agents.save(agent.take(call.id, call.status, at=at))
