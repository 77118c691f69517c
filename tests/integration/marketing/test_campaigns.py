"""Campaigns over HTTP: planning, changing, the steps, the cost ledger, and what is published about them."""

import pytest

SPRING = {
    "code": "SPRING-2027",
    "name": "春季新品推广",
    "channels": ["email", "letter"],
    "starts_on": "2027-03-01",
    "ends_on": "2027-04-30",
    "budget": {"amount": 5_000_000, "currency": "CNY"},
    "target_notes": "华东地区 A 类客户",
}
PRINT = {
    "description": "印刷宣传册 2,000 份",
    "amount": {"amount": 1_250_000, "currency": "CNY"},
    "incurred_on": "2026-02-20",
    "category": "print",
}


@pytest.fixture
def marketing(service):
    harness = service("marketing")
    yield harness
    for name in ("campaigns", "campaign_results", "contributions"):
        harness.database[name].delete_many({})


def planned(marketing, **fields) -> dict:
    response = marketing.post("/v1/campaigns", SPRING | fields, as_="marketer.chen")
    assert response.status_code == 201, response.get_json()
    return response.get_json()


def test_a_marketer_plans_a_campaign_and_a_rep_reads_it(marketing):
    made = marketing.post("/v1/campaigns", SPRING, as_="marketer.chen")

    read = marketing.get(made.headers["Location"].removeprefix("/api/marketing"), as_="rep.li")

    assert made.status_code == 201
    assert read.get_json() == made.get_json()
    assert read.headers["ETag"] == '"1"'
    assert read.get_json()["owner"] == "marketer.chen"
    assert read.get_json()["status"] == "planned"


