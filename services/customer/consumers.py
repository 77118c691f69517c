"""Kafka in: contacts that another service cannot name are matched to a customer or registered."""

import logging
from collections.abc import Callable

from services.customer import commands
from services.customer.domain.customer import IntakeRef
from services.customer.domain.intake import Intake
from shared.events import Event
from shared.text import countries, emails, names, phones

logger = logging.getLogger(__name__)

TOPICS = ["crm.intake"]


def intake_received(events: list[Event]) -> None:
    commands.answer_intake([(intake, event) for event in events if (intake := read_intake(event)) is not None])


def read_intake(event: Event) -> Intake | None:
    """The publisher has read e-mail and phone by our rules, but perhaps by those of an older version.

    None when it says only what nobody can be known by, such as a short number and a dash for a name.
    """
    data = event.data
    said = {
        "full_name": names.read(data["full_name"]),
        "company_name": names.read(data["company_name"]),
        "email": _read(emails.read, data["email"]),
        "phone": _read(lambda text: phones.read(text, countries.here()).e164, data["phone"]),
    }
    if any(data[name] for name in said) and not any(said.values()):
        logger.warning("intake_says_nobody", extra={"event_id": event.id})
        return None
    return Intake(
        ref=IntakeRef(data["source"]["source"], data["source"]["id"]),
        **said,
        phone_extension=data.get("phone_extension"),
        partner_id=data.get("partner_id"),
    )


def _read(rule: Callable[[str], str], text: str | None) -> str | None:
    try:
        return rule(text) if text else None
    except ValueError:
        return None


HANDLERS = {
    "sales.intake.received": intake_received,
    "service-desk.intake.received": intake_received,
    "telephony.intake.received": intake_received,
}
