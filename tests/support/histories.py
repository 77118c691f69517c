"""Seeded histories: what services would publish about some customers, as contract-valid events in a lifelike order."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import orjson

from shared import clock
from shared.events import Event

NAMES = ("王小明", "Lucia García", "Олена Шевченко", "李娜", "Anna Keller", "Chidi Okafor", "欧阳修文")
COMPANIES = ("浦江光学有限公司", "Keller & Söhne GmbH", "上海晨光贸易有限公司", "Northwind Optics")
CAMPAIGNS = ("SPRING-2027", "AUTUMN-2026", None)
CHANNELS = ("call", "visit", "fax", "letter", "email", "sms", "web", "social", "agent", "broker")
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

LEAD_STEPS = {"qualified": "qualified_at", "converted": "closed_at"}
ORDER_STEPS = ("confirmed", "shipped", "completed")
STAGES = ("qualification", "proposal", "negotiation")


@dataclass
class History:
    """`chance` decides everything, so the same seed makes the same events."""

    seed: int
    customers: int
    chance: random.Random = field(init=False)
    at: datetime = START

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.ids = [self.new_id() for _ in range(self.customers)]

    def new_id(self) -> str:
        """Sorts by the time of the history, as the ids of the suite do."""
        millis = int(self.at.timestamp() * 1000)
        return str(uuid.UUID(int=(millis << 80) | (0x7 << 76) | (0x2 << 62) | self.chance.getrandbits(60)))

    def events(self, records: int) -> list[Event]:
        """Events about this many records, besides customers and campaigns; interleaved as work is."""
        stories = [self._customer(id) for id in self.ids] + [self._campaign(code) for code in CAMPAIGNS if code]
        kinds = (self._lead, self._opportunity, self._order, self._ticket, self._call, self._interaction)
        for _ in range(records):
            story = self.chance.choice(kinds)
            self._pass(seconds=self.chance.randint(1, 900))
            stories.append(story(self.chance.choice(self.ids)))
        self.chance.shuffle(stories)
        told: list[Event] = []
        while stories:
            place = self.chance.randrange(min(len(stories), 40))
            event = next(stories[place], None)
            if event is None:
                stories[place] = stories[-1]
                stories.pop()
            else:
                told.append(event)
        return told

    def _pass(self, *, seconds: int) -> None:
        self.at += timedelta(seconds=seconds, milliseconds=self.chance.randrange(1000))

    def _event(self, type: str, topic: str, subject: str, version: int, data: dict, customer_id: str | None) -> Event:
        self._pass(seconds=self.chance.randint(0, 30))
        return Event(
            id=f"{subject}:{version}",
            type=type,
            source=f"/crm/{type.split('.')[0]}",
            subject=subject,
            time=clock.from_json(clock.to_json(self.at)),
            version=version,
            data=data,
            customer_id=customer_id,
            actor=self.chance.choice(("rep.li", "rep.garcia", "agent.zhao", "system")),
            topic=topic,
        )

    def _customer(self, id: str) -> Iterator[Event]:
        person = self.chance.random() < 0.6
        name = self.chance.choice(NAMES if person else COMPANIES)
        state = {
            "kind": "person" if person else "company",
            "display_name": name,
            "given_name": None,
            "family_name": None,
            "company_name": None if person else name,
            "employer_name": None,
            "company_id": None,
            "phones": [{"number": f"+86138{self.chance.randrange(10**8):08d}", "label": "mobile"}],
            "emails": [{"address": f"c{self.chance.randrange(10**6)}@example.cn", "label": "work"}],
            "addresses": [],
            "tier": None,
            "tags": [],
            "language": "zh",
            "status": "active",
            "identities": [],
            "recent_intake": [],
            "created_at": clock.to_json(self.at),
        }
        yield self._event("customer.customer.registered", "crm.customer", id, 1, state, id)
        for version in range(2, self.chance.randint(2, 4)):
            state = state | {"tier": self.chance.choice("ABC")}
            yield self._event("customer.customer.changed", "crm.customer", id, version, state, id)

    def _campaign(self, code: str) -> Iterator[Event]:
        id = self.new_id()
        state = {
            "campaign_id": id,
            "code": code,
            "status": "planned",
            "channels": ["email"],
            "starts_on": "2026-11-01",
            "ends_on": "2027-04-30",
            "budget": {"amount": 5_000_000, "currency": "CNY"},
            "owner": "marketer.chen",
            "cost": {"amount": 0, "currency": "CNY"},
            "cost_by_category": {},
            "cost_lines": 0,
            "created_at": clock.to_json(self.at),
            "started_at": None,
            "finished_at": None,
        }
        yield self._event("marketing.campaign.planned", "crm.campaign", id, 1, state, None)
        state = state | {"status": "running", "started_at": clock.to_json(self.at)}
        yield self._event("marketing.campaign.started", "crm.campaign", id, 2, state, None)

    def _lead(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        state = {
            "lead_id": id,
            "status": "new",
            "source": "partner",
            "partner_id": "eastgate",
            "campaign_code": self.chance.choice(CAMPAIGNS),
            "owner_id": None,
            "customer_id": None,
            "opportunity_id": None,
            "disqualify_reason": None,
            "received_at": clock.to_json(self.at),
            "matched_at": None,
            "qualified_at": None,
            "closed_at": None,
            "updated_at": clock.to_json(self.at),
        }
        yield self._event("sales.lead.received", "crm.lead", id, 1, state, None)
        state = state | {"customer_id": customer_id, "matched_at": clock.to_json(self.at)}
        yield self._event("sales.lead.matched", "crm.lead", id, 2, state, customer_id)
        version = 3
        while self.chance.random() < 0.2:
            former, customer_id = customer_id, self.chance.choice(self.ids)
            state = state | {"customer_id": customer_id}
            yield from self._handed_over("sales.lead.reassigned", "crm.lead", id, version, state, former)
            version += 1
        for step, (status, moment) in enumerate(list(LEAD_STEPS.items())[: self.chance.randint(0, 2)], start=version):
            state = state | {"status": status, "owner_id": "rep.li", moment: clock.to_json(self.at)}
            yield self._event(f"sales.lead.{status}", "crm.lead", id, step, state, customer_id)

    def _handed_over(self, type: str, topic: str, id: str, version: int, state: dict, former: str) -> Iterator[Event]:
        """Under the key of the customer who has it now, and of the one who has lost it."""
        yield self._event(type, topic, id, version, state, state["customer_id"])
        if former != state["customer_id"]:
            yield replace(self._event(type, topic, id, version, state, former), id=f"{id}:{version}:1")

    def _opportunity(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        state = {
            "opportunity_id": id,
            "customer_id": customer_id,
            "stage": "prospecting",
            "amount": self._money(),
            "lines": [],
            "expected_close_on": "2027-03-31",
            "engaged_on": "2026-11-02",
            "closed_on": None,
            "lost_reason": None,
            "source": "partner",
            "campaign_code": self.chance.choice(CAMPAIGNS),
            "partner_id": None,
            "lead_id": None,
            "owner_id": "rep.garcia",
            "stage_since": clock.to_json(self.at),
            "created_at": clock.to_json(self.at),
            "updated_at": clock.to_json(self.at),
        }
        yield self._event("sales.opportunity.opened", "crm.opportunity", id, 1, state, customer_id)
        steps = self.chance.randint(0, 3)
        for version, stage in enumerate(STAGES[:steps], start=2):
            state = state | {"stage": stage}
            yield self._event("sales.opportunity.moved", "crm.opportunity", id, version, state, customer_id)
        if steps == len(STAGES):
            yield from self._closings(id, 5, state, customer_id)

    def _closings(self, id: str, version: int, state: dict, customer_id: str) -> Iterator[Event]:
        """Won or lost, and now and then reopened, changed and closed once more."""
        while True:
            stage = "won" if self.chance.random() < 0.7 else "lost"
            reason = None if stage == "won" else "price"
            state = state | {"stage": stage, "closed_on": self.at.date().isoformat(), "lost_reason": reason}
            yield self._event(f"sales.opportunity.{stage}", "crm.opportunity", id, version, state, customer_id)
            if self.chance.random() < 0.6:
                return
            state = state | {"stage": "negotiation", "closed_on": None, "lost_reason": None}
            told = state | {"reopened_from": stage}
            yield self._event("sales.opportunity.reopened", "crm.opportunity", id, version + 1, told, customer_id)
            if self.chance.random() < 0.3:
                return
            state = state | {"amount": self._money()}
            yield self._event("sales.opportunity.changed", "crm.opportunity", id, version + 2, state, customer_id)
            version += 3

    def _order(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        line = {"product_id": "p-1", "sku": "GTX-PRO", "quantity": 1, "unit_price": self._money()}
        state = {
            "order_id": id,
            "number": f"SO-2026-{self.chance.randrange(10**6):06d}",
            "status": "placed",
            "customer_id": customer_id,
            "opportunity_id": None,
            "campaign_code": self.chance.choice(CAMPAIGNS),
            "partner_id": None,
            "source": "direct",
            "owner_id": "rep.li",
            "lines": [line],
            "total": line["unit_price"],
            "cancel_reason": None,
            "placed_at": clock.to_json(self.at),
            "confirmed_at": None,
            "shipped_at": None,
            "completed_at": None,
            "cancelled_at": None,
            "updated_at": clock.to_json(self.at),
        }
        yield self._event("sales.order.placed", "crm.order", id, 1, state, customer_id)
        for version, status in enumerate(ORDER_STEPS[: self.chance.randint(0, 3)], start=2):
            state = state | {"status": status, f"{status}_at": clock.to_json(self.at)}
            yield self._event(f"sales.order.{status}", "crm.order", id, version, state, customer_id)
            if self.chance.random() < 0.1:
                now = clock.to_json(self.at)
                state = state | {"status": "cancelled", "cancel_reason": "payment", "cancelled_at": now}
                yield self._event("sales.order.cancelled", "crm.order", id, version + 1, state, customer_id)
                return

    def _ticket(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        # Some are entered from paper, weeks later.
        now = clock.to_json(self.at - timedelta(days=self.chance.choice((0, 0, 0, 40))))
        state = {
            "ticket_id": id,
            "number": f"T-2026-{self.chance.randrange(10**6):06d}",
            "customer_id": customer_id,
            "status": "open",
            "type": "defect",
            "priority": "high",
            "assignee": None,
            "channel": "email",
            "order_id": None,
            "product_id": None,
            "call_id": None,
            "opened_at": now,
            "opened_by": "caller.sun",
            "updated_at": now,
            "sla_policy_id": "around-the-clock",
            "first_response_due_at": now,
            "first_responded_at": None,
            "resolution_due_at": now,
            "clock_stopped_at": None,
            "resolved_at": None,
            "closed_at": None,
            "reopened_count": 0,
        }
        yield self._event("service-desk.ticket.opened", "crm.ticket", id, 1, state, customer_id)
        steps = (("assigned", "open"), ("replied", "pending"), ("resolved", "resolved"), ("reopened", "open"))
        for version, (fact, status) in enumerate(steps[: self.chance.randint(0, 4)], start=2):
            resolved_at = clock.to_json(self.at) if status == "resolved" else None
            state = state | {"status": status, "assignee": "agent.zhao", "resolved_at": resolved_at}
            yield self._event(f"service-desk.ticket.{fact}", "crm.ticket", id, version, state, customer_id)

    def _call(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        now = clock.to_json(self.at)
        known = self.chance.random() < 0.7
        inbound = self.chance.random() < 0.8
        state = {
            "call_id": id,
            "direction": "inbound" if inbound else "outbound",
            "queue": "main",
            "status": "queued" if inbound else "dialing",
            "match": "known" if known else "unknown",
            "customer_id": customer_id if known else None,
            "agent_id": None,
            "received_at": now,
            "offered_at": None,
            "answered_at": None,
            "ended_at": None,
            "wrapped_up_at": None,
            "wait_s": None,
            "talk_s": None,
            "hold_s": 0,
            "offers": 0,
            "disposition": None,
        }
        yield self._event("telephony.call.received", "crm.call", id, 1, state, state["customer_id"])
        state = state | {"customer_id": customer_id}
        if self.chance.random() < 0.2:
            state = state | {"status": "abandoned", "ended_at": now, "wait_s": 40}
            yield self._event("telephony.call.abandoned", "crm.call", id, 2, state, customer_id)
            return
        state = state | {"status": "answered", "agent_id": "caller.sun", "answered_at": now, "wait_s": 12}
        yield self._event("telephony.call.answered", "crm.call", id, 2, state, customer_id)
        version = 3
        if self.chance.random() < 0.2:
            former, customer_id = customer_id, self.chance.choice(self.ids)
            state = state | {"customer_id": customer_id}
            yield from self._handed_over("telephony.call.identified", "crm.call", id, version, state, former)
            version = 4
        state = state | {"status": "ended", "ended_at": now, "talk_s": self.chance.randrange(600)}
        yield self._event("telephony.call.ended", "crm.call", id, version, state, customer_id)

    def _interaction(self, customer_id: str) -> Iterator[Event]:
        id = self.new_id()
        data = {
            "interaction_id": id,
            "customer_id": customer_id,
            "channel": self.chance.choice(CHANNELS),
            "direction": self.chance.choice(("in", "out")),
            "occurred_at": clock.to_json(self.at - timedelta(hours=self.chance.randrange(48))),
            "duration_s": self.chance.choice((None, 300)),
            "staff_id": "rep.li",
        }
        yield self._event("customer.interaction.logged", "crm.interaction", id, 1, data, customer_id)

    def _money(self) -> dict:
        return {"amount": self.chance.randrange(100, 1_000_000), "currency": self.chance.choice(("CNY", "CNY", "EUR"))}


def encoded(event: Event) -> tuple[bytes, bytes]:
    """Key and value of the record on its topic."""
    body = {
        "specversion": "1.0",
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": clock.to_json(event.time),
        "datacontenttype": "application/json",
        "version": event.version,
        "actor": event.actor,
        "data": event.data,
    } | ({"customerid": event.customer_id} if event.customer_id else {})
    return (event.customer_id or event.subject).encode(), orjson.dumps(body)


def partitioned(event: Event, partitions: int) -> Event:
    """The event as read from the partition of its key; any stable spread will do."""
    key = event.customer_id or event.subject
    return replace(event, partition=sum(key.encode()) % partitions)
