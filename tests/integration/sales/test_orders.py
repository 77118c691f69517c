"""Orders: from an opportunity or placed directly, and on to completed."""

import threading

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


CNY_9 = {"amount": 9, "currency": "CNY"}
CNY_200 = {"amount": 200, "currency": "CNY"}


def deal(sales, customer: str, **fields) -> str:
    """The path of a new opportunity."""
    made = sales.post("/v1/opportunities", {"customer_id": customer, "name": "x"} | fields, as_="rep.li")
    assert made.status_code == 201, made.get_json()
    return f"/v1/opportunities/{made.get_json()['id']}"


def refusal(answer) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_lost_opportunity_is_not_ordered(sales, won_deal):
    url = f"/v1/opportunities/{won_deal['id']}"
    sales.post(f"{url}/move", {"stage": "lost", "lost_reason": "price"}, as_="rep.li")

    assert refusal(sales.post(f"{url}/orders", {}, as_="rep.li")) == (409, "opportunity-lost")


def test_an_opportunity_is_ordered_once_unless_another_order_is_wanted(sales, won_deal):
    url = f"/v1/opportunities/{won_deal['id']}/orders"

    first = sales.post(url, {}, as_="rep.li")
    refused = sales.post(url, {}, as_="rep.li")
    second = sales.post(url, {"another": True}, as_="rep.li")

    assert (first.status_code, second.status_code) == (201, 201)
    assert refusal(refused) == (409, "opportunity-ordered-already")
    ordered = first.get_json()
    assert refused.get_json()["orders"] == [{name: ordered[name] for name in ("id", "number", "status", "total")}]
    assert int(second.get_json()["number"][-6:]) == int(ordered["number"][-6:]) + 1  # A refused one took no number.
    listed = sales.get(f"/v1/orders?opportunity_id={won_deal['id']}", as_="rep.li").get_json()["items"]
    assert len(listed) == 2


def test_after_its_order_was_cancelled_an_opportunity_is_ordered_again(sales, won_deal):
    url = f"/v1/opportunities/{won_deal['id']}/orders"
    first = sales.post(url, {}, as_="rep.li").get_json()
    sales.post(f"/v1/orders/{first['id']}/cancel", {"reason": "wrong-order"}, as_="rep.li")

    assert sales.post(url, {}, as_="rep.li").status_code == 201


