"""The simulated switch: lets callers ring, follows the commands, and tells what happens on the line."""

import heapq
import random
import time
from collections import Counter
from dataclasses import dataclass

from services.telephony.simulator.gateway import Gateway
from shared import clock

ASK_AGAIN_SECONDS = 0.5
HOLD_SHARE = 0.15


@dataclass(frozen=True)
class Habits:
    """Means in seconds, of exponential distributions."""

    between_calls: float
    talk: float
    patience: float


@dataclass
class Line:
    """One call on the switch; `last_event` is repeated to ask what to do next, and empty before the first ring."""

    switch_call_id: str
    number: str | None
    line_number: str
    gives_up_at: float
    talks_for: float
    holds: bool
    last_event: str = ""
    answered_at: float | None = None


def callers(
    chance: random.Random, *, count: int, numbers: list[str | None], line_number: str, habits: Habits, run: str
):
    """The calls with the time at which each begins, in seconds from the start."""
    begins = 0.0
    for index in range(count):
        yield (
            begins,
            Line(
                switch_call_id=f"{run}-{index + 1}",
                number=chance.choice(numbers),
                line_number=line_number,
                gives_up_at=begins + 1 + chance.expovariate(1 / habits.patience),
                talks_for=1 + chance.expovariate(1 / habits.talk),
                holds=chance.random() < HOLD_SHARE,
            ),
        )
        begins += chance.expovariate(1 / habits.between_calls)


class Switch:
    """Plays all calls in one thread: the next thing that is due comes first."""

    def __init__(self, gateway: Gateway, calls: list[tuple[float, Line]], *, longest_seconds: float) -> None:
        self._gateway = gateway
        self._due = [(begins, index, line) for index, (begins, line) in enumerate(calls)]
        heapq.heapify(self._due)
        self._longest = longest_seconds
        self.outcomes: Counter[str] = Counter()

    def run(self) -> None:
        started = time.monotonic()
        while self._due:
            at, index, line = heapq.heappop(self._due)
            time.sleep(max(0.0, min(at, self._longest) - (time.monotonic() - started)))
            now = time.monotonic() - started
            if now >= self._longest:
                self._cut_off(line)
            elif self._play(line, now):
                heapq.heappush(self._due, (now + ASK_AGAIN_SECONDS, index, line))

    def _cut_off(self, line: Line) -> None:
        if line.last_event:
            self._tell(line, "hung_up")
        self.outcomes["cut off at the end"] += 1

    def _play(self, line: Line, now: float) -> bool:
        """One step of a call; answers whether it goes on."""
        if line.answered_at is None:
            return self._ring(line, now)
        talked = now - line.answered_at
        if talked >= line.talks_for:
            return self._end(line, "hung_up", "answered")
        event = line.last_event
        if line.holds:
            middle = 0.4 <= talked / line.talks_for < 0.6
            event = "held" if middle else "resumed" if line.last_event in ("held", "resumed") else line.last_event
        if self._tell(line, event) == "hang-up":
            return self._end(line, "hung_up", "answered")
        return True

    def _ring(self, line: Line, now: float) -> bool:
        if now >= line.gives_up_at:
            return self._end(line, "abandoned", "abandoned")
        action = self._tell(line, "ringing")
        if action == "hang-up":
            self.outcomes["ended by telephony"] += 1
            return False
        if action == "connect":
            self._tell(line, "answered")
            line.answered_at = now
        return True

    def _end(self, line: Line, event: str, outcome: str) -> bool:
        self._tell(line, event)
        self.outcomes[outcome] += 1
        return False

    def _tell(self, line: Line, event: str) -> str:
        line.last_event = event
        answer = self._gateway.tell(
            {
                "switch_call_id": line.switch_call_id,
                "event": event,
                "from": line.number,
                "to": line.line_number,
                "direction": "inbound",
                "at": clock.to_json(clock.now()),
            }
        )
        return answer["command"]["action"]
