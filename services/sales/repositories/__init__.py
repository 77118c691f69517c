"""The collections of the sales service and their indexes."""

from services.sales.repositories import (
    counters,
    customers,
    leads,
    opportunities,
    orders,
    partner_keys,
    partner_rates,
    partners,
    products,
)

INDEXES = {
    module.COLLECTION: module.INDEXES
    for module in (counters, customers, leads, opportunities, orders, partner_keys, partner_rates, partners, products)
}
