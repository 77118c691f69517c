"""The collections of the customer service and their indexes."""

from services.customer.repositories import changes, customers, interactions

INDEXES = {
    changes.COLLECTION: [],
    customers.COLLECTION: customers.INDEXES,
    interactions.COLLECTION: interactions.INDEXES,
}
