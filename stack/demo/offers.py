"""Demo partners, products and campaigns: the catalogue, which is the same for every seed."""

from stack.client import Api, Refused
from stack.demo.catalogue import CAMPAIGNS, COSTS, PARTNERS, PRODUCTS
from stack.demo.world import World, in_parallel

CURRENCY = "CNY"


def yuan(amount: float) -> dict:
    return {"amount": round(amount * 100), "currency": CURRENCY}


def load_partners(api: Api) -> list[dict]:
    """The partners as they are stored, the first one with the moment of the first load."""
    return [_partner(api, partner) for partner in PARTNERS]


def load_products(world: World) -> int:
    in_parallel(lambda product: _product(world.api, *product), PRODUCTS)
    return len(PRODUCTS)


def load_campaigns(world: World) -> int:
    in_parallel(lambda campaign: _campaign(world, *campaign), CAMPAIGNS)
    return len(CAMPAIGNS)


def _partner(api: Api, partner: dict) -> dict:
    try:
        return api.post("sales/v1/partners", partner, as_="admin.root", key=f"demo-partner-{partner['id']}")
    except Refused as problem:
        if problem.status != 409:
            raise
        return api.get(f"sales/v1/partners/{partner['id']}", as_="admin.root")


def _product(api: Api, sku: str, english: str, chinese: str, price: int) -> None:
    body = {"sku": sku, "name": {"en": english, "zh": chinese}, "list_price": yuan(price)}
    api.post("sales/v1/products", body, as_="manager.wang", key=f"demo-product-{sku}")


def _campaign(world: World, code: str, name: str, channels: list[str], first: int, last: int, budget: int, step: str):
    api, person = world.api, "marketer.chen"
    body = {
        "code": code, "name": name, "channels": channels, "starts_on": world.day(first), "ends_on": world.day(last),
        "budget": yuan(budget),
    }  # fmt: skip
    campaign = api.post("marketing/v1/campaigns", body, as_=person, key=f"demo-campaign-{code}")
    if step == "plan":
        return
    path = f"marketing/v1/campaigns/{campaign['id']}"
    api.post(f"{path}/start", as_=person, key=f"demo-start-{code}")
    for number, (category, description, share) in enumerate(COSTS):
        cost = {
            "category": category, "description": description, "amount": yuan(budget * share),
            "incurred_on": world.day(min(0, first + number * 4)),
        }  # fmt: skip
        api.post(f"{path}/costs", cost, as_=person, key=f"demo-cost-{code}-{number}")
    if step != "start":
        api.post(f"{path}/{step}", as_=person, key=f"demo-{step}-{code}")
