"""Learning who the customers are: their names, and the leads that turned out to be theirs."""

from services.sales import events
from services.sales.repositories import customers, leads
from shared import clock
from shared.events import Event


def learn_customers(batch: list[Event]) -> None:
    """Bring the customers' names and their leads up to these events. Runs inside the batch's transaction."""
    customers.keep_newest(
        [
            {"_id": event.subject, "version": event.version, "display_name": event.data["display_name"]}
            for event in batch
        ]
    )
    # Each event names the last fifty contacts, and a batch may hold more of one customer.
    _match_leads(batch)


def _match_leads(answers: list[Event]) -> None:
    """A customer names the last fifty contacts that were found to be of this customer; leads among them are matched."""
    owner_of = {
        intake["id"]: answer
        for answer in answers
        for intake in answer.data["recent_intake"]
        if intake["source"] == events.INTAKE_SOURCE
    }
    if not owner_of:
        return
    at = clock.now()
    matched = [
        (lead.match(owner_of[lead.id].subject, at=at), owner_of[lead.id]) for lead in leads.find_unmatched(owner_of)
    ]
    leads.save_many([(lead, [events.lead_matched(lead, cause=answer)]) for lead, answer in matched])
