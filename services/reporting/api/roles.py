"""Who may read what. Of a customer: the table READERS, which the 360-degree view, the timeline and the stream obey."""

from shared.auth import STAFF

EVERYONE = dict.fromkeys(STAFF, "all")
DASHBOARDS = dict.fromkeys(
    ("executive", "analyst", "sales-manager", "supervisor", "marketer", "admin", "operator"), "all"
)
FRESHNESS = dict.fromkeys(("operator", "admin", "analyst", "executive"), "all")

_SALES = {"rep": "own"} | dict.fromkeys(
    ("sales-manager", "admin", "operator", "executive", "analyst", "service-agent", "call-agent", "supervisor"), "all"
)
_DESK = dict.fromkeys(
    ("service-agent", "supervisor", "admin", "call-agent", "rep", "sales-manager", "executive", "analyst"), "all"
)
# By kind of record, who reads one here and with which scope: exactly as the service that owns it has it.
READERS = {
    "customer": EVERYONE,
    "interaction": EVERYONE,
    "lead": _SALES | {"marketer": "all"},
    "opportunity": _SALES,
    "order": _SALES,
    "ticket": _DESK,
    "call": _DESK | {"call-agent": "own"},
    "campaign": dict.fromkeys(("marketer", "admin", "sales-manager", "rep", "executive", "analyst"), "all"),
}
