"""Demo customers: companies, their people, what other systems call them, and contacts that were logged."""

from stack.demo.catalogue import TOUCHES
from stack.demo.people import Person
from stack.demo.world import REPS, Known, World, in_parallel

TAGS = ("key-account", "newsletter", "training", "pilot")
CHANNELS = ("call", "visit", "fax", "letter", "email", "sms", "web", "social", "chat", "agent", "broker")
STAFF = (*REPS, "agent.zhao", "agent.novak")
INTERACTIONS = 180
# One customer under the numbers that three other systems have given.
WELL_KNOWN = (("accounting", "245"), ("service", "8879"), ("web", "98786"))


def load_companies(world: World, owners: list[Person]) -> list[Known]:
    def create(numbered: tuple[int, Person]) -> Known:
        number, person = numbered
        body = {
            "kind": "company", "company_name": person.company, "language": person.language, "tier": "ABBC"[number % 4],
            "phones": [{"number": person.phone, "label": "work"}], "addresses": [person.address],
            "tags": [TAGS[number % len(TAGS)]],
        }  # fmt: skip
        return _create(world, person, body, f"company-{number}")

    return in_parallel(create, enumerate(owners))


def load_people(world: World, people: list[Person], companies: list[Known]) -> list[Known]:
    tiers = world.chance.choices(["A", "B", "C", None], [15, 30, 40, 15], k=len(people))

    def create(numbered: tuple[int, Person]) -> Known:
        number, person = numbered
        body = {
            "kind": "person", "given_name": person.given_name, "family_name": person.family_name,
            "language": person.language, "tier": tiers[number],
            "phones": [{"number": person.phone, "label": "mobile"}],
            "emails": [{"address": person.email, "label": "work"}], "addresses": [person.address],
        }  # fmt: skip
        if number < 2 * len(companies):
            body["company_id"] = companies[number % len(companies)].customer_id
        else:
            body["employer_name"] = person.company
        if number % 20 == 10:
            # Two people share the phone of their office: the caller has to be chosen.
            body["phones"].append({"number": people[number - 1].phone, "label": "work"})
        return _create(world, person, body, f"person-{number}")

    return in_parallel(create, enumerate(people))


def load_identities(world: World, known: list[Known]) -> int:
    # A pair of source and id belongs to one customer, so only the usual seed has the well-known ones.
    links = [(source, id, known[0]) for source, id in WELL_KNOWN] if world.seed == 1 else []
    for number, customer in enumerate(known[1:45]):
        links.append(("accounting", f"{world.seed}{number + 300:04}", customer))
        if number % 3 == 0:
            links.append(("wechat", f"wx_{world.seed}_{number:03}", customer))

    def link(numbered: tuple[int, tuple[str, str, Known]]) -> None:
        number, (source, id, customer) = numbered
        body = {
            "source": source, "id": id, "customer_id": customer.customer_id,
            "evidence": "Number on the signed contract 合同上的客户编号",
        }  # fmt: skip
        world.api.post("customer/v1/identities/link", body, as_="rep.li", key=world.key("link", number))

    in_parallel(link, enumerate(links))
    return len(links)


def load_interactions(world: World) -> int:
    planned = [
        (number, world.chance.choice(world.customers), world.chance.choice(CHANNELS), world.chance.random())
        for number in range(INTERACTIONS)
    ]

    def log(plan: tuple[int, Known, str, float]) -> None:
        number, known, channel, when = plan
        subject, body = TOUCHES[known.person.language][number % len(TOUCHES["zh"])]
        spoken = channel in ("call", "visit")
        interaction = {
            "customer_id": known.customer_id, "channel": channel, "direction": "in" if number % 3 else "out",
            "subject": subject, "body": body, "occurred_at": world.ago(days=60 * when**2, minutes=5),
            "duration_s": 120 + number * 7 % 1500 if spoken else None,
        }  # fmt: skip
        staff = STAFF[number % len(STAFF)]
        world.api.post("customer/v1/interactions", interaction, as_=staff, key=world.key("interaction", number))

    in_parallel(log, planned)
    return INTERACTIONS


def _create(world: World, person: Person, body: dict, name: str) -> Known:
    created = world.api.post("customer/v1/customers", body, as_="rep.li", key=world.key(name))
    return Known(person, created["id"])
