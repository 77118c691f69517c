"""The changes collection: what was done to customers, written together with it and never changed."""

from dataclasses import dataclass, field

from services.customer.domain.change import Cause, Change, change_id, changed_fields
from services.customer.domain.customer import Customer
from shared import aggregates, context, mongo

COLLECTION = "changes"


@dataclass(frozen=True)
class Made:
    """A customer before (None for a new one) and after, and the events that led from one to the other."""

    before: Customer | None
    after: Customer
    causes: list[Cause] = field(default_factory=list)


def insert_all(made: list[Made]) -> None:
    """In the transaction that stores the customers. What changed no field that is kept leaves no record."""
    aggregates.require_transaction()
    recorded = [change for one in made if (change := _change(one)).fields]
    if recorded:
        mongo.collection(COLLECTION).insert_many(map(aggregates.to_document, recorded), ordered=False)


def page(customer_id: str, *, limit: int, cursor: str | None) -> dict:
    """Newest first."""
    of_customer = {"_id": {"$gt": f"{customer_id}:", "$lt": f"{customer_id};"}}
    return aggregates.page(COLLECTION, of_customer, limit=limit, cursor=cursor)


def _change(made: Made) -> Change:
    work = context.current()
    version = 1 if made.before is None else made.before.version + 1
    return Change(
        id=change_id(made.after.id, version),
        customer_id=made.after.id,
        version=version,
        at=made.after.updated_at,
        by=aggregates.signature(),
        request_id=None if work is None or made.causes else work.correlation_id,
        causes=made.causes,
        fields=changed_fields(made.before, made.after),
    )
