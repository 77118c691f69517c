"""What people write reaches a campaign as contracts/vectors say."""

import itertools

import pytest

from tests.support import vectors

SEARCH, TEXTS, CURRENCIES = vectors.of("search"), vectors.of("texts"), vectors.of("currencies")
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def marketing(service):
    return service("marketing")


@pytest.fixture
def plan(marketing):
    def send(**fields):
        body = {
            "code": f"VECTOR-{next(numbers)}",
            "name": "Spring",
            "channels": ["email"],
            "starts_on": "2026-03-01",
            "ends_on": "2026-04-30",
            "budget": {"amount": 100, "currency": "CNY"},
        }
        return marketing.post("/v1/campaigns", body | fields, as_="marketer.chen")

    return send


def broken(answer) -> dict[str, str]:
    assert answer.status_code == 422
    return {error["field"]: error["rule"] for error in answer.json["errors"]}


@pytest.mark.parametrize("kind", ["found", "not_found"])
def test_a_campaign_is_found_by_its_name_as_the_vectors_say(marketing, plan, kind):
    for case in SEARCH[kind]:
        if not case["asked"]:
            continue
        id = plan(name=case["in"]).json["id"]
        query = {"q": case["asked"], "limit": 200}
        page = marketing.get("/v1/campaigns", query_string=query, as_="marketer.chen").json
        assert (id in {item["id"] for item in page["items"]}) == (kind == "found"), case


def test_a_campaign_is_found_by_its_code_and_by_its_new_name(marketing, plan):
    made = plan(code="LONTANO-2031")
    path = f"/v1/campaigns/{made.json['id']}"
    marketing.patch(path, {"name": "Łódź"}, as_="marketer.chen", if_match=made.headers["ETag"])

    for asked in ("lontano-2031", "LONT", "lodz"):
        page = marketing.get("/v1/campaigns", query_string={"q": asked}, as_="marketer.chen").json
        assert [item["id"] for item in page["items"]] == [made.json["id"]], asked


def test_a_search_reads_an_index_in_the_order_of_its_answer(marketing, plan):
    for number in range(60):
        assert plan(name=f"春季促销 Promotion {number}").status_code == 201

    for asked in ("促销", "春", "promo", "promotion 春季"):
        marketing.database.command("profile", 2)
        marketing.get("/v1/campaigns", query_string={"q": asked, "limit": 10}, as_="marketer.chen")
        marketing.database.command("profile", 0)
        (read,) = marketing.database["system.profile"].find({"op": "query", "command.find": "campaigns"})
        marketing.database["system.profile"].drop()
        assert "hasSortStage" not in read, asked
        assert read["docsExamined"] <= 20, asked


def test_texts_lose_what_cannot_be_seen_and_must_have_something_else(plan):
    for one in TEXTS["kept"]:
        assert plan(name=one["written"]).json["name"] == one["kept"]
    for blank in TEXTS["blank"]:
        assert broken(plan(name=blank)) == {"name": "blank"}


def test_a_budget_is_in_a_currency_of_the_list(plan):
    for currency in ("CNY", "JPY", "KWD"):
        assert plan(budget={"amount": 1, "currency": currency}).status_code == 201
    for currency in CURRENCIES["refused"]:
        assert broken(plan(budget={"amount": 1, "currency": currency})) == {"budget.currency": "currency"}


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_nobody_plans_is_refused(plan, day):
    assert "date-range" in broken(plan(starts_on=day)).values()
