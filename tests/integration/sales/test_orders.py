"""Orders: from an opportunity or placed directly, and on to completed."""

import pytest


@pytest.fixture
def won_deal(sales, known_customer, product):
    """An open opportunity for two pieces of a product at 100."""
    sku = product(price=100)["sku"]
    body = {"customer_id": known_customer(name="云帆科技"), "name": "x", "lines": [{"sku": sku, "quantity": 2}]}
    return sales.post("/v1/opportunities", body | {"campaign_code": "SPRING-2026"}, as_="rep.li").get_json()


def test_an_order_wins_its_opportunity(sales, won_deal):
    sales.relay()
    url = f"/v1/opportunities/{won_deal['id']}"

    placed = sales.post(f"{url}/orders", {}, as_="rep.li", key="order-1")
    again = sales.post(f"{url}/orders", {}, as_="rep.li", key="order-1")

    order = placed.get_json()
    assert placed.status_code == 201
    assert (order["status"], order["total"]) == ("placed", {"amount": 200, "currency": "CNY"})
    assert (order["customer_name"], order["campaign_code"], order["owner_id"]) == ("云帆科技", "SPRING-2026", "rep.li")
    assert order["number"].startswith("SO-20")
    assert again.get_json() == order
    assert sales.get(url, as_="rep.li").get_json()["stage"] == "won"
    assert sorted(event.type for event in sales.relay()) == ["sales.opportunity.won", "sales.order.placed"]


def test_a_lost_opportunity_is_not_ordered_and_a_won_one_may_be_ordered_again(sales, won_deal, product):
    url = f"/v1/opportunities/{won_deal['id']}"
    sales.post(f"{url}/move", {"stage": "lost", "lost_reason": "price"}, as_="rep.li")
    lost = sales.post(f"{url}/orders", {}, as_="rep.li")
    sales.post(f"{url}/reopen", {"stage": "proposal"}, as_="rep.li")

    first = sales.post(f"{url}/orders", {}, as_="rep.li")
    second = sales.post(f"{url}/orders", {"lines": [{"sku": product(price=7)["sku"]}]}, as_="rep.li")

    assert (lost.status_code, lost.get_json()["code"]) == (409, "opportunity-lost")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json()["total"]["amount"] == 7
    assert first.get_json()["number"] < second.get_json()["number"]
    listed = sales.get(f"/v1/orders?opportunity_id={won_deal['id']}", as_="rep.li").get_json()["items"]
    assert len(listed) == 2


def test_an_opportunity_without_products_is_ordered_with_lines_only(sales, known_customer, product):
    body = {"customer_id": known_customer(), "name": "x", "amount": {"amount": 9, "currency": "CNY"}}
    url = f"/v1/opportunities/{sales.post('/v1/opportunities', body, as_='rep.li').get_json()['id']}/orders"

    assert sales.post(url, {}, as_="rep.li").status_code == 422
    assert sales.post(url, {"lines": [{"sku": product()["sku"]}]}, as_="rep.li").status_code == 201


@pytest.mark.parametrize(("agreed", "worth"), [(0, 300), (250, 250)])
def test_an_opportunity_without_an_amount_is_worth_its_order(sales, known_customer, product, agreed, worth):
    body = {"customer_id": known_customer(), "name": "x", "amount": {"amount": agreed, "currency": "USD"}}
    url = f"/v1/opportunities/{sales.post('/v1/opportunities', body, as_='rep.li').get_json()['id']}"
    sku = product(price=150)["sku"]
    sales.relay()

    order = sales.post(f"{url}/orders", {"lines": [{"sku": sku, "quantity": 2}]}, as_="rep.li").get_json()

    told = {event.type: event.data for event in sales.relay()}
    amount = {"amount": worth, "currency": "USD" if agreed else "CNY"}
    assert order["total"] == {"amount": 300, "currency": "CNY"}
    assert told["sales.opportunity.won"]["amount"] == sales.get(url, as_="rep.li").get_json()["amount"] == amount


def test_an_order_goes_its_way_to_completed(sales, known_customer, product):
    body = {"customer_id": known_customer(), "lines": [{"sku": product(price=3)["sku"], "quantity": 4}]}
    order = sales.post("/v1/orders", body, as_="rep.li").get_json()
    url = f"/v1/orders/{order['id']}"
    sales.relay()

    too_early = sales.post(f"{url}/ship", as_="rep.li")
    steps = [sales.post(f"{url}/{step}", as_="rep.li").get_json()["status"] for step in ("confirm", "ship", "complete")]
    too_late = sales.post(f"{url}/cancel", {"reason": "customer-request"}, as_="rep.li")

    assert order["total"] == {"amount": 12, "currency": "CNY"}
    assert (too_early.status_code, too_late.status_code) == (409, 409)
    assert steps == ["confirmed", "shipped", "completed"]
    assert [event.type.rpartition(".")[2] for event in sales.relay()] == ["confirmed", "shipped", "completed"]
    assert sales.get(url, as_="agent.zhao").headers["ETag"] == '"4"'


def test_an_order_is_cancelled_with_a_reason(sales, known_customer, product):
    body = {"customer_id": known_customer(), "lines": [{"sku": product()["sku"]}]}
    url = f"/v1/orders/{sales.post('/v1/orders', body, as_='rep.li').get_json()['id']}"

    cancelled = sales.post(f"{url}/cancel", {"reason": "out-of-stock"}, as_="rep.li")

    assert (cancelled.get_json()["status"], cancelled.get_json()["cancel_reason"]) == ("cancelled", "out-of-stock")


def test_an_order_needs_a_customer_and_products(sales, known_customer, product):
    sku = product()["sku"]
    customer = known_customer()

    assert sales.post("/v1/orders", {"customer_id": "nobody", "lines": [{"sku": sku}]}, as_="rep.li").status_code == 409
    for lines in ([], [{"sku": sku, "quantity": 0}], [{"sku": sku, "product_id": "x"}], [{"sku": sku}] * 101):
        assert sales.post("/v1/orders", {"customer_id": customer, "lines": lines}, as_="rep.li").status_code == 422


def test_products_are_listed_by_sku_and_changed_by_managers(sales, product):
    made = product(price=5)
    url = f"/v1/products/{made['id']}"

    changed = sales.patch(url, {"active": False}, as_="manager.wang", if_match='"1"')
    same_sku = sales.post(
        "/v1/products", {name: made[name] for name in ("sku", "name", "list_price")}, as_="admin.root"
    )

    assert changed.get_json()["active"] is False
    assert (same_sku.status_code, same_sku.get_json()["code"]) == (409, "sku-taken")
    assert sales.patch(url, {"active": True}, as_="rep.li", if_match='"2"').status_code == 403
    inactive = sales.get("/v1/products?active=false", as_="rep.li").get_json()["items"]
    assert made["id"] in [row["id"] for row in inactive]
    skus = [row["sku"] for row in sales.get("/v1/products?limit=200", as_="rep.li").get_json()["items"]]
    assert skus == sorted(skus)
