"""Opportunities: the kanban, their stages, and imports."""

import pytest

CNY = {"amount": 100, "currency": "CNY"}


@pytest.fixture
def opened(sales, known_customer):
    """`opened(as_=…)`: an open opportunity."""

    def open_(*, as_: str = "rep.li", **fields) -> dict:
        body = {"customer_id": fields.pop("customer_id", None) or known_customer(), "name": "呼叫中心", "amount": CNY}
        made = sales.post("/v1/opportunities", body | fields, as_=as_)
        assert made.status_code == 201, made.get_json()
        return made.get_json()

    return open_


def test_an_opportunity_is_worth_its_lines(sales, opened, product):
    first, second = product(price=100), product(price=50)
    lines = [
        {"sku": first["sku"], "quantity": 2},
        {"product_id": second["id"], "quantity": 1, "unit_price": {"amount": 40, "currency": "CNY"}},
    ]

    summed = opened(lines=lines, amount={"amount": 230, "currency": "CNY"})
    agreed = sales.post(
        "/v1/opportunities", {"customer_id": summed["customer_id"], "name": "x", "lines": lines}, as_="rep.li"
    ).get_json()

    assert summed["amount"] == {"amount": 230, "currency": "CNY"}
    assert agreed["amount"] == {"amount": 240, "currency": "CNY"}
    assert [line["sku"] for line in agreed["lines"]] == [first["sku"], second["sku"]]


def test_amount_and_lines_are_in_one_currency_on_every_way(sales, known_customer, new_lead, product):
    customer, sku = known_customer(), product(price=100)["sku"]
    dollars, lines = {"amount": 50, "currency": "USD"}, [{"sku": sku}]
    priced = sales.post("/v1/opportunities", {"customer_id": customer, "name": "x", "lines": lines}, as_="rep.li")
    agreed = sales.post("/v1/opportunities", {"customer_id": customer, "name": "x", "amount": dollars}, as_="rep.li")
    lead = f"/v1/leads/{new_lead()['id']}"
    sales.post(f"{lead}/qualify", as_="rep.li")
    both = {"amount": dollars, "lines": lines}

    answers = [
        sales.post("/v1/opportunities", {"customer_id": customer, "name": "x"} | both, as_="rep.li"),
        sales.post(f"{lead}/convert", {"customer_id": customer} | both, as_="rep.li"),
        sales.patch(f"/v1/opportunities/{priced.json['id']}", {"amount": dollars}, as_="rep.li", if_match="*"),
        sales.patch(f"/v1/opportunities/{agreed.json['id']}", both, as_="rep.li", if_match="*"),
    ]

    for answer in answers:
        assert answer.status_code == 422
        error = answer.get_json()["errors"][0]
        assert (error["field"], error["rule"]) == ("amount", "one-currency")
    moved = sales.patch(f"/v1/opportunities/{agreed.json['id']}", {"lines": lines}, as_="rep.li", if_match="*")
    assert moved.get_json()["amount"] == {"amount": 100, "currency": "CNY"}


def test_without_its_lines_an_opportunity_is_worth_nothing_yet_unless_an_amount_is_agreed(sales, opened, product):
    lines = [{"sku": product(price=100)["sku"]}]
    url = f"/v1/opportunities/{opened(lines=lines)['id']}"

    emptied = sales.patch(url, {"lines": []}, as_="rep.li", if_match="*").get_json()
    sales.patch(url, {"lines": lines}, as_="rep.li", if_match="*")
    agreed = sales.patch(url, {"lines": [], "amount": CNY}, as_="rep.li", if_match="*").get_json()
    renamed = sales.patch(url, {"name": "y"}, as_="rep.li", if_match="*").get_json()

    assert (emptied["lines"], emptied["amount"]) == ([], {"amount": 0, "currency": "CNY"})
    assert agreed["amount"] == renamed["amount"] == CNY


