"""A call: from the first ring to the wrap-up, as the switch and the agents tell it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.problems import Conflict

INBOUND, OUTBOUND = DIRECTIONS = ("inbound", "outbound")
QUEUED, DIALING, OFFERED = RINGING = ("queued", "dialing", "offered")
ANSWERED, HELD = TALKING = ("answered", "held")
CLOSING = "closing"
ENDED, WRAPPED_UP, ABANDONED = OVER = ("ended", "wrapped-up", "abandoned")
STATUSES = (*RINGING, *TALKING, CLOSING, *OVER)
KNOWN, CHOICE, UNKNOWN, WITHHELD = "known", "choice", "unknown", "withheld"
HEARD_AGAIN_AFTER = timedelta(seconds=15)
DISPOSITIONS = ("answered-question", "order-taken", "ticket-opened", "call-back", "wrong-number", "other")


@dataclass(frozen=True)
class Told:
    """What the switch tells: `at` is its own time of the event, `heard_at` the time at which it reached us."""

    event: str
    at: datetime
    heard_at: datetime
    agent_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Call:
    """`agent_id` has the call now; `last_agent_id` was the last one to whom it was offered.

    `heard_at` is when the switch last told something new or, to 15 s, that the caller still waits. `interaction_id` is
    fixed from the start, so that a call is logged as one interaction however often that is tried.
    """

    id: str
    version: int
    switch_call_id: str
    interaction_id: str
    direction: str
    queue: str
    status: str
    match: str
    customer_number: str | None
    line_number: str | None
    customer_id: str | None
    candidates: tuple[str, ...]
    received_at: datetime
    heard_at: datetime
    agent_id: str | None = None
    last_agent_id: str | None = None
    offered_at: datetime | None = None
    offer_expires_at: datetime | None = None
    answered_at: datetime | None = None
    held_at: datetime | None = None
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    hold_ms: int = 0
    offers: int = 0
    disposition: str | None = None
    note: str | None = None
    logged: bool = False

    @property
    def wait_s(self) -> int | None:
        """Whole seconds from the first ring to the answer or the end."""
        over = self.answered_at or self.ended_at
        return None if over is None else _seconds(over - self.received_at)

    @property
    def talk_s(self) -> int | None:
        """Whole seconds from the answer to the end, holding included, waiting not; 0 when nobody answered."""
        if self.ended_at is None:
            return None
        return _seconds(self.ended_at - self.answered_at) if self.answered_at else 0

    @property
    def hold_s(self) -> int:
        return self.hold_ms // 1000

    @property
    def waiting(self) -> bool:
        return self.status in (QUEUED, DIALING)

    @property
    def to_be_logged(self) -> bool:
        return self.status in OVER and self.customer_id is not None and not self.logged

    def log(self) -> "Call":
        return replace(self, logged=True)

    def offer(self, to: str, *, at: datetime, seconds: float) -> "Call":
        """Ring at one agent, who has `seconds` to answer."""
        return replace(
            self,
            status=OFFERED,
            agent_id=to,
            last_agent_id=to,
            offered_at=at,
            offer_expires_at=at + timedelta(seconds=seconds),
            offers=self.offers + 1,
        )

    def requeue(self) -> "Call":
        """Wait again, at the old place: the place in the queue is the time of the first ring."""
        return replace(self, status=QUEUED, agent_id=None, offer_expires_at=None)

    def answer(self, by: str, *, at: datetime) -> "Call":
        """Raises Conflict unless the call is offered to this agent; answering it again changes nothing."""
        if self.status in TALKING and self.agent_id == by:
            return self
        if self.status != OFFERED or self.agent_id != by:
            raise Conflict(
                "This call is not offered to you: it was withdrawn, or somebody else has it. Wait for the next offer.",
                code="call-not-offered",
            )
        return self._answered(Told("answered", at, at, by))

    def hang_up(self, *, at: datetime) -> "Call":
        """Raises Conflict while the call still rings. Hanging up a call that is over changes nothing."""
        if self.status in RINGING:
            raise Conflict("This call has not been answered. Answer it, or let it ring out.", code="call-not-answered")
        return self._hung_up(Told("hung_up", at, at)) if self.status in TALKING else self

    def wrap_up(self, disposition: str, note: str | None, *, at: datetime) -> "Call":
        """Raises Conflict unless the conversation is over and not yet wrapped up."""
        if self.status != ENDED:
            raise Conflict(
                f"This call is {self.status}; only an ended call can be wrapped up, and only once.",
                code="call-not-to-wrap-up",
            )
        return replace(self, status=WRAPPED_UP, disposition=disposition, note=note, wrapped_up_at=at)

    def identify(self, customer_id: str) -> "Call":
        """Raises Conflict when the call is already in a customer's history."""
        if self.customer_id == customer_id:
            return self
        if self.logged:
            raise Conflict(
                "This call is already in another customer's history and stays there. Write a ticket for the right one.",
                code="call-already-logged",
            )
        return replace(self, customer_id=customer_id, match=KNOWN, candidates=())

    def match_with(self, customer_id: str) -> "Call":
        """The customer service's answer; what an agent chose meanwhile stays."""
        return self.identify(customer_id) if self.customer_id is None else self

    def settle(self) -> "Call":
        """No answer was reported late, so the caller left without one."""
        return replace(self, status=ABANDONED) if self.status == CLOSING else self

    def give_up(self, *, at: datetime) -> "Call":
        """The switch tells nothing more of a call that nobody answered, not even that it still waits."""
        return self._abandoned(Told("abandoned", at, at)) if self.status in RINGING else self

    def hear(self, told: Told) -> "Call":
        """What the switch tells. Repeated and late events change nothing that is already better known."""
        steps = {
            "ringing": Call._rang,
            "answered": Call._answered,
            "held": Call._held,
            "resumed": Call._resumed,
            "hung_up": Call._hung_up,
            "abandoned": Call._abandoned,
        }
        # Whatever the switch tells of, the call had rung by then.
        call = replace(self, received_at=min(self.received_at, told.at))
        heard = steps[told.event](call, told)
        return self if heard == self else replace(heard, heard_at=told.heard_at)

    def heard_again(self, told: Told) -> bool:
        """True when it is worth noting that the switch still tells of this caller, which it may do every second."""
        return self.waiting and told.heard_at - self.heard_at >= HEARD_AGAIN_AFTER

    def _rang(self, _: Told) -> "Call":
        # The switch repeats "ringing" up to three times; it is no news then.
        return self

    def _answered(self, told: Told) -> "Call":
        # Whose phone was lifted has the call, whoever it was offered to.
        agent_id = told.agent_id or self.agent_id or self.last_agent_id
        if self.status in TALKING:
            return replace(self, agent_id=agent_id)
        if self.status in RINGING:
            return replace(self, status=ANSWERED, agent_id=agent_id, answered_at=told.at, offer_expires_at=None)
        if self.status == CLOSING:
            return replace(self, status=ENDED, agent_id=agent_id, answered_at=min(told.at, self.ended_at or told.at))
        return self

    def _held(self, told: Told) -> "Call":
        return replace(self, status=HELD, held_at=told.at) if self.status == ANSWERED else self

    def _resumed(self, told: Told) -> "Call":
        if self.status != HELD:
            return self
        return replace(self, status=ANSWERED, held_at=None, hold_ms=self._held_until(told.at))

    def _hung_up(self, told: Told) -> "Call":
        if self.status in TALKING:
            at = max(told.at, self.answered_at or told.at)
            return replace(self, status=ENDED, ended_at=at, held_at=None, hold_ms=self._held_until(at))
        if self.status not in RINGING:
            return self
        # The report of the answer may still be on its way, so what this end means is decided a little later.
        return replace(self._unanswered(told.at), status=CLOSING)

    def _abandoned(self, told: Told) -> "Call":
        if self.status in TALKING:
            return self._hung_up(told)
        if self.status in RINGING or self.status == CLOSING:
            return replace(self._unanswered(told.at), status=ABANDONED)
        return self

    def _unanswered(self, at: datetime) -> "Call":
        agent_id = self.agent_id if self.direction == OUTBOUND else None
        return replace(self, agent_id=agent_id, offer_expires_at=None, ended_at=at)

    def _held_until(self, at: datetime) -> int:
        held = at - self.held_at if self.held_at else timedelta()
        return self.hold_ms + max(0, round(held.total_seconds() * 1000))


