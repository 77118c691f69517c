"""What the service desk's tests share: the service, tickets, and customers as their service announces them."""

from collections.abc import Callable
from typing import Any

import pytest

from shared import ids

CUSTOMER = {
    "kind": "person", "given_name": None, "family_name": None, "company_name": None, "employer_name": None,
    "company_id": None, "phones": [], "emails": [], "addresses": [], "tags": [], "language": None,
    "status": "active", "identities": [], "created_at": "2026-11-02T08:00:00.000Z",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(service):
    return service("service_desk")


@pytest.fixture
def known_customer(desk) -> Callable[..., str]:
    """`known_customer()`: somebody of whom the service desk has heard; answers the id."""

    def known(customer_id: str | None = None) -> str:
        customer_id = customer_id or ids.new_id()
        first_heard = {"version": 0, "name": "张伟", "tier": None}
        desk.database["customers"].update_one({"_id": customer_id}, {"$setOnInsert": first_heard}, upsert=True)
        return customer_id

    return known


@pytest.fixture
def opened(desk, known_customer) -> Callable[..., dict[str, Any]]:
    """`opened(priority="urgent")` opens a ticket and answers it."""

    def open_one(as_: str = "agent.zhao", **fields: Any) -> dict[str, Any]:
        given = {"subject": "打印机无法联网", "type": "defect", "channel": "email"}
        if "contact" not in fields:
            given["customer_id"] = known_customer(fields.get("customer_id"))
        response = desk.post("/v1/tickets", given | fields, as_=as_)
        assert response.status_code == 201, response.json
        return response.json

    return open_one


@pytest.fixture
def announced(desk) -> Callable[..., None]:
    """`announced(id, name="张伟")` puts a state of a customer on crm.customer."""

    def announce(
        customer_id: str,
        *,
        version: int = 1,
        name: str = "张伟",
        tier: str | None = "A",
        intake: list[str] | None = None,
    ) -> None:
        answered = [{"source": "service-desk-ticket", "id": id} for id in intake or []]
        desk.publish(
            {
                "type": f"customer.customer.{'registered' if version == 1 else 'changed'}",
                "topic": "crm.customer",
                "subject": customer_id,
                "customer_id": customer_id,
                "version": version,
                "data": CUSTOMER | {"display_name": name, "tier": tier, "recent_intake": answered},
            }
        )

    return announce
