"""What the switch, the agents and the customer service do to a call."""

from services.telephony import events
from services.telephony.commands import routing
from services.telephony.commands.keeping import keep, keep_new
from services.telephony.domain.call import INBOUND, Call, Told, first_ring
from services.telephony.repositories import calls, customers
from shared import clock, http, ids, mongo
from shared.aggregates import Duplicate
from shared.auth import Principal
from shared.events import Event
from shared.problems import Forbidden
from shared.text import countries, phones

QUEUE = "main"


def record_switch_event(
    told: Told,
    *,
    switch_call_id: str,
    direction: str,
    caller: str | None,
    called: str | None,
    offer_seconds: float,
) -> tuple[Call, bool]:
    """Create or continue the switch's call; answers the call and whether it is new."""
    known = calls.find_by_switch_call_id(switch_call_id)
    changed = created = False
    if known is None:
        try:
            call = _receive(told, switch_call_id, direction, caller=_shown(caller), called=_shown(called))
            changed = created = True
        except Duplicate as other:
            if other.index != calls.SWITCH_CALL_ID:
                raise
            known = calls.find_by_switch_call_id(switch_call_id)
    if known is not None:
        call, changed = _continue(known.id, told)
    if changed:
        routing.offer_waiting_calls(offer_seconds)
        call = calls.get(call.id)
    return call, created


def _shown(number: str | None) -> str | None:
    return phones.shown(number, countries.default())


@mongo.transactional
def _receive(told: Told, switch_call_id: str, direction: str, *, caller: str | None, called: str | None) -> Call:
    number, line = (caller, called) if direction == INBOUND else (called, caller)
    return keep_new(
        first_ring(
            id=ids.new_id(),
            interaction_id=ids.new_id(),
            switch_call_id=switch_call_id,
            direction=direction,
            queue=QUEUE,
            customer_number=number,
            line_number=line,
            customer_ids=customers.ids_with_phone(number),
            switchboard_ids=customers.ids_behind(number),
            told=told,
        )
    )


@mongo.transactional
def _continue(call_id: str, told: Told) -> tuple[Call, bool]:
    call = calls.get(call_id)
    heard = keep(call, call.hear(told))
    if heard is call and call.heard_again(told):
        calls.hear_again(call_id, told.heard_at)
    return heard, heard.version != call.version


@mongo.transactional
def answer_call(call_id: str, *, by: Principal, expected: int | None) -> Call:
    """Raises Conflict unless the call is offered to this agent."""
    call = _load(call_id, expected)
    return keep(call, call.answer(by.id, at=clock.now()))


@mongo.transactional
def hang_up_call(call_id: str, *, by: Principal, expected: int | None) -> Call:
    """Raises Conflict while the call still rings, Forbidden for another agent's call."""
    call = _load_own(call_id, by, expected)
    return keep(call, call.hang_up(at=clock.now()))


@mongo.transactional
def wrap_up_call(call_id: str, disposition: str, note: str | None, *, by: Principal, expected: int | None) -> Call:
    """Raises Conflict unless the conversation is over. The agent is then free for the next call."""
    call = _load_own(call_id, by, expected)
    return keep(call, call.wrap_up(disposition, note, at=clock.now()))


@mongo.transactional
def identify_call(call_id: str, customer_id: str, *, by: Principal, expected: int | None) -> Call:
    """Raises Conflict for an unknown customer, or when the call is already in a customer's history."""
    customers.require(customer_id)
    call = _load_own(call_id, by, expected)
    identified = call.identify(customer_id)
    told = [events.call_identified(identified)]
    if call.customer_id not in (None, customer_id):
        told.append(events.call_left(identified, call.customer_id))
    return keep(call, identified, announce=told)


def match_calls(customer_id: str, call_ids: list[str], *, cause: Event) -> None:
    """The customer service has recognised these callers. Runs inside the batch's transaction."""
    for call in calls.find_unmatched(call_ids):
        matched = call.match_with(customer_id)
        keep(call, matched, announce=[events.call_matched(matched, cause=cause)], cause=cause)


def _load(call_id: str, expected: int | None) -> Call:
    call = calls.get(call_id)
    http.check_version(call, expected)
    return call


def _load_own(call_id: str, by: Principal, expected: int | None) -> Call:
    call = _load(call_id, expected)
    if by.scope == "own" and call.agent_id != by.id:
        raise Forbidden("This call is not yours. Ask its agent or a supervisor.", code="not-your-call")
    return call