def first_ring(
    *,
    id: str,
    interaction_id: str,
    switch_call_id: str,
    direction: str,
    queue: str,
    customer_number: str | None,
    line_number: str | None,
    customer_ids: list[str],
    told: Told,
    switchboard_ids: Sequence[str] = (),
) -> Call:
    """A new call, which may already be further than ringing.

    `customer_ids` are the customers who have the number. If nobody has, it may be one of `switchboard_ids`, who have an
    extension behind it; never for certain, because a switchboard shows one number for all.
    """
    certain = len(customer_ids) == 1
    candidates = tuple(customer_ids or switchboard_ids)
    ringing = Call(
        id=id,
        version=1,
        switch_call_id=switch_call_id,
        interaction_id=interaction_id,
        direction=direction,
        queue=queue,
        status=QUEUED if direction == INBOUND else DIALING,
        match=KNOWN if certain else _match(customer_number, candidates),
        customer_number=customer_number,
        line_number=line_number,
        customer_id=customer_ids[0] if certain else None,
        candidates=() if certain else candidates,
        received_at=told.at,
        heard_at=told.heard_at,
        agent_id=told.agent_id if direction == OUTBOUND else None,
    )
    return ringing.hear(told)


def _match(number: str | None, candidates: Sequence[str]) -> str:
    if number is None:
        return WITHHELD
    return CHOICE if candidates else UNKNOWN


def _seconds(duration: timedelta) -> int:
    return max(0, int(duration.total_seconds()))