def test_what_cannot_be_opened_is_explained(sales, known_customer, product):
    customer = known_customer()
    euro, yuan = product(currency="EUR"), product()
    good = {"customer_id": customer, "name": "x", "amount": CNY}

    def refused(**changes) -> tuple[int, str]:
        answer = sales.post("/v1/opportunities", good | changes, as_="rep.li")
        return answer.status_code, answer.get_json()["code"]

    assert refused(customer_id="nobody") == (409, "customer-not-known-yet")
    assert refused(lines=[{"sku": "NO-SUCH"}]) == (422, "invalid-fields")
    assert refused(lines=[{}]) == (422, "invalid-fields")
    assert (
        sales.post(
            "/v1/opportunities",
            {"customer_id": customer, "name": "x", "lines": [{"sku": euro["sku"]}, {"sku": yuan["sku"]}]},
            as_="rep.li",
        ).status_code
        == 422
    )
    assert refused(lines=[{"sku": product(active=False)["sku"]}]) == (409, "product-not-active")
    assert refused(amount={"amount": -1, "currency": "CNY"}) == (422, "invalid-fields")
    assert refused(owner_id="rep.garcia") == (403, "other-owner")
    assert refused(engaged_on="2020-01-01") == (403, "import-not-allowed")
    assert refused(stage="won") == (403, "import-not-allowed")


def test_an_opportunity_moves_over_the_board_and_is_lost_and_reopened(sales, opened):
    url = f"/v1/opportunities/{opened()['id']}"
    sales.relay()

    sales.post(f"{url}/move", {"stage": "proposal"}, as_="rep.li")
    no_reason = sales.post(f"{url}/move", {"stage": "lost"}, as_="rep.li")
    lost = sales.post(f"{url}/move", {"stage": "lost", "lost_reason": "price"}, as_="rep.li")
    closed = sales.post(f"{url}/move", {"stage": "won"}, as_="rep.li")
    reopened = sales.post(f"{url}/reopen", {"stage": "negotiation"}, as_="rep.li")

    assert no_reason.status_code == 422
    assert lost.get_json()["lost_reason"] == "price"
    assert (closed.status_code, closed.get_json()["code"]) == (409, "opportunity-lost")
    assert [entry["stage"] for entry in reopened.get_json()["history"]] == [
        "prospecting",
        "proposal",
        "lost",
        "negotiation",
    ]
    told = sales.relay()
    assert [event.type.rpartition(".")[2] for event in told] == ["moved", "lost", "reopened"]
    assert [event.data.get("reopened_from") for event in told] == [None, None, "lost"]


def test_the_event_of_a_reopened_sale_says_that_it_was_won_and_for_how_much(sales, opened):
    url = f"/v1/opportunities/{opened(amount=CNY)['id']}"
    sales.post(f"{url}/move", {"stage": "won"}, as_="rep.li")
    sales.relay()

    sales.post(f"{url}/reopen", {"stage": "proposal"}, as_="rep.li")

    (event,) = sales.relay()
    assert (event.data["reopened_from"], event.data["amount"]) == ("won", CNY)


def test_a_change_needs_the_version_that_was_read(sales, opened, product):
    opportunity = opened()
    url = f"/v1/opportunities/{opportunity['id']}"
    sku = product(price=700)["sku"]

    blind = sales.patch(url, {"name": "x"}, as_="rep.li")
    changed = sales.patch(
        url,
        {"name": "Call centre", "lines": [{"sku": sku}], "expected_close_on": "2027-03-31"},
        as_="rep.li",
        if_match='"1"',
    )
    stale = sales.patch(url, {"name": "x"}, as_="rep.li", if_match='"1"')
    empty = sales.patch(url, {}, as_="rep.li", if_match='"2"')

    assert (blind.status_code, stale.status_code, empty.status_code) == (428, 412, 422)
    assert changed.headers["ETag"] == '"2"'
    assert changed.get_json()["amount"] == {"amount": 700, "currency": "CNY"}
    assert changed.get_json()["expected_close_on"] == "2027-03-31"


