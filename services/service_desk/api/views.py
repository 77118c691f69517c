"""How tickets and policies look in an answer: stored documents in, JSON objects out."""

from datetime import datetime

ROW_FIELDS = (
    "version",
    "number",
    "subject",
    "type",
    "priority",
    "status",
    "channel",
    "assignee",
    "order_id",
    "product_id",
    "call_id",
    "opened_at",
    "opened_by",
    "updated_at",
    "first_response_due_at",
    "first_responded_at",
    "resolution_due_at",
    "clock_stopped_at",
    "resolved_at",
    "closed_at",
    "reopened_count",
    "due_at",
)
POLICY_FIELDS = ("version", "name", "rank", "types", "tiers", "calendar", "targets")


def ticket_row(document: dict, customers: dict[str, dict], *, now: datetime) -> dict:
    """`customers` are the known customers by id."""
    contact = document["contact"]
    return (
        {"id": document["_id"]}
        | {name: document[name] for name in ROW_FIELDS}
        | {
            # Tickets that were stored before it was kept who changed them do not say it.
            "updated_by": document.get("updated_by"),
            "customer": _customer(document["customer_id"], customers),
            "contact_name": contact["full_name"] if contact else None,
            "sla_policy_id": document["policy"]["id"],
            "overdue": document["due_at"] is not None and document["due_at"] < now,
        }
    )


def ticket(document: dict, customers: dict[str, dict], *, now: datetime) -> dict:
    return ticket_row(document, customers, now=now) | {
        name: document[name] for name in ("description", "contact", "entries")
    }


def sla_policy(document: dict) -> dict:
    return {"id": document["_id"]} | {name: document[name] for name in POLICY_FIELDS}


def _customer(customer_id: str | None, customers: dict[str, dict]) -> dict | None:
    if customer_id is None:
        return None
    known = customers.get(customer_id, {})
    return {"id": customer_id, "name": known.get("name"), "tier": known.get("tier")}
