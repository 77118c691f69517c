"""Demo leads: what partners send, who gets it, and what becomes of it."""

from typing import Any

from stack.client import Refused
from stack.demo.catalogue import CAMPAIGNS, INTERESTS, PARTNERS
from stack.demo.people import Person
from stack.demo.world import REPS, World, in_parallel, wait_until

LEADS = 120
ASSIGNED, QUALIFIED, CONVERTED = 95, 58, 26
REASONS = ("no-budget", "no-need", "not-reachable", "duplicate", "competitor", "other")
CODES = tuple(code for code, *_, step in CAMPAIGNS if step != "plan")


def load_leads(world: World, strangers: list[Person]) -> list[dict[str, Any]]:
    """120 leads of three partners: of `strangers`, and of customers who are known already. Answers them as stored."""
    known = [customer.person for customer in world.customers]
    authors = strangers + [known[number % len(known)] for number in range(LEADS - len(strangers))]
    world.chance.shuffle(authors)
    names = [person.full_name for person in strangers]
    bodies = [
        _as_told(number, _lead(world, number, person), names) if person in known else _lead(world, number, person)
        for number, person in enumerate(authors)
    ]
    for place, partner in enumerate(PARTNERS):
        _send(world, partner["id"], bodies[place :: len(PARTNERS)])
    wanted = {body["external_id"] for body in bodies}
    return sorted(
        (lead for lead in _all_leads(world) if lead["external_id"] in wanted), key=lambda lead: lead["external_id"]
    )


def work_on_leads(world: World, leads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Assign, qualify and disqualify; answers the qualified ones."""

    def work(numbered: tuple[int, dict[str, Any]]) -> dict[str, Any] | None:
        number, lead = numbered
        path, owner = f"sales/v1/leads/{lead['id']}", REPS[number % len(REPS)]
        body = {"owner_id": owner}
        lead = world.api.post(f"{path}/assign", body, as_="manager.wang", key=world.key("assign", number))
        if number < QUALIFIED:
            return world.api.post(f"{path}/qualify", as_=owner, key=world.key("qualify", number))
        if number % 3 == 0:
            body = {"reason": REASONS[number % len(REASONS)]}
            world.api.post(f"{path}/disqualify", body, as_=owner, key=world.key("disqualify", number))
        return None

    return [lead for lead in in_parallel(work, enumerate(leads[:ASSIGNED])) if lead]


def wait_for_customers(world: World, leads: list[dict[str, Any]]) -> int:
    """The customer service has matched or registered everybody."""
    wanted = {lead["id"] for lead in leads}

    def all_matched() -> bool:
        return all(lead["customer_id"] for lead in _all_leads(world) if lead["id"] in wanted)

    wait_until(all_matched, "the customer service answers the leads")
    return len(wanted)


def convert_leads(world: World, leads: list[dict[str, Any]]) -> list[str]:
    """`leads` are the qualified ones; answers the ids of the opportunities."""

    def convert(numbered: tuple[int, dict[str, Any]]) -> str:
        number, lead = numbered
        body = {
            "lines": [{"sku": ("CC-40", "PBX-L", "PBX-S", "REC-1")[number % 4], "quantity": 1 + number % 3}],
            "expected_close_on": world.day(10 + number * 3),
        }
        path = f"sales/v1/leads/{lead['id']}/convert"
        owner = REPS[number % len(REPS)]
        return world.api.post(path, body, as_=owner, key=world.key("convert", number))["opportunity"]["id"]

    return in_parallel(convert, enumerate(leads[:CONVERTED]))


def _lead(world: World, number: int, person: Person) -> dict[str, Any]:
    return {
        "external_id": f"D{world.seed}-{number:04}",
        "full_name": person.full_name,
        "company_name": person.company,
        "email": person.email,
        "phone": person.phone,
        "interest": world.chance.choice(INTERESTS[person.language]),
        "campaign_code": world.chance.choice(CODES) if world.chance.random() < 0.7 else None,
    }


def _as_told(number: int, body: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What staff then have to decide: a customer's lead with another phone, or a colleague's from the same one."""
    if number % 7 == 0:
        return body | {"full_name": names[number % len(names)], "company_name": None, "email": None}
    return body | {"phone": f"+44113496{800 + number:04}"} if number % 3 == 0 else body


def _send(world: World, partner_id: str, bodies: list[dict[str, Any]]) -> None:
    here = {lead["external_id"] for lead in _all_leads(world, partner_id=partner_id)}
    missing = [body for body in bodies if body["external_id"] not in here]
    if not missing:
        return
    key = world.api.post(f"sales/v1/partners/{partner_id}/keys", as_="admin.root")["key"]
    answer = world.api.post_signed(
        f"sales/v1/partners/{partner_id}/leads/batch", {"leads": missing}, sign=lambda _: {"X-Api-Key": key}
    )
    if answer["invalid"]:
        wrong = next(row for row in answer["results"] if row["errors"])
        raise Refused(f"the lead {wrong['external_id']}", 422, {"errors": wrong["errors"]})


def _all_leads(world: World, **query: str) -> list[dict[str, Any]]:
    return list(world.api.every("sales/v1/leads", as_="manager.wang", **query))
