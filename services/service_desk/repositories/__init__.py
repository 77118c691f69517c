"""The collections of the service desk and their indexes."""

from services.service_desk.repositories import customers, sla_policies, ticket_numbers, tickets

INDEXES = {
    tickets.COLLECTION: tickets.INDEXES,
    ticket_numbers.COLLECTION: ticket_numbers.INDEXES,
    sla_policies.COLLECTION: sla_policies.INDEXES,
    customers.COLLECTION: customers.INDEXES,
}
