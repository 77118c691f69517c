"""Kafka out: on crm.customer the whole customer, on crm.interaction that a touch took place, without its text."""

from services.customer.domain.customer import Customer
from services.customer.domain.interaction import Interaction
from shared import events
from shared.events import Announcement, Event

CUSTOMER_TOPIC = "crm.customer"
INTERACTION_TOPIC = "crm.interaction"


def customer_registered(customer: Customer, *, cause: Event | None = None) -> Announcement:
    return _announce("customer.customer.registered", customer, cause=cause)


def customer_changed(customer: Customer) -> Announcement:
    return _announce("customer.customer.changed", customer)


def customer_matched(customer: Customer, *, cause: Event) -> Announcement:
    return _announce("customer.customer.matched", customer, cause=cause)


def customer_point_confirmed(customer: Customer) -> Announcement:
    return _announce("customer.customer.point-confirmed", customer)


def customer_point_refused(customer: Customer) -> Announcement:
    return _announce("customer.customer.point-refused", customer)


def customer_identity_linked(customer: Customer) -> Announcement:
    return _announce("customer.customer.identity-linked", customer)


def customer_identity_unlinked(customer: Customer) -> Announcement:
    return _announce("customer.customer.identity-unlinked", customer)


def interaction_logged(interaction: Interaction) -> Announcement:
    return events.announce(
        "customer.interaction.logged",
        topic=INTERACTION_TOPIC,
        subject=interaction.id,
        customer_id=interaction.customer_id,
        data={
            "interaction_id": interaction.id,
            "customer_id": interaction.customer_id,
            "channel": interaction.channel,
            "direction": interaction.direction,
            "occurred_at": interaction.occurred_at,
            "duration_s": interaction.duration_s,
            "staff_id": interaction.staff_id,
        },
    )


def _announce(type: str, customer: Customer, *, cause: Event | None = None) -> Announcement:
    return events.announce(
        type, topic=CUSTOMER_TOPIC, subject=customer.id, customer_id=customer.id, data=_state(customer), cause=cause
    )


def _state(customer: Customer) -> dict:
    """Notes are for the staff who read the customer here; they do not travel. What is unverified does not either, so
    that no service can take it for the customer's.
    """
    return {
        "kind": customer.kind,
        "display_name": customer.display_name,
        "given_name": customer.given_name,
        "family_name": customer.family_name,
        "company_name": customer.company_name,
        "employer_name": customer.employer_name,
        "company_id": customer.company_id,
        "phones": [
            {"number": phone.number, "label": phone.label, "extension": phone.extension} for phone in customer.phones
        ],
        "emails": [{"address": email.address, "label": email.label} for email in customer.emails],
        "addresses": [
            {
                "label": address.label,
                "street": address.street,
                "city": address.city,
                "region": address.region,
                "postal_code": address.postal_code,
                "country": address.country,
            }
            for address in customer.addresses
        ],
        "tier": customer.tier,
        "tags": customer.tags,
        "language": customer.language,
        "status": customer.status,
        "identities": [
            {
                "source": identity.source,
                "id": identity.id,
                "evidence": identity.evidence,
                "linked_at": identity.linked_at,
                "linked_by": identity.linked_by,
            }
            for identity in customer.identities
        ],
        "recent_intake": [{"source": ref.source, "id": ref.id} for ref in customer.recent_intake],
        "possible_duplicate_of": customer.possible_duplicate_of,
        "created_at": customer.created_at,
    }
