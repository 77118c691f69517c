"""Demo tickets in all statuses: fresh ones and old ones, some of them overdue."""

from dataclasses import dataclass
from typing import Any

from stack.demo.catalogue import ANSWERS, NOTES, REPLIES, RESOLUTIONS, TICKETS
from stack.demo.people import Person
from stack.demo.world import World, in_parallel

TICKETS_WANTED = 70
STRANGERS = 8
AGENTS = ("agent.zhao", "agent.novak")
CHANNELS = ("email", "web", "chat", "sms", "letter", "social", "email", "visit")
PRIORITIES = ("normal", "normal", "high", "low", "urgent", "normal")
# What has been done with a ticket, in this order; "take" gives it to an agent.
STORIES = (
    (),
    ("take",),
    ("take", "reply"),
    ("take", "reply", "message"),
    ("take", "note", "reply", "message", "resolve"),
    ("take", "reply", "resolve", "close"),
    ("take", "reply", "resolve", "reopen"),
    ("take", "reply-open", "note"),
    ("take", "reply", "message", "reply", "resolve", "close"),
    ("take", "reply", "resolve"),
)


@dataclass(frozen=True)
class Plan:
    number: int
    language: str
    body: dict[str, Any]
    story: tuple[str, ...]


def load_tickets(world: World, strangers: list[Person]) -> int:
    plans = [_plan(world, number, strangers) for number in range(TICKETS_WANTED)]
    in_parallel(lambda plan: _tell(world, plan), plans)
    return len(plans)


def _plan(world: World, number: int, strangers: list[Person]) -> Plan:
    chance = world.chance
    body: dict[str, Any] = {
        "channel": CHANNELS[number % len(CHANNELS)],
        "priority": PRIORITIES[number % len(PRIORITIES)],
    }
    if number < STRANGERS:
        person = strangers[number]
        body["contact"] = {"full_name": person.full_name, "company_name": person.company, "email": person.email}
    elif number % 5 == 0:
        call_id, known = world.calls[number % len(world.calls)]
        person, body["customer_id"] = known.person, known.customer_id
        body |= {"channel": "call", "call_id": call_id}
    else:
        known = chance.choice(world.customers)
        person, body["customer_id"] = known.person, known.customer_id
    type, subject, description = TICKETS[person.language][number % len(TICKETS["zh"])]
    if type in ("order-problem", "dispute") and "customer_id" in body:
        order = world.orders[number % len(world.orders)]
        body |= {"customer_id": order["customer_id"], "order_id": order["id"]}
        body.pop("call_id", None)
    hours = 0.2 + 5 * chance.random() if number % 3 else 24 + 24 * 30 * chance.random()
    body |= {"type": type, "subject": subject, "description": description, "occurred_at": world.ago(hours=hours)}
    return Plan(number, person.language, body, STORIES[number % len(STORIES)])


def _tell(world: World, plan: Plan) -> None:
    opener = "caller.sun" if plan.body["channel"] == "call" else AGENTS[plan.number % len(AGENTS)]
    ticket = world.api.post("service-desk/v1/tickets", plan.body, as_=opener, key=world.key("ticket", plan.number))
    agent = AGENTS[plan.number % len(AGENTS)]
    for place, step in enumerate(plan.story):
        path, body = _step(step, plan, agent)
        key = world.key("ticket", plan.number, place)
        world.api.post(f"service-desk/v1/tickets/{ticket['id']}/{path}", body, as_=agent, key=key)


def _step(step: str, plan: Plan, agent: str) -> tuple[str, dict[str, Any] | None]:
    """The path and the body of a step."""

    def one_of(texts: list[str]) -> str:
        return texts[plan.number % len(texts)]

    reply = {"text": one_of(REPLIES[plan.language]), "channel": "email"}
    return {
        "take": ("assign", {"assignee": agent}),
        "reply": ("reply", reply),
        "reply-open": ("reply", reply | {"next_status": "open"}),
        "message": ("messages", {"text": one_of(ANSWERS[plan.language]), "channel": "email"}),
        "note": ("note", {"text": one_of(NOTES)}),
        "resolve": ("resolve", {"resolution": one_of(RESOLUTIONS[plan.language])}),
        "reopen": ("reopen", {"reason": one_of(NOTES)}),
        "close": ("close", None),
    }[step]
