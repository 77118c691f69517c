"""Who may do what in sales, and on which records. A rep has the own records and those that nobody owns."""

SALES_WRITERS = {"rep": "own", "sales-manager": "all", "admin": "all"}
SALES_READERS = SALES_WRITERS | {
    "operator": "all",
    "executive": "all",
    "analyst": "all",
    "service-agent": "all",
    "call-agent": "all",
    "supervisor": "all",
}
LEAD_READERS = SALES_READERS | {"marketer": "all"}
PRODUCT_READERS = dict.fromkeys(LEAD_READERS, "all")
PRODUCT_WRITERS = {"sales-manager": "all", "admin": "all"}
# An import brings products and opportunities, and compares the totals of the latter.
IMPORTERS = {"importer": "all"}
PARTNER_READERS = {"sales-manager": "all", "admin": "all", "operator": "all"}
PARTNER_WRITERS = {"admin": "all"}
PARTNERS = {"partner": "own"}
