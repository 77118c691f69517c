"""Who may read what."""

from shared.auth import STAFF

EVERYONE = dict.fromkeys(STAFF, "all")
DASHBOARDS = dict.fromkeys(
    ("executive", "analyst", "sales-manager", "supervisor", "marketer", "admin", "operator"), "all"
)
FRESHNESS = dict.fromkeys(("operator", "admin", "analyst", "executive"), "all")
