"""The collections of the marketing service and their indexes."""

from services.marketing.repositories import campaign_results, campaigns, contributions

INDEXES = {
    campaigns.COLLECTION: campaigns.INDEXES,
    contributions.COLLECTION: contributions.INDEXES,
    campaign_results.COLLECTION: campaign_results.INDEXES,
}
