"""Kafka in: customers give tickets their names and tiers, and answer the intake of people who were not known."""

from services.service_desk import commands
from services.service_desk.events import INTAKE_SOURCE
from services.service_desk.repositories import customers
from services.service_desk.repositories.customers import Customer
from shared.events import Event

TOPICS = ["crm.customer"]


def customer_changed(events: list[Event]) -> None:
    customers.keep_newest(
        Customer(event.subject, event.version, event.data["display_name"], event.data["tier"]) for event in events
    )
    commands.match_tickets(
        {
            intake["id"]: event
            for event in events
            for intake in event.data["recent_intake"]
            if intake["source"] == INTAKE_SOURCE
        }
    )


HANDLERS = {
    "customer.customer.registered": customer_changed,
    "customer.customer.matched": customer_changed,
    "customer.customer.changed": customer_changed,
    "customer.customer.point-confirmed": customer_changed,
    "customer.customer.point-refused": customer_changed,
    "customer.customer.identity-linked": customer_changed,
    "customer.customer.identity-unlinked": customer_changed,
}
