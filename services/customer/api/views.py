"""How customers and interactions look in an answer: stored documents in, JSON objects out."""

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
LATER_FIELDS = {"registered_from": None, "unverified": [], "possible_duplicate_of": []}
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


def interaction(document: dict) -> dict:
    return {"id": document["_id"]} | {name: document[name] for name in INTERACTION_FIELDS}
