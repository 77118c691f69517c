"""Demo opportunities in all stages, and orders in all statuses."""

from dataclasses import dataclass
from typing import Any

from stack.demo.catalogue import INTERESTS, PRODUCTS
from stack.demo.leads import CODES
from stack.demo.world import REPS, Known, World, in_parallel

OPPORTUNITIES = 60
ORDERS = 80
STAGES = (
    ["prospecting"] * 7 + ["qualification"] * 6 + ["proposal"] * 6 + ["negotiation"] * 4 + ["won"] * 6 + ["lost"] * 5
)
LOST_REASONS = ("price", "competitor", "no-budget", "no-decision", "timing", "product-fit")
MOVES = (("proposal",), ("proposal", "negotiation"), ())
CANCEL_REASONS = ("customer-request", "out-of-stock", "payment", "wrong-order")
ORDER_STEPS = ("confirm", "ship", "complete")


@dataclass(frozen=True)
class Deal:
    """An opportunity as it was planned: a later run must not depend on what has become of it."""

    id: str
    owner: str
    stage: str


def load_opportunities(world: World, converted: list[str]) -> list[Deal]:
    """Moves what leads became, and adds older ones; answers all that are open or won."""
    planned = [(number, world.chance.choice(world.customers)) for number in range(OPPORTUNITIES - len(converted))]
    moved = in_parallel(lambda numbered: _move(world, *numbered), enumerate(converted))
    opened = in_parallel(lambda plan: _open(world, *plan), planned)
    return [deal for deal in moved + opened if deal.stage != "lost"]


def load_orders(world: World, deals: list[Deal]) -> int:
    """Orders from opportunities (all that are won, and some that are won by it) and orders placed directly."""
    won = [deal for deal in deals if deal.stage == "won"]
    near = [deal for deal in deals if deal.stage == "negotiation"][:8]
    from_deals = [(number, deal) for number, deal in enumerate(won + near)]
    direct = [
        (number, world.chance.choice(world.customers), world.chance.sample(PRODUCTS, k=1 + number % 3))
        for number in range(ORDERS - len(from_deals))
    ]
    orders = in_parallel(lambda plan: _order_deal(world, *plan), from_deals)
    orders += in_parallel(lambda plan: _order(world, *plan), direct)
    world.orders = in_parallel(lambda numbered: _handle(world, *numbered), enumerate(orders))
    return len(orders)


def _move(world: World, number: int, id: str) -> Deal:
    moves, owner = MOVES[number % len(MOVES)], REPS[number % len(REPS)]
    for stage in moves:
        path = f"sales/v1/opportunities/{id}/move"
        world.api.post(path, {"stage": stage}, as_=owner, key=world.key("move", number, stage))
    return Deal(id, owner, moves[-1] if moves else "qualification")


def _open(world: World, number: int, known: Known) -> Deal:
    stage, owner, days = STAGES[number % len(STAGES)], REPS[number % len(REPS)], 5 + number * 2
    sku, *_ = PRODUCTS[number % len(PRODUCTS)]
    body = {
        "customer_id": known.customer_id,
        "name": INTERESTS[known.person.language][number % len(INTERESTS["zh"])],
        "stage": stage,
        "lines": [{"sku": sku, "quantity": 1 + number % 6}],
        "engaged_on": world.day(-days),
        "owner_id": owner,
        "source": "staff",
        "external_ref": world.key("deal", number),
        "campaign_code": CODES[number % len(CODES)] if number % 2 else None,
    }
    if stage in ("won", "lost"):
        body["closed_on"] = world.day(-days // 2)
    else:
        body["expected_close_on"] = world.day(7 + number * 2)
    if stage == "lost":
        body["lost_reason"] = LOST_REASONS[number % len(LOST_REASONS)]
    opened = world.api.post("sales/v1/opportunities", body, as_="importer.xu", key=world.key("opportunity", number))
    return Deal(opened["id"], owner, stage)


def _order_deal(world: World, number: int, deal: Deal) -> dict[str, Any]:
    path = f"sales/v1/opportunities/{deal.id}/orders"
    return world.api.post(path, {}, as_=deal.owner, key=world.key("deal-order", number))


def _order(world: World, number: int, known: Known, products: list[tuple]) -> dict[str, Any]:
    body = {
        "customer_id": known.customer_id,
        "lines": [{"sku": sku, "quantity": 1 + (number + place) % 5} for place, (sku, *_) in enumerate(products)],
        "campaign_code": CODES[number % len(CODES)] if number % 3 == 0 else None,
    }
    return world.api.post("sales/v1/orders", body, as_=REPS[number % len(REPS)], key=world.key("order", number))


def _handle(world: World, number: int, order: dict[str, Any]) -> dict[str, Any]:
    """An eighth stays as placed, one in ten is cancelled, the others go part or all of the way."""
    path, owner = f"sales/v1/orders/{order['id']}", order["owner_id"]
    if number % 10 == 9:
        body = {"reason": CANCEL_REASONS[number % len(CANCEL_REASONS)]}
        return world.api.post(f"{path}/cancel", body, as_=owner, key=world.key("cancel", number))
    for step in ORDER_STEPS[: (0, 3, 3, 2, 3, 1, 3, 2)[number % 8]]:
        order = world.api.post(f"{path}/{step}", as_=owner, key=world.key(step, number))
    return order
