"""The collections of the reporting service and their indexes. All of them can be rebuilt from the log."""

from services.reporting.repositories import (
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
    for repository in (views, overflow_items, timeline, daily, campaigns, freshness, rebuilds)
}
PROJECTED = [
    views.COLLECTION,
    overflow_items.COLLECTION,
    timeline.COLLECTION,
    daily.COLLECTION,
    campaigns.COLLECTION,
]
