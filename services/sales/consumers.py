"""Kafka in: who the customers are, and which leads are theirs."""

from services.sales.commands.customers import learn_customers

TOPICS = ["crm.customer"]
HANDLERS = {
    "customer.customer.registered": learn_customers,
    "customer.customer.matched": learn_customers,
    "customer.customer.changed": learn_customers,
    "customer.customer.point-confirmed": learn_customers,
    "customer.customer.point-refused": learn_customers,
    "customer.customer.identity-linked": learn_customers,
    "customer.customer.identity-unlinked": learn_customers,
}