def test_two_campaigns_cannot_have_one_code(marketing):
    planned(marketing)

    again = marketing.post("/v1/campaigns", SPRING, as_="marketer.chen")

    assert (again.status_code, again.get_json()["code"]) == (409, "campaign-code-taken")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "spring"}, "code"),
        ({"code": "-SPRING"}, "code"),
        ({"code": "SPRING\n"}, "code"),
        ({"name": "  "}, "name"),
        ({"channels": []}, "channels"),
        ({"channels": ["email", "email"]}, "channels"),
        ({"channels": ["pigeon"]}, "channels.0"),
        ({"ends_on": "2027-02-28"}, "ends_on"),
        ({"budget": {"amount": 0, "currency": "CNY"}}, "budget.amount"),
        ({"budget": {"amount": 10.5, "currency": "CNY"}}, "budget.amount"),
        ({"budget": {"amount": 10, "currency": "yuan"}}, "budget.currency"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_field_is_named(marketing, wrong, field):
    refused = marketing.post("/v1/campaigns", SPRING | wrong, as_="marketer.chen")

    assert refused.status_code == 422
    assert [error["field"] for error in refused.get_json()["errors"]] == [field]


def test_the_same_key_plans_one_campaign(marketing):
    first = marketing.post("/v1/campaigns", SPRING, as_="marketer.chen", key="plan-1")
    again = marketing.post("/v1/campaigns", SPRING, as_="marketer.chen", key="plan-1")
    other = marketing.post("/v1/campaigns", SPRING | {"name": "Other"}, as_="marketer.chen", key="plan-1")

    assert again.status_code == 201
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")
    assert marketing.database["campaigns"].count_documents({}) == 1


def test_a_change_needs_the_version_that_was_read(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"

    blind = marketing.patch(url, {"name": "Spring"}, as_="marketer.chen")
    changed = marketing.patch(url, {"name": "Spring", "owner": "admin.root"}, as_="marketer.chen", if_match='"1"')
    late = marketing.patch(url, {"name": "Summer"}, as_="marketer.chen", if_match='"1"')
    nothing = marketing.patch(url, {}, as_="marketer.chen", if_match='"2"')

    assert blind.status_code == 428
    assert changed.status_code == 200
    assert (changed.get_json()["name"], changed.headers["ETag"]) == ("Spring", '"2"')
    assert late.status_code == 412
    assert nothing.status_code == 422


def test_a_campaign_runs_pauses_goes_on_and_finishes(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"

    statuses = [
        marketing.post(f"{url}/{step}", as_="marketer.chen").get_json()["status"]
        for step in ("start", "pause", "start", "finish")
    ]
    again = marketing.post(f"{url}/start", as_="marketer.chen")

    assert statuses == ["running", "paused", "running", "finished"]
    assert (again.status_code, again.get_json()["code"]) == (409, "campaign-finished")


def test_a_step_honours_the_version_when_it_is_given(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"

    assert marketing.post(f"{url}/start", as_="marketer.chen", if_match='"7"').status_code == 412
    assert marketing.post(f"{url}/start", as_="marketer.chen", if_match='"1"').status_code == 200


def test_a_repeated_step_with_the_same_key_is_one_step(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"

    first = marketing.post(f"{url}/start", as_="marketer.chen", key="start-1")
    again = marketing.post(f"{url}/start", as_="marketer.chen", key="start-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json()["version"] == first.get_json()["version"]


def test_costs_add_up_and_a_reversed_line_stays_visible(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"
    postage = PRINT | {
        "description": "Postage",
        "amount": {"amount": 120_000, "currency": "CNY"},
        "category": "postage",
    }

    marketing.post(f"{url}/costs", PRINT, as_="marketer.chen")
    both = marketing.post(f"{url}/costs", postage, as_="marketer.chen")
    line = both.get_json()["costs"][0]
    reversed_ = marketing.delete(f"{url}/costs/{line['id']}", as_="admin.root", if_match=both.headers["ETag"])
    again = marketing.delete(f"{url}/costs/{line['id']}", as_="admin.root", if_match=reversed_.headers["ETag"])
    unknown = marketing.delete(f"{url}/costs/nothing", as_="admin.root", if_match=reversed_.headers["ETag"])

    assert both.status_code == 201
    assert both.get_json()["cost"]["amount"] == 1_370_000
    assert reversed_.get_json()["cost"]["amount"] == 120_000
    assert reversed_.get_json()["costs"][0]["reversed_by"] == "admin.root"
    assert [again.status_code, unknown.status_code] == [409, 404]
    assert marketing.get(url, as_="rep.li").get_json() == reversed_.get_json()


def test_the_same_cost_sent_twice_with_one_key_is_one_line(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}/costs"

    marketing.post(url, PRINT, as_="marketer.chen", key="cost-1")
    again = marketing.post(url, PRINT, as_="marketer.chen", key="cost-1")

    assert again.status_code == 201
    assert len(again.get_json()["costs"]) == 1


def test_the_list_is_filtered_and_paged(marketing):
    for number in range(5):
        planned(marketing, code=f"LETTER-{number}", name=f"Letter {number}", channels=["letter"])
    fair = planned(marketing, code="FAIR", name="汉诺威展会", channels=["event"])
    marketing.post(f"/v1/campaigns/{fair['id']}/start", as_="marketer.chen")

    def codes(query: str) -> list[str]:
        return [row["code"] for row in marketing.get(f"/v1/campaigns?{query}", as_="exec.lin").get_json()["items"]]

    first = marketing.get("/v1/campaigns?limit=4", as_="exec.lin").get_json()
    second = marketing.get(f"/v1/campaigns?limit=4&cursor={first['next']}", as_="exec.lin").get_json()

    assert codes("status=running") == ["FAIR"]
    assert codes("channel=event") == ["FAIR"]
    assert codes("q=展会") == ["FAIR"]
    assert codes("q=letter-3") == ["LETTER-3"]
    assert codes("q=.*") == []
    assert [row["code"] for row in first["items"]] == ["FAIR", "LETTER-4", "LETTER-3", "LETTER-2"]
    assert [row["code"] for row in second["items"]] == ["LETTER-1", "LETTER-0"]
    assert second["next"] is None
    assert marketing.get("/v1/campaigns?status=lost", as_="exec.lin").status_code == 422


def test_only_marketers_and_administrators_write(marketing):
    url = f"/v1/campaigns/{planned(marketing)['id']}"

    refused = [
        marketing.post("/v1/campaigns", SPRING, as_="rep.li"),
        marketing.patch(url, {"name": "x"}, as_="manager.wang", if_match='"1"'),
        marketing.post(f"{url}/start", as_="exec.lin"),
        marketing.post(f"{url}/costs", PRINT, as_="rep.li"),
        marketing.get(url, as_="customer.zhang"),
        marketing.get("/v1/campaigns", as_="caller.sun"),
    ]

    assert {response.status_code for response in refused} == {403}
    assert marketing.get(url).status_code == 401


def test_what_happens_to_a_campaign_is_published_in_order_without_free_text(marketing):
    marketing.relay()
    campaign = planned(marketing)
    url = f"/v1/campaigns/{campaign['id']}"
    marketing.patch(url, {"name": "Spring"}, as_="marketer.chen", if_match='"1"')
    marketing.post(f"{url}/start", as_="marketer.chen")
    line = marketing.post(f"{url}/costs", PRINT, as_="marketer.chen").get_json()["costs"][0]
    marketing.delete(f"{url}/costs/{line['id']}", as_="marketer.chen", if_match='"4"')
    marketing.post(f"{url}/pause", as_="marketer.chen")
    marketing.post(f"{url}/finish", as_="marketer.chen")

    published = marketing.relay()

    assert [event.type.removeprefix("marketing.campaign.") for event in published] == [
        "planned",
        "changed",
        "started",
        "cost-added",
        "cost-reversed",
        "paused",
        "finished",
    ]
    assert [event.version for event in published] == [1, 2, 3, 4, 5, 6, 7]
    assert published[3].data["cost_by_category"] == {"print": 1_250_000}
    assert published[4].data["cost"] == {"amount": 0, "currency": "CNY"}
    assert {event.topic for event in published} == {"crm.campaign"}
    assert not any(text in str(event.data) for event in published for text in ("春季", "Spring", "印刷", "华东"))


def test_a_campaign_says_who_changed_it_last(marketing):
    made = planned(marketing)

    started = marketing.post(f"/v1/campaigns/{made['id']}/start", as_="admin.root").get_json()
    listed = marketing.get("/v1/campaigns", as_="rep.li").get_json()["items"]

    assert (made["updated_by"], started["updated_by"]) == ("marketer.chen", "admin.root")
    assert [row["updated_by"] for row in listed] == ["admin.root"]
