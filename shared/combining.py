"""Combining: calls that wait for the same store at the same moment share one round trip.

A round trip costs the client and the store several times what its content costs. While a few are under way, the calls
that come in wait, and the next round trip takes all of them. A call that comes alone goes at once.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from shared.problems import Unavailable

Q = TypeVar("Q")
A = TypeVar("A")

MOST_AT_ONCE = 64
TRIPS = 2  # at the same time: while the store works on one, the next can be sent
WAIT_SECONDS = 10.0


class _Asked(Generic[Q, A]):
    __slots__ = ("answer", "leads", "problem", "question", "turn")

    def __init__(self, question: Q) -> None:
        self.question = question
        self.turn = threading.Event()
        self.leads = False
        self.answer: A | None = None
        self.problem: Exception | None = Unavailable("The service was interrupted. Send the same request again.")


class Combiner(Generic[Q, A]):
    """`ask` answers as `work([question])[0]` would; `work` answers an exception for a question that it cannot answer.

    What `work` itself raises goes to all who shared that round trip.
    """

    def __init__(self, work: Callable[[list[Q]], list[A | Exception]]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._waiting: list[_Asked[Q, A]] = []
        self._under_way = 0

    def ask(self, question: Q) -> A:
        """Raises Unavailable when those who came before wait too long, and what `work` raises or answers."""
        call: _Asked[Q, A] = _Asked(question)
        with self._lock:
            call.leads = self._under_way < TRIPS
            if call.leads:
                self._under_way += 1
            else:
                self._waiting.append(call)
        if not call.leads:
            self._await(call)
        if call.leads:
            self._lead(call)
        if call.problem is not None:
            raise call.problem
        return call.answer

    def _await(self, call: _Asked[Q, A]) -> None:
        if not call.turn.wait(WAIT_SECONDS):
            with self._lock:
                given_up = call in self._waiting
                if given_up:
                    self._waiting.remove(call)
            if given_up:
                raise Unavailable("The database does not answer in time. Send the same request again.")
            call.turn.wait()  # Somebody has just taken it along, and always wakes it.

    def _lead(self, mine: _Asked[Q, A]) -> None:
        with self._lock:
            others, self._waiting = self._waiting[: MOST_AT_ONCE - 1], self._waiting[MOST_AT_ONCE - 1 :]
        calls = [mine, *others]
        try:
            self._answer(calls)
        finally:
            self._hand_over()
            for call in others:
                call.turn.set()

    def _answer(self, calls: list[_Asked[Q, A]]) -> None:
        try:
            answers = self._work([call.question for call in calls])
        except Exception as problem:  # Each of them raises it where it asked.
            answers = [problem] * len(calls)
        for call, answer in zip(calls, answers, strict=True):
            call.problem = answer if isinstance(answer, Exception) else None
            call.answer = answer

    def _hand_over(self) -> None:
        with self._lock:
            if not self._waiting:
                self._under_way -= 1
                return
            successor = self._waiting.pop(0)
        successor.leads = True
        successor.turn.set()
