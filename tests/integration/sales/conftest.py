"""What the sales tests share: customers as their service announces them, products, partners with keys."""

import itertools

import orjson
import pytest

from shared import events, ids

_numbers = itertools.count(1)


@pytest.fixture
def sales(service):
    return service("sales")


@pytest.fixture
def known_customer(sales):
    """`known_customer(name=…)`: the id of a customer that sales has heard of."""

    def announce(**changes) -> str:
        event = customer_event(**changes)
        sales.publish(event)
        sales.consume()
        return event["subject"]

    return announce


def customer_event(*, id: str | None = None, name: str = "张伟", version: int = 1, leads: tuple[str, ...] = ()) -> dict:
    type = "customer.customer.registered" if version == 1 else "customer.customer.matched"
    example = orjson.loads(events.schema_path(type).read_bytes())["examples"][0]
    id = id or ids.new_id()
    data = example | {
        "display_name": name,
        "recent_intake": [{"source": "sales-lead", "id": lead} for lead in leads],
    }
    return {
        "type": type,
        "topic": "crm.customer",
        "subject": id,
        "customer_id": id,
        "version": version,
        "data": data,
    }


@pytest.fixture
def product(sales):
    """`product(price=…)`: a product in the list."""

    def add(*, price: int = 482100, currency: str = "CNY", active: bool = True) -> dict:
        made = sales.post(
            "/v1/products",
            {
                "sku": f"GTX-{next(_numbers)}",
                "name": {"en": "GTX Pro", "zh": "GTX 专业版"},
                "list_price": {"amount": price, "currency": currency},
                "active": active,
            },
            as_="manager.wang",
        )
        assert made.status_code == 201
        return made.get_json()

    return add


@pytest.fixture
def partner(sales):
    """`partner()`: a partner with its key: `(id, headers)`."""

    def add(**options) -> tuple[str, dict[str, str]]:
        id = f"eastgate-{next(_numbers)}"
        body = {"id": id, "name": "东门渠道 Eastgate", "rate": 1000} | options
        assert sales.post("/v1/partners", body, as_="admin.root").status_code == 201
        key = sales.post(f"/v1/partners/{id}/keys", as_="admin.root").get_json()["key"]
        return id, {"X-Api-Key": key}

    return add


@pytest.fixture
def new_lead(sales):
    """`new_lead(as_=…)`: a lead that a member of staff entered."""

    def enter(*, as_: str = "rep.li", **fields) -> dict:
        body = {"source": "referral", "full_name": "Maria Garcia", "email": "maria@norte.example"} | fields
        made = sales.post("/v1/leads", body, as_=as_)
        assert made.status_code == 201
        return made.get_json()

    return enter
