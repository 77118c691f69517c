"""Who may do what. A reader who does not handle calls sees only those of known customers."""

CALL_TAKERS = {"call-agent": "own", "supervisor": "all", "admin": "all"}
SUPERVISORS = {"supervisor": "all", "admin": "all"}
CALL_READERS = CALL_TAKERS | {
    "service-agent": "all",
    "rep": "all",
    "sales-manager": "all",
    "executive": "all",
    "analyst": "all",
}
QUEUE_READERS = SUPERVISORS | {"call-agent": "all", "service-agent": "all", "executive": "all", "analyst": "all"}
SEE_UNKNOWN_CALLERS = frozenset({"service-agent", "supervisor", "admin"})
