"""Search over HTTP, on a database with many customers: what is found, and that an index finds it."""

import random

import pytest

from services.customer.domain import customer as customers_domain
from services.customer.domain import search
from services.customer.domain.contact import Email, Phone
from services.customer.repositories import customers
from shared import aggregates, clock, ids

CROWD = 5_000


@pytest.fixture(scope="module")
def customer(service):
    """Among five thousand others: two people and a company that the tests look for."""
    harness = service("customer")
    chance = random.Random(7)
    crowd = [
        customers_domain.register(
            id=ids.new_id(),
            at=clock.now(),
            kind="person",
            given_name=chance.choice(["Ana", "Li", "Tom", "Eva", "Wei"]) + chance.choice("abcdefgh"),
            family_name=chance.choice(["Smith", "Novak", "Zhang", "Okafor"]) + str(number),
            phones=[Phone(f"+8613{number:09d}")],
            emails=[Email(f"person{number}@crowd.example")],
            tier=chance.choice(["B", "C", None]),
        )
        for number in range(CROWD)
    ]
    harness.database[customers.COLLECTION].insert_many([aggregates.to_document(one) for one in crowd])
    for body in (
        {
            "kind": "person",
            "given_name": "小明",
            "family_name": "王",
            "phones": [{"number": "021-5050 1234"}, {"number": "158 8888 6677"}],
            "emails": [{"address": "xiaoming.wang@pujiang.example"}],
            "tier": "A",
        },
        {
            "kind": "person",
            "given_name": "José",
            "family_name": "Christophersonburg",
            "phones": [{"number": "+44 20 7946 0018"}],
            "emails": [{"address": "info@christo.example"}],
        },
        {"kind": "company", "company_name": "上海浦东发展银行", "tier": "A"},
    ):
        assert harness.post("/v1/customers", body, as_="rep.li").status_code == 201
    return harness


def names(customer, **query) -> list[str]:
    response = customer.get("/v1/customers", query_string=query, as_="rep.li")
    assert response.status_code == 200, response.json
    return [item["display_name"] for item in response.json["items"]]


@pytest.mark.parametrize(
    "q",
    [
        "王小明",
        "小明",
        "明",
        "xiaoming.wang@pujiang.example",
        "XIAOMING.wang@pu",
        "xiaoming.wang@",
        "xiaoming",
        "021-5050 1234",
        "+86 21 5050 1234",
        "2150501234",
        "1234 ",
        "15888886677",
        "+8615888886677",
        "8888 6677",
        "6677",
    ],
)
def test_a_person_is_found_by_name_e_mail_or_any_phone(customer, q):
    assert "王小明" in names(customer, q=q)


@pytest.mark.parametrize(
    "q",
    [
        "jose",
        "JOSÉ christo",
        "christophersonb",
        "020 7946 0018",
        "+44 (0)20 7946 0018",
        "79460018",
        "info@",
        "info@chr",
    ],
)
def test_a_foreign_person_is_found_as_people_write(customer, q):
    assert names(customer, q=q) == ["José Christophersonburg"]


@pytest.mark.parametrize("q", ["浦东", "发展银行", "上海浦东发展银行", "银行 上海"])
def test_a_chinese_company_is_found_by_any_part_of_its_name(customer, q):
    assert names(customer, q=q) == ["上海浦东发展银行"]


def test_a_search_can_be_narrowed(customer):
    assert names(customer, tier="A") == ["上海浦东发展银行", "王小明"]
    assert names(customer, tier="A", kind="company") == ["上海浦东发展银行"]
    assert names(customer, q="小明", kind="company") == []


def test_pages_show_everybody_once(customer):
    seen, cursor = [], None
    while True:
        query = {"q": "novak", "limit": 200} | ({"cursor": cursor} if cursor else {})
        page = customer.get("/v1/customers", query_string=query, as_="rep.li").json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) > 1000
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("query", [{"q": ""}, {"q": "x" * 201}, {"kind": "robot"}, {"tier": "Z"}, {"limit": "0"}])
def test_a_search_that_makes_no_sense_is_refused(customer, query):
    assert customer.get("/v1/customers", query_string=query, as_="rep.li").status_code == 422


@pytest.mark.parametrize("q", ["!!", "\x00", "a\x00@b", "[", "(a+)+$@", "😀", "' or 1=1"])
def test_strange_texts_are_just_texts(customer, q):
    assert names(customer, q=q) == []


@pytest.mark.parametrize(
    ("q", "indexes"),
    [
        ("smith12", {"terms"}),
        ("ana smith", {"terms"}),
        ("christophersonburg", {"terms"}),
        ("小明", {"terms"}),
        ("xiaoming.wang@pu", {"emails"}),
        ("info@", {"terms"}),
        ("021-5050 1234", {"phone_tails", "terms"}),
        ("6677", {"phone_tails", "terms"}),
    ],
)
def test_every_search_reads_an_index_and_few_documents(customer, q, indexes):
    criteria = customers._asked(search.parse(q))

    plan = customer.database[customers.COLLECTION].find(criteria).sort("_id", -1).limit(51).explain()

    assert used(plan["queryPlanner"]["winningPlan"]) == indexes
    assert plan["executionStats"]["totalDocsExamined"] <= CROWD / 4
    assert plan["executionStats"]["totalKeysExamined"] <= CROWD / 4


@pytest.mark.parametrize(
    ("criteria", "index"),
    [
        ({"lookup.terms": "tier:A"}, "terms"),
        ({"lookup.keys": "identity:accounting/245"}, "keys"),
        ({"lookup.keys": {"$in": ["intake:sales-lead/1", "email:a@b.cn", "phone:+8613800138000"]}}, "keys"),
        ({"lookup.phone_tails": {"$in": ["0008310083168"]}}, "phone_tails"),
        ({"emails.address": {"$in": ["a@b.cn"]}}, "emails"),
    ],
)
def test_every_other_way_to_a_customer_reads_its_index(customer, criteria, index):
    plan = customer.database[customers.COLLECTION].find(criteria).explain()

    assert used(plan["queryPlanner"]["winningPlan"]) == {index}


@pytest.mark.parametrize(
    ("emails", "phones", "indexes"),
    [
        (["a@b.cn", "c@d.cn"], ["+8613800138000"], {"lookup.keys", "emails.address", "lookup.phone_tails"}),
        ([], ["+8613800138000"], {"lookup.keys", "lookup.phone_tails"}),
        ([], [], {"lookup.keys"}),
    ],
)
def test_the_question_who_a_contact_is_reads_only_indexes(customer, emails, phones, indexes):
    customer.database.command("profile", 2)
    try:
        with customer.bound():
            customers.find_for_intake(emails=emails, phones=phones, keys=["intake:sales-lead/none"])
    finally:
        customer.database.command("profile", 0)

    (asked,) = customer.database["system.profile"].find({"op": "query", "command.find": customers.COLLECTION})
    customer.database["system.profile"].drop()
    assert asked["docsExamined"] == 0
    assert all(index in asked["planSummary"] for index in indexes)


def used(plan: dict) -> set[str]:
    """The indexes of a plan; a scan of the collection is named too."""
    found = {plan["indexName"]} if "indexName" in plan else set()
    found |= {"COLLSCAN"} if plan.get("stage") == "COLLSCAN" else set()
    for name in ("inputStage", "queryPlan", "outerStage", "innerStage"):
        found |= used(plan[name]) if name in plan else set()
    for stage in plan.get("inputStages", []):
        found |= used(stage)
    return found
