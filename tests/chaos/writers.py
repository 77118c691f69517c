"""Writers that never give up: every write is tried until it is accepted, and what was accepted is remembered."""

import hashlib
import hmac
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from stack import identity, secrets
from stack.environments import Environment

ATTEMPT_SECONDS = 10
PATIENCE_SECONDS = 120


@dataclass
class Accepted:
    """What the suite said yes to: ids by kind."""

    leads: dict[str, str] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    calls: dict[str, str] = field(default_factory=dict)
    repeats: int = 0
    problems: list[str] = field(default_factory=list)


class Writers:
    """Partner leads, tickets, orders and calls through the gateway, about thirty a second, until `stop`."""

    def __init__(self, environment: Environment, *, partner: str, key: str, product: str, seed: int) -> None:
        self._product = product
        self._partner, self._key = partner, key
        self._seed = seed
        self._stop = threading.Event()
        self._customers: list[str] = []
        self._http = httpx.Client(base_url=environment.gateway_url, timeout=ATTEMPT_SECONDS, trust_env=False)
        self._tokens = {who: identity.token(environment, who) for who in ("rep.li", "agent.zhao", "manager.wang")}
        self._secret = secrets.load(environment).switch_secret
        self.accepted = Accepted()
        self._threads = [
            threading.Thread(target=self._repeat, args=(write, number))
            for number, write in enumerate(
                [self._lead, self._lead, self._lead, self._ticket, self._order, self._call, self._customer]
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let every write that has begun be accepted, then end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS + ATTEMPT_SECONDS)
        self._http.close()

    def _repeat(self, write: Callable[[random.Random, str], None], number: int) -> None:
        chance = random.Random(f"{self._seed}-{number}")
        turn = 0
        while not self._stop.is_set():
            turn += 1
            write(chance, f"{self._seed}-{number}-{turn}")
            self._stop.wait(chance.uniform(0.1, 0.3))

    def _send(self, path: str, body: dict, headers: Callable[[bytes], dict[str, str]]) -> dict | None:
        """The accepted answer; None where it never came."""
        content = json.dumps(body).encode()
        deadline = time.monotonic() + PATIENCE_SECONDS
        tries = 0
        while time.monotonic() < deadline:
            tries += 1
            try:
                sent = {"Content-Type": "application/json"} | headers(content)
                answer = self._http.post(path, content=content, headers=sent)
            except httpx.HTTPError:
                time.sleep(0.3)
                continue
            if answer.status_code in (200, 201):
                self.accepted.repeats += tries > 1
                return answer.json()
            if answer.status_code < 500 and answer.status_code not in (409, 429):
                self.accepted.problems.append(f"{path} {answer.status_code} {answer.text[:300]}")
                return None
            time.sleep(0.3)
        self.accepted.problems.append(f"{path} was not accepted within {PATIENCE_SECONDS} s")
        return None

    def _as(self, who: str, key: str) -> Callable[[bytes], dict[str, str]]:
        return lambda _: {"Authorization": f"Bearer {self._tokens[who]}", "Idempotency-Key": key}

    def _lead(self, chance: random.Random, name: str) -> None:
        body = {
            "external_id": name,
            "full_name": chance.choice(["王小明", "Ann Smith", "欧阳娜娜", "José Pérez"]),
            "email": f"person{chance.randrange(200)}@chaos.example",
            "interest": "loan",
            "campaign_code": chance.choice(["SPRING", "AUTUMN", None]),
        }
        answer = self._send(f"/api/sales/v1/partners/{self._partner}/leads", body, lambda _: {"X-Api-Key": self._key})
        if answer is not None:
            self.accepted.leads[name] = answer["id"]

    def _customer(self, chance: random.Random, name: str) -> None:
        body = {
            "kind": "person",
            "family_name": "陈",
            "given_name": name,
            "phones": [{"number": _phone(chance), "label": "mobile"}],
        }
        answer = self._send("/api/customer/v1/customers", body, self._as("rep.li", name))
        if answer is not None:
            self._customers.append(answer["id"])

    def _ticket(self, chance: random.Random, name: str) -> None:
        if not self._customers:
            return
        body = {
            "customer_id": chance.choice(self._customers),
            "subject": f"Ticket {name}",
            "description": "Something is wrong.",
            "type": "question",
            "priority": chance.choice(["low", "urgent"]),
            "channel": "email",
        }
        answer = self._send("/api/service-desk/v1/tickets", body, self._as("agent.zhao", name))
        if answer is not None:
            self.accepted.tickets.add(answer["id"])
            if chance.random() < 0.5:
                reply = {"text": "We look into it."}
                self._send(
                    f"/api/service-desk/v1/tickets/{answer['id']}/reply", reply, self._as("agent.zhao", f"r-{name}")
                )

    def _order(self, chance: random.Random, name: str) -> None:
        if not self._customers:
            return
        lines = [{"product_id": self._product, "quantity": chance.randint(1, 5)}]
        body = {"customer_id": chance.choice(self._customers), "lines": lines, "campaign_code": "SPRING"}
        answer = self._send("/api/sales/v1/orders", body, self._as("rep.li", name))
        if answer is not None:
            self.accepted.orders.add(answer["id"])
            if chance.random() < 0.3:
                self._send(f"/api/sales/v1/orders/{answer['id']}/confirm", {}, self._as("rep.li", f"c-{name}"))

    def _call(self, chance: random.Random, name: str) -> None:
        number = _phone(chance)
        for event in ("ringing", "abandoned"):
            body = {
                "switch_call_id": name,
                "event": event,
                "from": number,
                "to": "+862155550100",
                "direction": "inbound",
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            }
            answer = self._send("/api/telephony/v1/calls", body, self._signed)
            if answer is None:
                return
        self.accepted.calls[name] = answer["call"]["id"]

    def _signed(self, content: bytes) -> dict[str, str]:
        stamp = int(time.time())
        digest = hmac.new(self._secret.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()
        return {"X-Switch-Signature": f"t={stamp},v1={digest}"}


def _phone(chance: random.Random) -> str:
    return f"+86138{chance.randrange(500):08}"