def test_a_rep_cannot_touch_the_deal_of_a_colleague(sales, opened):
    url = f"/v1/opportunities/{opened(as_='rep.garcia')['id']}"

    assert sales.get(url, as_="rep.li").status_code == 403
    assert sales.post(f"{url}/move", {"stage": "proposal"}, as_="rep.li").status_code == 403
    assert sales.patch(url, {"name": "x"}, as_="rep.li", if_match='"1"').status_code == 403
    assert sales.post(f"{url}/orders", {}, as_="rep.li").status_code == 403
    assert sales.post(f"{url}/move", {"stage": "proposal"}, as_="exec.lin").status_code == 403
    assert sales.get(url, as_="exec.lin").status_code == 200


def test_the_board_shows_counts_sums_and_cards_of_each_stage(sales, opened, known_customer):
    customer = known_customer(name="云帆科技")
    for amount in (100, 200, 300):
        opened(as_="rep.garcia", customer_id=customer, amount={"amount": amount, "currency": "CNY"}, stage="proposal")
    opened(as_="rep.garcia", customer_id=customer, amount={"amount": 5, "currency": "USD"}, stage="proposal")
    won = opened(as_="rep.garcia", customer_id=customer)
    sales.post(f"/v1/opportunities/{won['id']}/move", {"stage": "won"}, as_="rep.garcia")

    board = sales.get("/v1/pipeline?owner=rep.garcia&cards=2", as_="manager.wang").get_json()["stages"]

    stages = {column["stage"]: column for column in board}
    assert [column["stage"] for column in board] == [
        "prospecting",
        "qualification",
        "proposal",
        "negotiation",
        "won",
        "lost",
    ]
    assert stages["proposal"]["count"] == 4
    assert stages["proposal"]["sums"] == [{"amount": 600, "currency": "CNY"}, {"amount": 5, "currency": "USD"}]
    assert [card["amount"]["amount"] for card in stages["proposal"]["cards"]] == [5, 300]
    assert stages["proposal"]["cards"][0]["customer_name"] == "云帆科技"
    assert stages["won"]["count"] == 1
    assert sales.get("/v1/pipeline?cards=0", as_="rep.li").status_code == 422
    assert sales.get(f"/v1/pipeline?cards={'9' * 5000}", as_="rep.li").status_code == 422


def test_an_import_brings_history_once(sales, known_customer, product):
    product_ = product(price=55000, currency="USD")
    body = {
        "customer_id": known_customer(name="Cancity"),
        "name": "GTX Plus Basic for Cancity",
        "stage": "won",
        "source": "crm-sales-opportunities",
        "external_ref": "1C1I7A6R",
        "owner_id": "moses.frase",
        "engaged_on": "2016-10-20",
        "closed_on": "2017-03-01",
        "amount": {"amount": 105400, "currency": "USD"},
        "lines": [{"sku": product_["sku"], "quantity": 1}],
    }
    sales.relay()

    first = sales.post("/v1/opportunities", body, as_="importer.xu")
    again = sales.post("/v1/opportunities", body, as_="importer.xu")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert (first.get_json()["engaged_on"], first.get_json()["closed_on"]) == ("2016-10-20", "2017-03-01")
    assert [event.type for event in sales.relay()] == ["sales.opportunity.opened", "sales.opportunity.won"]
    listed = sales.get("/v1/opportunities?source=crm-sales-opportunities", as_="importer.xu").get_json()["items"]
    assert [row["external_ref"] for row in listed] == ["1C1I7A6R"]
    board = sales.get("/v1/pipeline?owner=moses.frase&closed_since=2017-01-01", as_="operator.kim").get_json()["stages"]
    assert next(column["count"] for column in board if column["stage"] == "won") == 1


def test_an_event_carries_the_whole_state_without_names(sales, opened, product):
    sales.relay()
    opportunity = opened(lines=[{"sku": product()["sku"]}], name="机密 Secret deal")

    (event,) = [event for event in sales.relay() if event.type == "sales.opportunity.opened"]

    assert event.customer_id == opportunity["customer_id"]
    assert event.data["amount"] == CNY
    assert "Secret" not in str(event.data)
