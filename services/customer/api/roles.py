"""Who may read and who may write customers; nobody is limited to own records: a customer belongs to the company."""

from shared.auth import STAFF

READERS = {role: "all" for role in STAFF}
WRITERS = {
    role: "all" for role in ("rep", "sales-manager", "marketer", "service-agent", "call-agent", "supervisor", "admin")
}
# An import finds the customers that it knows, and registers and links the others.
IMPORTERS = {"importer": "all"}
