"""Documents as the API shows them."""

from typing import Any

from services.sales.commands.partner_leads import Row

LEAD = (
    "version",
    "status",
    "source",
    "partner_id",
    "external_id",
    "campaign_code",
    "full_name",
    "company_name",
    "email",
    "phone",
    "phone_extension",
    "interest",
    "owner_id",
    "customer_id",
    "opportunity_id",
    "disqualify_reason",
    "received_at",
    "matched_at",
    "qualified_at",
    "closed_at",
    "moves",
    "updated_at",
    "updated_by",
)
PARTNER_LEAD = (
    "external_id",
    "status",
    "full_name",
    "company_name",
    "email",
    "phone",
    "phone_extension",
    "interest",
    "campaign_code",
    "received_at",
    "updated_at",
)
OPPORTUNITY = (
    "version",
    "customer_id",
    "name",
    "stage",
    "amount",
    "lines",
    "expected_close_on",
    "engaged_on",
    "closed_on",
    "lost_reason",
    "source",
    "external_ref",
    "campaign_code",
    "partner_id",
    "lead_id",
    "owner_id",
    "history",
    "created_at",
    "updated_at",
    "updated_by",
)
ORDER = (
    "version",
    "number",
    "status",
    "customer_id",
    "opportunity_id",
    "campaign_code",
    "partner_id",
    "source",
    "owner_id",
    "lines",
    "total",
    "cancel_reason",
    "placed_at",
    "confirmed_at",
    "shipped_at",
    "completed_at",
    "cancelled_at",
    "updated_at",
    "updated_by",
)
PRODUCT = ("version", "sku", "name", "list_price", "active", "created_at", "updated_at", "updated_by")
PARTNER = ("version", "name", "rate", "default_country", "created_at")
PARTNER_KEY = ("version", "partner_id", "created_at", "created_by", "revoked_at")


def lead(document: dict, names: dict[str, str]) -> dict[str, Any]:
    # Leads that were stored before moves were kept have had none.
    return _view({"moves": []} | document, LEAD) | _customer_name(document, names)


def partner_lead(document: dict) -> dict[str, Any]:
    """What the partner may know: not who works on it, nor whose customer it is."""
    return _view(document, PARTNER_LEAD)


def partner_lead_row(row: int, result: Row) -> dict[str, Any]:
    return {
        "row": row,
        "external_id": result.external_id,
        "status": result.status,
        "lead": {"id": result.lead.id, "status": result.lead.status} if result.lead else None,
        "differences": result.differences,
        "errors": [{"field": error.field, "rule": error.rule, "message": error.message} for error in result.errors],
    }


def opportunity(document: dict, names: dict[str, str]) -> dict[str, Any]:
    return _view(document, OPPORTUNITY) | _customer_name(document, names)


def order(document: dict, names: dict[str, str]) -> dict[str, Any]:
    return _view(document, ORDER) | _customer_name(document, names)


def product(document: dict) -> dict[str, Any]:
    return _view(document, PRODUCT)


def partner(document: dict) -> dict[str, Any]:
    return _view(document, PARTNER)


def partner_key(document: dict) -> dict[str, Any]:
    return _view(document, PARTNER_KEY)


def _view(document: dict, fields: tuple[str, ...]) -> dict[str, Any]:
    view = {"id": document["_id"]}
    for name in fields:
        view[name] = document.get(name)  # a document of before may lack a field that was added
    return view


def _customer_name(document: dict, names: dict[str, str]) -> dict[str, str | None]:
    return {"customer_name": names.get(document["customer_id"])}
