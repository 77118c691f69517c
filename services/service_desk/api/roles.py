"""Who may do what with tickets; nobody is limited to own records, because a customer may reach anybody."""

WORKERS = {"service-agent": "all", "supervisor": "all", "admin": "all"}
TALKERS = WORKERS | {"call-agent": "all"}
OPENERS = TALKERS | {"rep": "all", "sales-manager": "all"}
READERS = OPENERS | {"executive": "all", "analyst": "all"}
POLICY_OWNERS = {"supervisor": "all", "admin": "all"}
