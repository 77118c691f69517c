"""A partner who posts leads of one person without pause, whatever happens to the suite meanwhile."""

import itertools
import threading
import uuid

import httpx

from tests.proof.engine.suite import Suite
from tests.support.harness import eventually

PERSON = {"full_name": "Lin Yue", "email": f"lin.{uuid.uuid4().hex[:8]}@example.com", "phone": "+8613800138000"}


def lead(number: int) -> dict:
    return {**PERSON, "external_id": f"P-{number}"}


class Poster(threading.Thread):
    """Posts leads without pause; what is refused is posted again at the end, as a partner would."""

    def __init__(self, suite: Suite, key: str) -> None:
        super().__init__(daemon=True)
        self._suite, self._key = suite, key
        self._done = threading.Event()
        self._again: list[dict] = []
        self.accepted: list[str] = []
        self.refused = 0

    @property
    def count(self) -> int:
        return len(self.accepted)

    def run(self) -> None:
        for number in itertools.count(1):
            if self._done.wait(0.2):
                return
            if not self._post(lead(number)):
                self._again.append(lead(number))
                self.refused += 1

    def finish(self) -> None:
        self._done.set()
        self.join(60)
        for refused in self._again:
            eventually(lambda refused=refused: self._post(refused), within=60)

    def _post(self, body: dict) -> bool:
        try:
            answer = self._suite.post_lead(self._key, body)
        except httpx.TransportError:
            return False
        if answer.status_code in (200, 201):
            self.accepted.append(answer.json()["id"])
            return True
        return False
