"""The queue: who gets the next call, and what happens when nobody answers."""

from datetime import datetime, timedelta

from services.telephony.commands.keeping import keep
from services.telephony.domain import call as domain
from services.telephony.domain.call import Call
from services.telephony.repositories import agents, calls
from shared import clock, mongo

AT_ONCE = 200


def offer_waiting_calls(offer_seconds: float) -> None:
    """Bring the longest waiting callers and the longest idle agents together until one side runs out."""
    for _ in range(AT_ONCE):
        if not agents.any_available() or _offer_next(offer_seconds) is None:
            return


@mongo.transactional
def _offer_next(offer_seconds: float) -> Call | None:
    """One transaction for call and agent: both are changed or none, also when this process dies in the middle."""
    at = clock.now()
    call = calls.find_longest_waiting()
    if call is None:
        return None
    agent = agents.claim_longest_idle(call.id, at=at)
    if agent is None:
        return None
    return keep(call, call.offer(agent.id, at=at, seconds=offer_seconds))


def expire_offers(offer_seconds: float) -> None:
    """Calls whose agent did not answer in time wait again, at their old place; the agent goes on a break."""
    for call_id in calls.ids_of_expired_offers(clock.now(), limit=AT_ONCE):
        _expire_offer(call_id)
    offer_waiting_calls(offer_seconds)


@mongo.transactional
def _expire_offer(call_id: str) -> None:
    at = clock.now()
    call = calls.get(call_id)
    if call.status != domain.OFFERED or call.offer_expires_at is None or call.offer_expires_at > at:
        return
    agent = agents.find_with_call(call_id)
    if agent is not None:
        agents.save(agent.miss(at=at))
    keep(call, call.requeue())


def settle_closing_calls(settle_seconds: float) -> None:
    """Calls that ended on the switch without a report of an answer, and none has come since: abandoned."""
    for call_id in calls.ids_closing_since(clock.now() - timedelta(seconds=settle_seconds), limit=AT_ONCE):
        _settle(call_id)


@mongo.transactional
def _settle(call_id: str) -> None:
    call = calls.get(call_id)
    keep(call, call.settle())


def give_up_forgotten_calls(queue_limit_seconds: float) -> None:
    """Calls of which the switch has told nothing for so long: it forgot to tell us their end."""
    silent_since = clock.now() - timedelta(seconds=queue_limit_seconds)
    for call_id in calls.ids_ringing_since(silent_since, limit=AT_ONCE):
        _give_up(call_id, silent_since)


@mongo.transactional
def _give_up(call_id: str, silent_since: datetime) -> None:
    call = calls.get(call_id)
    # An agent may have got the call since it was looked up, or the switch have told of it again.
    if call.waiting and call.heard_at <= silent_since:
        keep(call, call.give_up(at=clock.now()))
