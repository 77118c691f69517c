"""What the telephony tests share: a switch that signs, and customers as their service announces them."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson

from services.telephony.domain.signature import HEADER, sign
from shared import clock, ids
from tests.support.harness import Harness

LINE = "+862161234567"


class Switch:
    """Posts signed events as a switch adapter does."""

    def __init__(self, telephony: Harness) -> None:
        self._telephony = telephony

    def tell(
        self,
        event: str,
        switch_call_id: str,
        *,
        number: str | None = "+8613812345678",
        direction: str = "inbound",
        at: datetime | None = None,
        agent_id: str | None = None,
        key: str | None = None,
    ):
        caller, called = (number, LINE) if direction == "inbound" else (LINE, number)
        body = {
            "switch_call_id": switch_call_id,
            "event": event,
            "from": caller,
            "to": called,
            "direction": direction,
            "at": clock.to_json(at or clock.now()),
        }
        if agent_id is not None:
            body["agent_id"] = agent_id
        return self.post(body, key=key)

    def post(self, body: dict, *, key: str | None = None, signature: str | None = None):
        data = orjson.dumps(body)
        signature = signature or sign(self._telephony.settings.switch_secret, data, at=int(time.time()))
        headers = {HEADER: signature, "Content-Type": "application/json"}
        return self._telephony.request("POST", "/v1/calls", data=data, headers=headers, key=key)

    def ring(self, **told) -> str:
        """A new call; answers its id in telephony."""
        answer = self.tell("ringing", ids.new_id(), **told)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()["call"]["id"]


def _phone(written: str) -> dict:
    number, _, extension = written.partition(";ext=")
    return {"number": number, "label": "mobile", "extension": extension or None}


def customer_event(
    customer_id: str, *, name: str, phones: list[str], version: int = 1, intake: Sequence[str] = ()
) -> dict:
    """What the customer service says about a person; `intake` are calls that it recognised."""
    return {
        "type": "customer.customer.registered" if version == 1 else "customer.customer.matched",
        "topic": "crm.customer",
        "subject": customer_id,
        "customer_id": customer_id,
        "version": version,
        "data": {
            "kind": "person",
            "display_name": name,
            "given_name": None,
            "family_name": None,
            "company_name": None,
            "employer_name": None,
            "company_id": None,
            "phones": [_phone(number) for number in phones],
            "emails": [],
            "addresses": [],
            "tier": None,
            "tags": [],
            "language": None,
            "status": "active",
            "identities": [],
            "recent_intake": [{"source": "telephony-call", "id": id} for id in intake],
            "created_at": "2026-01-01T08:00:00.000Z",
        },
    }


def seconds_ago(seconds: float) -> datetime:
    return clock.now() - timedelta(seconds=seconds)
