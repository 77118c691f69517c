"""Who may read and who may write campaigns; nobody is limited to own records, because a campaign belongs to the company."""

WRITERS = {"marketer": "all", "admin": "all"}
READERS = WRITERS | {"sales-manager": "all", "rep": "all", "executive": "all", "analyst": "all"}
