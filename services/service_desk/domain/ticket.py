"""A ticket: its conversation, its steps from open to closed, and its two clocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.service_desk.domain import business_time
from services.service_desk.domain.contact import Contact
from services.service_desk.domain.sla import SlaPolicy
from shared.problems import Conflict
from shared.text import search

OPEN, PENDING, RESOLVED, CLOSED = "open", "pending", "resolved", "closed"
STATUSES = (OPEN, PENDING, RESOLVED, CLOSED)
TYPES = ("question", "complaint", "defect", "dispute", "order-problem", "other")
INTERNAL = "internal"
CONTACT_CHANNELS = (
    "call", "email", "web", "chat", "sms", "social", "visit", "letter", "fax", "agent", "broker", "other",
)  # fmt: skip
CHANNELS = (*CONTACT_CHANNELS, INTERNAL)
REPLY, MESSAGE, NOTE, RESOLUTION = "reply", "message", "note", "resolution"
MAX_ENTRIES = 500
MAX_CONVERSATION_BYTES = 2 * 1024 * 1024
"""A ticket is one document, which every change reads and writes; MongoDB's own limit is 16 MiB."""


@dataclass(frozen=True)
class Entry:
    """One entry of the conversation. `channel` is set on what the customer saw (reply) or said (message)."""

    id: str
    kind: str
    text: str
    author: str
    occurred_at: datetime
    channel: str | None = None
    call_id: str | None = None


@dataclass(frozen=True)
class Touch:
    """One contact with the customer that took place in a ticket."""

    id: str
    channel: str
    direction: str
    occurred_at: datetime
    staff_id: str


