"""Kafka in: names and numbers of customers, and who an unknown caller turned out to be."""

from services.telephony.commands import calls
from services.telephony.events import INTAKE_SOURCE
from services.telephony.repositories import customers
from shared.events import Event

TOPICS = ["crm.customer"]


def customer_changed(events: list[Event]) -> None:
    customers.keep_newest([_customer(event) for event in events])
    for event in events:
        recognised = [intake["id"] for intake in event.data["recent_intake"] if intake["source"] == INTAKE_SOURCE]
        if recognised:
            calls.match_calls(event.subject, recognised, cause=event)


def _customer(event: Event) -> dict:
    return {
        "_id": event.subject,
        "version": event.version,
        "name": event.data["display_name"],
        "phones": sorted({customers.line(phone["number"], phone.get("extension")) for phone in event.data["phones"]}),
    }


HANDLERS = {
    "customer.customer.registered": customer_changed,
    "customer.customer.changed": customer_changed,
    "customer.customer.matched": customer_changed,
    "customer.customer.point-confirmed": customer_changed,
    "customer.customer.point-refused": customer_changed,
    "customer.customer.identity-linked": customer_changed,
    "customer.customer.identity-unlinked": customer_changed,
}
