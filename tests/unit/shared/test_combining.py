"""Combining: calls that wait at the same moment share one round trip, and each gets its own answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.combining import MOST_AT_ONCE, TRIPS, Combiner


class Store:
    """Doubles numbers, slowly; refuses negative ones and remembers what came together."""

    def __init__(self, seconds: float = 0.05) -> None:
        self.trips: list[list[int]] = []
        self._seconds = seconds

    def double(self, numbers: list[int]) -> list[int | Exception]:
        self.trips.append(numbers)
        time.sleep(self._seconds)
        if 666 in numbers:
            raise ConnectionError("gone")
        return [ValueError(number) if number < 0 else number * 2 for number in numbers]


def ask_all(combiner: Combiner, numbers: list[int]) -> list[int | str]:
    """At the same time; the answers, or the names of what was raised."""

    def tried(number: int) -> int | str:
        try:
            return combiner.ask(number)
        except Exception as problem:
            return type(problem).__name__

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(tried, numbers))


def test_a_question_that_comes_alone_goes_alone():
    store = Store(0)
    combiner = Combiner(store.double)

    assert [combiner.ask(number) for number in (1, 2, 3)] == [2, 4, 6]
    assert store.trips == [[1], [2], [3]]


def test_what_comes_meanwhile_shares_the_next_trip_and_each_gets_its_own_answer():
    store = Store()
    numbers = list(range(40))

    assert ask_all(Combiner(store.double), numbers) == [number * 2 for number in numbers]
    assert sorted(number for trip in store.trips for number in trip) == numbers
    assert len(store.trips) < 20


def test_no_trip_takes_more_than_its_most():
    store = Store()

    ask_all(Combiner(store.double), list(range(3 * MOST_AT_ONCE)))

    assert max(map(len, store.trips)) <= MOST_AT_ONCE


def test_a_refused_question_does_not_disturb_the_others():
    assert ask_all(Combiner(Store().double), [1, -2, 3, -4]) == [2, "ValueError", 6, "ValueError"]


def test_a_trip_that_fails_fails_for_all_who_shared_it_and_the_next_one_works():
    store = Store()
    combiner = Combiner(store.double)

    answers = ask_all(combiner, [1, 666, 2, 3])

    shared = {number for trip in store.trips if 666 in trip for number in trip}
    wanted = {number: "ConnectionError" if number in shared else number * 2 for number in (1, 666, 2, 3)}
    assert answers == list(wanted.values())
    assert combiner.ask(5) == 10


def test_who_waits_too_long_is_told_and_nobody_else_is_held_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shared.combining.WAIT_SECONDS", 0.05)
    store = Store(0.5)
    combiner = Combiner(store.double)
    numbers = list(range(1, TRIPS + 1))
    first = [threading.Thread(target=combiner.ask, args=(number,)) for number in numbers]
    for thread in first:
        thread.start()
    while len(store.trips) < TRIPS:
        time.sleep(0.001)

    assert ask_all(combiner, [8]) == ["Unavailable"]
    for thread in first:
        thread.join()
    assert combiner.ask(9) == 18
    assert sorted(store.trips) == [*([number] for number in numbers), [9]]
