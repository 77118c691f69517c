"""Simulated agents: each answers, talks, wraps up and now and then misses a call, as people at the agent bar do."""

import random
import threading
import time
from collections import Counter

from services.telephony.domain.call import DISPOSITIONS
from services.telephony.simulator.gateway import Gateway, Refused

LOOK_SECONDS = 0.3
MISS_SHARE = 0.05
HANG_UP_SHARE = 0.3


class AgentAtWork(threading.Thread):
    """One agent in one thread, until `stop` is set and no call is left on the desk."""

    def __init__(
        self, gateway: Gateway, agent: str, token: str, chance: random.Random, *, wrap_up: float, stop: threading.Event
    ) -> None:
        super().__init__(name=agent, daemon=True)
        self._gateway = gateway
        self._agent = agent
        self._token = token
        self._chance = chance
        self._wrap_up = wrap_up
        self._stopping = stop
        self._seen: tuple[str | None, str] = (None, "")
        self._acts_at = 0.0
        self.went_home = False
        self.handled: Counter[str] = Counter()

    def run(self) -> None:
        while True:
            try:
                if self._look():
                    self.went_home = True
                    return
            except Refused as problem:
                # The call went elsewhere between looking and acting; anything else is a mistake of the set-up.
                if problem.status not in (403, 409, 412):
                    raise
            time.sleep(LOOK_SECONDS)

    def _look(self) -> bool:
        """Read the desk and do what is due; answers whether the agent has gone home."""
        etag, desk = self._gateway.command("GET", "/v1/agents/me", self._token)
        state, call = desk["agent"]["state"], desk["call"]
        if call is None:
            return self._without_call(state, etag)
        if (call["id"], state) != self._seen:
            self._seen = (call["id"], state)
            self._acts_at = time.monotonic() + self._takes(state)
        if time.monotonic() >= self._acts_at:
            self._act(state, call)
        return False

    def _without_call(self, state: str, etag: str) -> bool:
        if self._stopping.is_set():
            if state != "offline":
                self._choose("offline", etag)
            return True
        if state != "available":
            self._choose("available", etag)
        return False

    def _takes(self, state: str) -> float:
        """Seconds until the agent acts; for ever means that the agent misses the call or lets the caller hang up."""
        if state == "offered":
            missed = self._chance.random() < MISS_SHARE
            return float("inf") if missed else 0.5 + self._chance.expovariate(1)
        if state == "on-call":
            ends_it = self._chance.random() < HANG_UP_SHARE
            return 2 + self._chance.expovariate(1 / 20) if ends_it else float("inf")
        return self._chance.expovariate(1 / self._wrap_up)

    def _act(self, state: str, call: dict) -> None:
        path = f"/v1/calls/{call['id']}"
        if state == "offered":
            self._gateway.command("POST", f"{path}/answer", self._token)
            self.handled["answered"] += 1
        elif state == "on-call":
            self._gateway.command("POST", f"{path}/hang-up", self._token)
        else:
            if call["candidates"]:
                chosen = {"customer_id": self._chance.choice(call["candidates"])["customer_id"]}
                self._gateway.command("POST", f"{path}/identify", self._token, chosen)
            body = {"disposition": self._chance.choice(DISPOSITIONS)}
            self._gateway.command("POST", f"{path}/wrap-up", self._token, body)
            self.handled["wrapped up"] += 1

    def _choose(self, state: str, etag: str) -> None:
        self._gateway.command("PUT", "/v1/agents/me/state", self._token, {"state": state}, etag=etag)
