"""The collections of the customer service and their indexes."""

from services.customer.repositories import customers, interactions

INDEXES = {
    customers.COLLECTION: customers.INDEXES,
    interactions.COLLECTION: interactions.INDEXES,
}
