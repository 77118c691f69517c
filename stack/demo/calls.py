"""Demo calls, told by a switch after the fact: through the signed endpoint that every switch adapter uses."""

import hashlib
import hmac
import time
from dataclasses import dataclass

from stack.demo.catalogue import CALL_NOTES
from stack.demo.world import Known, World, in_parallel

CALLS = 60
LINE = "+862161234567"
AGENTS = ("caller.sun", "caller.okafor")
DISPOSITIONS = ("answered-question", "ticket-opened", "call-back", "order-taken", "other")
UNKNOWN_CALLERS = 6


@dataclass(frozen=True)
class Plan:
    """`talk_s` is 0 for a call that nobody answered."""

    number: int
    direction: str
    phone: str
    known: Known | None
    hours_ago: float
    wait_s: int
    talk_s: int


def load_calls(world: World) -> int:
    plans = [_plan(world, number) for number in range(CALLS)]
    calls = in_parallel(lambda plan: _call(world, plan), plans)
    world.calls = [(call, plan.known) for call, plan in zip(calls, plans, strict=True) if plan.known and plan.talk_s]
    return len(calls)


def _plan(world: World, number: int) -> Plan:
    known = None if number < UNKNOWN_CALLERS else world.chance.choice(world.customers)
    phone = known.person.phone if known else f"+44113496{600 + number:04}"
    answered = number % 5 != 4
    return Plan(
        number=number,
        direction="outbound" if number % 6 == 5 else "inbound",
        phone=phone,
        known=known,
        hours_ago=0.5 + 21 * 24 * world.chance.random() ** 2,
        wait_s=world.chance.randint(4, 90),
        talk_s=world.chance.randint(40, 900) if answered else 0,
    )


def _call(world: World, plan: Plan) -> str:
    """The end is told first, so that a call of last week is never offered to somebody who is at work now."""
    agent = AGENTS[plan.number % len(AGENTS)]
    if not plan.talk_s:
        call = _tell(world, plan, "abandoned", after_s=plan.wait_s)
        _tell(world, plan, "ringing", after_s=0)
        return call
    call = _tell(world, plan, "answered", after_s=plan.wait_s, agent=agent)
    _tell(world, plan, "ringing", after_s=0, agent=agent)
    _tell(world, plan, "hung_up", after_s=plan.wait_s + plan.talk_s, agent=agent)
    language = plan.known.person.language if plan.known else "en"
    body = {
        "disposition": DISPOSITIONS[plan.number % len(DISPOSITIONS)],
        "note": CALL_NOTES[language][plan.number % len(CALL_NOTES["zh"])],
    }
    world.api.post(f"telephony/v1/calls/{call}/wrap-up", body, as_=agent, key=world.key("wrap-up", plan.number))
    return call


def _tell(world: World, plan: Plan, event: str, *, after_s: int, agent: str | None = None) -> str:
    caller, called = (plan.phone, LINE) if plan.direction == "inbound" else (LINE, plan.phone)
    body = {
        "switch_call_id": world.key("call", plan.number), "event": event, "from": caller, "to": called,
        "direction": plan.direction, "at": world.ago(hours=plan.hours_ago, seconds=-after_s), "agent_id": agent,
    }  # fmt: skip
    answer = world.api.post_signed("telephony/v1/calls", body, sign=lambda sent: _signature(world.switch_secret, sent))
    return answer["call"]["id"]


def _signature(secret: str, body: bytes) -> dict[str, str]:
    now = int(time.time())
    digest = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Switch-Signature": f"t={now},v1={digest}"}