def test_two_people_who_order_a_won_opportunity_at_once_place_one_order(sales, won_deal):
    url = f"/v1/opportunities/{won_deal['id']}"
    sales.post(f"{url}/move", {"stage": "won"}, as_="rep.li")
    together, answers = threading.Barrier(4), []

    def order() -> None:
        together.wait()
        answers.append(sales.post(f"{url}/orders", {}, as_="rep.li").status_code)

    threads = [threading.Thread(target=order) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [201, 409, 409, 409]


@pytest.mark.parametrize("stage", ["open", "won"])
def test_an_order_of_another_sum_than_agreed_is_asked_for(sales, known_customer, product, stage):
    lines = [{"sku": product(price=100)["sku"], "quantity": 2}]
    url = deal(sales, known_customer(), lines=lines, amount=CNY_9)
    if stage == "won":
        sales.post(f"{url}/move", {"stage": "won"}, as_="rep.li")

    asked = sales.post(f"{url}/orders", {}, as_="rep.li")
    neither = sales.post(f"{url}/orders", {"total": {"amount": 100, "currency": "CNY"}}, as_="rep.li")
    foreign = sales.post(f"{url}/orders", {"total": {"amount": 9, "currency": "JPY"}}, as_="rep.li")

    for refused in (asked, neither, foreign):
        assert refusal(refused) == (409, "order-total-differs")
        assert (refused.get_json()["lines_total"], refused.get_json()["agreed"]) == (CNY_200, CNY_9)
    assert "CNY 2.00" in asked.get_json()["detail"]
    assert sales.get(f"/v1/orders?opportunity_id={url.rpartition('/')[2]}", as_="rep.li").get_json()["items"] == []


@pytest.mark.parametrize("chosen", [CNY_9, CNY_200])
def test_the_customer_pays_what_the_rep_chose(sales, known_customer, product, chosen):
    lines = [{"sku": product(price=100)["sku"], "quantity": 2}]
    url = deal(sales, known_customer(), lines=lines, amount=CNY_9)
    sales.relay()

    order = sales.post(f"{url}/orders", {"total": chosen}, as_="rep.li")

    told = {event.type: event.data for event in sales.relay()}
    assert order.status_code == 201
    assert order.get_json()["total"] == told["sales.order.placed"]["total"] == chosen
    assert told["sales.opportunity.won"]["amount"] == CNY_9


def test_a_total_that_the_prices_have_left_behind_is_refused(sales, won_deal):
    url = f"/v1/opportunities/{won_deal['id']}/orders"

    refused = sales.post(url, {"total": CNY_9}, as_="rep.li")

    assert refusal(refused) == (409, "order-total-differs")
    assert sales.post(url, {"total": CNY_200}, as_="rep.li").status_code == 201


def test_an_opportunity_without_products_is_ordered_with_lines_only(sales, known_customer, product):
    url = deal(sales, known_customer(), amount=CNY_9) + "/orders"

    assert sales.post(url, {}, as_="rep.li").status_code == 422
    assert sales.post(url, {"lines": [{"sku": product(price=9)["sku"]}]}, as_="rep.li").status_code == 201


def test_an_opportunity_without_an_amount_is_worth_its_order(sales, known_customer, product):
    url = deal(sales, known_customer(), amount={"amount": 0, "currency": "USD"})
    sku = product(price=150)["sku"]
    sales.relay()

    order = sales.post(f"{url}/orders", {"lines": [{"sku": sku, "quantity": 2}]}, as_="rep.li").get_json()

    told = {event.type: event.data for event in sales.relay()}
    amount = {"amount": 300, "currency": "CNY"}
    assert order["total"] == amount
    assert told["sales.opportunity.won"]["amount"] == sales.get(url, as_="rep.li").get_json()["amount"] == amount


def test_an_order_in_another_currency_than_agreed_is_refused(sales, known_customer, product):
    url = deal(sales, known_customer(), amount={"amount": 50, "currency": "USD"})
    lines = [{"sku": product(price=100)["sku"]}]

    for total in (None, {"amount": 100, "currency": "CNY"}, {"amount": 50, "currency": "USD"}):
        refused = sales.post(f"{url}/orders", {"lines": lines} | ({"total": total} if total else {}), as_="rep.li")
        assert refusal(refused) == (409, "order-currency-differs")
    in_dollars = [line | {"unit_price": {"amount": 50, "currency": "USD"}} for line in lines]
    assert sales.post(f"{url}/orders", {"lines": in_dollars}, as_="rep.li").status_code == 201


def test_what_is_not_sold_any_more_is_refused_on_every_way_to_a_line(sales, known_customer, new_lead, product):
    customer, made = known_customer(), product(price=100)
    lines = [{"sku": made["sku"]}]
    url = deal(sales, customer, lines=lines)
    lead = f"/v1/leads/{new_lead()['id']}"
    sales.post(f"{lead}/qualify", as_="rep.li")
    sales.patch(f"/v1/products/{made['id']}", {"active": False}, as_="manager.wang", if_match='"1"')

    answers = [
        sales.post(f"{url}/orders", {}, as_="rep.li"),
        sales.post(f"{url}/orders", {"lines": lines}, as_="rep.li"),
        sales.post("/v1/orders", {"customer_id": customer, "lines": lines}, as_="rep.li"),
        sales.post("/v1/opportunities", {"customer_id": customer, "name": "x", "lines": lines}, as_="rep.li"),
        sales.patch(url, {"lines": lines}, as_="rep.li", if_match="*"),
        sales.post(f"{lead}/convert", {"customer_id": customer, "lines": lines}, as_="rep.li"),
    ]

    assert [refusal(answer) for answer in answers] == [(409, "product-not-active")] * len(answers)


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


CNY_0 = {"amount": 0, "currency": "CNY"}


def test_a_rep_agrees_any_price_but_gives_nothing_away(sales, known_customer, product):
    item, customer = product(price=100)["sku"], known_customer()
    cheap = {"sku": item, "unit_price": {"amount": 1, "currency": "CNY"}}
    free, with_free = {"sku": item, "unit_price": CNY_0}, f"{deal(sales, customer, amount=CNY_0)}/orders"

    def place(*lines: dict, as_: str = "rep.li"):
        return sales.post("/v1/orders", {"customer_id": customer, "lines": list(lines)}, as_=as_)

    assert place(cheap).status_code == 201
    assert refusal(place(cheap, free)) == (403, "price-zero")
    assert refusal(sales.post(with_free, {"lines": [free]}, as_="rep.li")) == (403, "price-zero")
    assert place(cheap, free, as_="manager.wang").status_code == 201


def test_a_deal_at_no_price_is_ordered_by_a_manager(sales, known_customer, product):
    lines = [{"sku": product(price=100)["sku"], "quantity": 2}]
    won = deal(sales, known_customer(), lines=lines, amount=CNY_0)
    assert sales.post(f"{won}/move", {"stage": "won"}, as_="rep.li").status_code == 200
    path = f"{won}/orders"

    assert refusal(sales.post(path, {"total": CNY_0}, as_="rep.li")) == (403, "price-zero")
    assert sales.post(path, {"total": CNY_0}, as_="manager.wang").get_json()["total"] == CNY_0


def test_what_has_no_price_is_free_for_everybody(sales, known_customer, product):
    lines = [{"sku": product(price=0)["sku"]}, {"sku": product(price=100)["sku"]}]

    placed = sales.post("/v1/orders", {"customer_id": known_customer(), "lines": lines}, as_="rep.li")

    assert placed.status_code == 201