@dataclass(frozen=True)
class Ticket:
    """The clocks run on the policy's calendar from `opened_at`; `stopped_ms` is working time that does not count.

    While `clock_stopped_at` is set both clocks stand still. `due_at` is the next due time of a running clock.
    `opening_id` is the id of the contact that the opening was.
    """

    id: str
    version: int
    number: str
    opening_id: str
    customer_id: str | None
    contact: Contact | None
    subject: str
    description: str
    type: str
    priority: str
    channel: str
    opened_at: datetime
    opened_by: str
    updated_at: datetime
    policy: SlaPolicy
    first_response_due_at: datetime
    resolution_due_at: datetime
    due_at: datetime | None
    words: list[str]
    assignee: str | None = None
    order_id: str | None = None
    product_id: str | None = None
    call_id: str | None = None
    status: str = OPEN
    first_responded_at: datetime | None = None
    clock_stopped_at: datetime | None = None
    stopped_ms: int = 0
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_count: int = 0
    entries: tuple[Entry, ...] = field(default=())
    updated_by: str | None = None

    def match(self, customer_id: str, *, at: datetime) -> "Ticket":
        """The contact turned out to be this customer; the contact's details are then the customer service's alone."""
        return replace(self, customer_id=customer_id, contact=None, updated_at=at)

    def assign(self, assignee: str | None, *, at: datetime) -> "Ticket":
        """None gives it back to the queue. Raises Conflict when closed."""
        self._refuse_closed()
        return replace(self, assignee=assignee, updated_at=at)

    def change(self, changes: dict[str, Any], *, at: datetime) -> "Ticket":
        """Take over subject, priority and type; a new priority sets new due times. Raises Conflict when closed."""
        self._refuse_closed()
        changed = replace(self, **changes, updated_at=at)
        return replace(changed, words=search.terms(changed.subject))._timed()

    def reply(self, entry: Entry, *, next_status: str, at: datetime) -> "Ticket":
        """The first answer to the customer stops the first-response clock. Raises Conflict unless open or pending."""
        if self.status not in (OPEN, PENDING):
            raise Conflict(f"This ticket is {self.status}. {self._way_on()}", code=f"ticket-{self.status}")
        answered = replace(self._with(entry, at=at), first_responded_at=self.first_responded_at or at)
        if next_status == PENDING:
            return answered._stop(PENDING, at=at)
        return answered._run(at=at)

    def receive(self, entry: Entry, *, at: datetime) -> "Ticket":
        """The customer wrote: the clocks run again, and a resolved ticket is reopened. Raises Conflict when closed."""
        reopened = self.reopened_count + (self.status == RESOLVED)
        return replace(self._with(entry, at=at)._run(at=at), reopened_count=reopened)

    def note(self, entry: Entry, *, at: datetime) -> "Ticket":
        """Raises Conflict when closed."""
        return self._with(entry, at=at)

    def resolve(self, entry: Entry, *, at: datetime) -> "Ticket":
        """Raises Conflict unless open or pending."""
        if self.status not in (OPEN, PENDING):
            raise Conflict(f"This ticket is {self.status} already. {self._way_on()}", code=f"ticket-{self.status}")
        return replace(self._with(entry, at=at)._stop(RESOLVED, at=at), resolved_at=at)

    def reopen(self, entry: Entry, *, at: datetime) -> "Ticket":
        """Raises Conflict unless resolved."""
        self._refuse_closed()
        if self.status != RESOLVED:
            raise Conflict(
                "Only a resolved ticket is reopened; this one is being worked on.", code="ticket-not-resolved"
            )
        return replace(self._with(entry, at=at)._run(at=at), reopened_count=self.reopened_count + 1)

    def close(self, *, at: datetime) -> "Ticket":
        """Raises Conflict unless resolved."""
        self._refuse_closed()
        if self.status != RESOLVED:
            raise Conflict("Resolve the ticket before you close it.", code="ticket-not-resolved")
        return replace(self, status=CLOSED, closed_at=at, updated_at=at)

    def opening_touch(self) -> Iterator[Touch]:
        """The opening as a contact: none for an internal ticket, or for a call, which telephony has logged itself."""
        if self.channel != INTERNAL and self.call_id is None:
            yield Touch(self.opening_id, self.channel, "in", self.opened_at, self.opened_by)

    def touches(self) -> Iterator[Touch]:
        """All contacts with the customer so far, oldest first."""
        yield from self.opening_touch()
        for entry in self.entries:
            yield from touch_of(entry)

    def _with(self, entry: Entry, *, at: datetime) -> "Ticket":
        self._refuse_closed()
        size = sum(len(one.text.encode()) for one in (*self.entries, entry))
        if len(self.entries) >= MAX_ENTRIES or size > MAX_CONVERSATION_BYTES:
            raise Conflict(
                f"A ticket holds {MAX_ENTRIES} entries and {MAX_CONVERSATION_BYTES // 1024 // 1024} MiB of text at most."
                " Resolve this one and open a new ticket that names it.",
                code="ticket-full",
            )
        return replace(self, entries=(*self.entries, entry), updated_at=at)

    def _stop(self, status: str, *, at: datetime) -> "Ticket":
        return replace(self, status=status, clock_stopped_at=self.clock_stopped_at or at)._timed()

    def _run(self, *, at: datetime) -> "Ticket":
        stopped = self.stopped_ms
        if self.clock_stopped_at is not None:
            pause = business_time.working_time(self.policy.calendar, self.clock_stopped_at, at)
            stopped += pause // timedelta(milliseconds=1)
        running = replace(self, status=OPEN, clock_stopped_at=None, stopped_ms=stopped, resolved_at=None)
        return running._timed()

    def _timed(self) -> "Ticket":
        """The due times for the present priority and standstill. A first response that was given keeps its due time."""
        stopped = timedelta(milliseconds=self.stopped_ms)
        first_due = self.first_response_due_at
        if self.first_responded_at is None:
            first_due = self.policy.first_response_due(self.priority, self.opened_at, stopped=stopped)
        resolution_due = self.policy.resolution_due(self.priority, self.opened_at, stopped=stopped)
        next_due = resolution_due if self.first_responded_at else min(first_due, resolution_due)
        return replace(
            self,
            first_response_due_at=first_due,
            resolution_due_at=resolution_due,
            due_at=None if self.clock_stopped_at else next_due,
        )

    def _refuse_closed(self) -> None:
        if self.status == CLOSED:
            raise Conflict(f"This ticket is closed. {self._way_on()}", code="ticket-closed")

    def _way_on(self) -> str:
        return "Open a new ticket for this customer." if self.status == CLOSED else "Reopen it first."


def touch_of(entry: Entry) -> Iterator[Touch]:
    """The contact that this entry is: none for internal entries, or for a call, which telephony has logged itself."""
    if entry.channel is not None and entry.call_id is None:
        direction = "in" if entry.kind == MESSAGE else "out"
        yield Touch(entry.id, entry.channel, direction, entry.occurred_at, entry.author)


def open_ticket(
    *,
    id: str,
    number: str,
    opening_id: str,
    policy: SlaPolicy,
    opened_by: str,
    opened_at: datetime,
    recorded_at: datetime,
    subject: str,
    type: str,
    channel: str,
    description: str = "",
    priority: str = "normal",
    customer_id: str | None = None,
    contact: Contact | None = None,
    assignee: str | None = None,
    order_id: str | None = None,
    product_id: str | None = None,
    call_id: str | None = None,
) -> Ticket:
    """A new ticket with its due times. `opened_at`, when the customer came to us, may be before `recorded_at`."""
    return Ticket(
        id=id,
        version=1,
        number=number,
        opening_id=opening_id,
        customer_id=customer_id,
        contact=contact,
        subject=subject,
        description=description,
        type=type,
        priority=priority,
        channel=channel,
        opened_at=opened_at,
        opened_by=opened_by,
        updated_at=recorded_at,
        policy=policy,
        first_response_due_at=opened_at,
        resolution_due_at=opened_at,
        due_at=None,
        words=search.terms(subject),
        assignee=assignee,
        order_id=order_id,
        product_id=product_id,
        call_id=call_id,
    )._timed()
