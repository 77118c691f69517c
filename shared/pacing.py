"""How long a loop rests between small batches.

A batch costs nearly the same for one event as for fifty. So a loop that finds few lets more come together, and on a busy
machine, where a batch takes longer, it waits for larger ones instead of adding to the load.
"""

SHORTEST_SECONDS, LONGEST_SECONDS = 0.1, 0.25
REST_PER_BUSY = 2
"""A loop with small batches works at most a third of its time, up to the longest rest."""


def rest_after(busy_seconds: float) -> float:
    """Seconds to rest after a small batch that took this long."""
    return min(max(REST_PER_BUSY * busy_seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
