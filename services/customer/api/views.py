"""How customers, their changes and interactions look in an answer: stored documents in, JSON objects out."""

CUSTOMER_FIELDS = (
    "version",
    "kind",
    "display_name",
    "given_name",
    "family_name",
    "company_name",
    "employer_name",
    "company_id",
    "phones",
    "emails",
    "addresses",
    "tier",
    "tags",
    "language",
    "notes",
    "status",
    "identities",
    "created_at",
    "updated_at",
)
# Customers who were stored before these fields were kept have none of them.
LATER_FIELDS = {"updated_by": None, "registered_from": None, "unverified": [], "possible_duplicate_of": []}
INTERACTION_FIELDS = (
    "version",
    "customer_id",
    "channel",
    "direction",
    "subject",
    "body",
    "occurred_at",
    "duration_s",
    "staff_id",
    "logged_at",
)


def customer(document: dict) -> dict:
    later = {name: document.get(name, none) for name, none in LATER_FIELDS.items()}
    return {"id": document["_id"]} | {name: document[name] for name in CUSTOMER_FIELDS} | later


def change(document: dict) -> dict:
    """Of the fields those that the customer's own record shows."""
    changed = [
        field for field in document["fields"] if field["name"] in CUSTOMER_FIELDS or field["name"] in LATER_FIELDS
    ]
    return {name: document[name] for name in ("version", "at", "by", "request_id", "causes")} | {
        "fields": [{"name": one["name"], "from": one["before"], "to": one["after"]} for one in changed]
    }


def interaction(document: dict) -> dict:
    return {"id": document["_id"]} | {name: document[name] for name in INTERACTION_FIELDS}
