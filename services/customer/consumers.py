"""Kafka in: contacts that another service cannot name are matched to a customer or registered."""

from services.customer import commands
from services.customer.domain.customer import IntakeRef
from services.customer.domain.intake import Intake
from shared.events import Event

TOPICS = ["crm.intake"]


def intake_received(events: list[Event]) -> None:
    commands.answer_intake([(_intake(event.data), event) for event in events])


def _intake(data: dict) -> Intake:
    """The publisher has normalised e-mail and phone; a blank name is none."""
    return Intake(
        ref=IntakeRef(data["source"]["source"], data["source"]["id"]),
        full_name=(data["full_name"] or "").strip() or None,
        company_name=(data["company_name"] or "").strip() or None,
        email=data["email"] or None,
        phone=data["phone"] or None,
        partner_id=data.get("partner_id"),
    )


HANDLERS = {
    "sales.intake.received": intake_received,
    "service-desk.intake.received": intake_received,
    "telephony.intake.received": intake_received,
}
