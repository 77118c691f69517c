"""The collections of the reporting service and their indexes. All of them can be rebuilt from the log."""

from services.reporting.repositories import (
    call_customers,
    campaigns,
    daily,
    freshness,
    overflow_items,
    rebuilds,
    timeline,
    views,
)

INDEXES = {
    repository.COLLECTION: repository.INDEXES
    for repository in (views, overflow_items, call_customers, timeline, daily, campaigns, freshness, rebuilds)
}
PROJECTED = [
    views.COLLECTION,
    overflow_items.COLLECTION,
    timeline.COLLECTION,
    daily.COLLECTION,
    campaigns.COLLECTION,
    call_customers.COLLECTION,
]
