"""An agent: ready or not for the next call, and the one call that the agent has."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.telephony.domain import call
from shared.problems import Conflict

OFFLINE, AVAILABLE, BREAK = CHOSEN = ("offline", "available", "break")
RUNG, ON_CALL, WRAP_UP = WITH_CALL = ("offered", "on-call", "wrap-up")
STATES = (*CHOSEN, *WITH_CALL)
BREAK_REASONS = ("rest", "lunch", "meeting", "training", "other")
NO_ANSWER = "no-answer"


@dataclass(frozen=True, kw_only=True)
class Agent:
    """`id` is the person's id at the identity provider; version 0 is an agent who never chose a state."""

    id: str
    version: int
    name: str
    state: str = OFFLINE
    reason: str | None = None
    state_since: datetime | None = None
    idle_since: datetime | None = None
    call_id: str | None = None

    @property
    def is_present(self) -> bool:
        return self.call_id is None and self.state != OFFLINE

    def choose(self, state: str, reason: str | None, *, name: str, at: datetime) -> "Agent":
        """Raises Conflict while the agent has a call."""
        if self.call_id is not None:
            raise Conflict(
                "You have a call. Finish it and wrap it up; then you can change your state.", code="agent-has-call"
            )
        reason = reason or "other" if state == BREAK else None
        if (state, reason) == (self.state, self.reason):
            return replace(self, name=name)
        idle_since = at if state == AVAILABLE else None
        return replace(self, name=name, state=state, reason=reason, state_since=at, idle_since=idle_since)

    def take(self, call_id: str, status: str, *, at: datetime) -> "Agent":
        """Be busy with a call that was not offered to this agent through the queue, or over before we heard of the answer."""
        state = WRAP_UP if status == call.ENDED else ON_CALL
        return replace(self, state=state, reason=None, state_since=at, call_id=call_id)

    def miss(self, *, at: datetime) -> "Agent":
        """An offered call was not answered in time: no more calls until the agent is back."""
        return replace(self, state=BREAK, reason=NO_ANSWER, state_since=at, idle_since=None, call_id=None)

    def follow(self, status: str, *, at: datetime) -> "Agent":
        """What the state of the agent's call makes of the agent's state."""
        if status in call.TALKING:
            return self._enter(ON_CALL, at)
        if status == call.ENDED:
            return self._enter(WRAP_UP, at)
        if status == call.WRAPPED_UP:
            return replace(self, state=AVAILABLE, state_since=at, idle_since=at, call_id=None)
        return self.release(at=at) if status in (call.CLOSING, call.ABANDONED) else self

    def release(self, *, at: datetime) -> "Agent":
        """The caller gave up, or somebody else answered: free again, at the old place among the idle."""
        return replace(self, state=AVAILABLE, state_since=at, idle_since=self.idle_since or at, call_id=None)

    def _enter(self, state: str, at: datetime) -> "Agent":
        return self if state == self.state else replace(self, state=state, state_since=at)
