"""The views as they should be, recomputed from the owners' databases, and how the real ones differ from them."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import orjson
from pymongo import MongoClient

import services.customer.events as customer_events
import services.sales.events as sales_events
import services.service_desk.events as ticket_events
import services.telephony.events as call_events
from services.customer.domain.customer import Customer
from services.sales.domain.lead import Lead
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.order import Order
from services.service_desk.domain.ticket import Ticket
from services.telephony.domain.call import Call
from shared import aggregates, clock
from shared.events import Announcement, Event
from tests.support import oracle

OWNED = [
    ("crm_customer", "customers", Customer, customer_events.customer_changed),
    ("crm_sales", "leads", Lead, sales_events.lead_received),
    ("crm_sales", "opportunities", Opportunity, sales_events.opportunity_changed),
    ("crm_sales", "orders", Order, sales_events.order_placed),
    ("crm_service_desk", "tickets", Ticket, ticket_events.ticket_changed),
    ("crm_telephony", "calls", Call, call_events.call_received),
]


def differences(client: MongoClient) -> list[str]:
    """Every way in which reporting's views differ from the owners' records; empty when they agree."""
    views = {view["_id"]: view for view in client["crm_reporting"]["views"].find()}
    return oracle.differences_of_records(views, _latest(client)) + list(_missing_or_doubled_entries(client))


def unpublished(client: MongoClient) -> int:
    return sum(
        client[database][name].count_documents({"_pending": {"$exists": True}}) for database, name, _, _ in OWNED
    )


def _latest(client: MongoClient) -> Iterator[Event]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for database, collection, cls, announce in OWNED:
        for document in client[database][collection].find({}, aggregates.PUBLIC):
            announced: Announcement = announce(aggregates.from_document(cls, document))
            version = document["version"]
            yield Event(
                id=f"{announced.subject}:{version}",
                type=announced.type,
                source="recomputed",
                subject=announced.subject,
                time=at,
                version=version,
                data=_as_json(announced.data),
                customer_id=announced.customer_id,
            )


def _as_json(data: dict) -> dict:
    return orjson.loads(orjson.dumps(data, default=clock.to_json, option=orjson.OPT_PASSTHROUGH_DATETIME))


def _missing_or_doubled_entries(client: MongoClient) -> Iterator[str]:
    """Each version of each record is on the timeline (its id makes an entry unique), and each touch is one interaction."""
    timeline = client["crm_reporting"]["timeline"]
    seen: dict[str, set[int]] = {}
    for row in timeline.find({"kind": {"$in": list(oracle.BLOCKS)}}, {"subject": 1, "version": 1}):
        seen.setdefault(row["subject"], set()).add(row["version"])
    for database, collection, _, _ in OWNED[1:]:
        for document in client[database][collection].find({}, {"version": 1}):
            versions = seen.get(document["_id"], set())
            if versions != set(range(1, document["version"] + 1)):
                yield f"{collection} {document['_id']}: versions {sorted(versions)} of {document['version']}"
    touches = Counter(row["subject"] for row in timeline.find({"kind": "interaction"}, {"subject": 1}))
    for call in client["crm_telephony"]["calls"].find({"customer_id": {"$ne": None}}, {"interaction_id": 1}):
        if touches[call["interaction_id"]] != 1:
            yield f"call {call['_id']}: {touches[call['interaction_id']]} interactions"
