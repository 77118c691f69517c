"""What people write reaches a customer as contracts/vectors say, by the API, in a search, and from other services."""

import pytest

from services.customer.repositories import customers
from shared import ids
from tests.support import vectors

PHONES, EMAILS, NAMES = vectors.of("phones"), vectors.of("emails"), vectors.of("names")
SEARCH, TEXTS = vectors.of("search"), vectors.of("texts")


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


@pytest.fixture
def create(customer):
    def send(**fields):
        body = {"kind": "company", "company_name": "Norte"} | fields
        return customer.post("/v1/customers", body, as_="rep.li")

    return send


def broken(answer) -> dict[str, str]:
    assert answer.status_code == 422
    return {error["field"]: error["rule"] for error in answer.json["errors"]}


def test_phone_numbers_are_kept_as_the_vectors_say(create):
    for one in PHONES["read"]:
        made = create(phones=[{"number": one["written"]}], country=one["country"]).json

        (kept,) = made["phones"]
        assert (kept["number"], kept["extension"]) == (one["number"], one["extension"]), one


def test_what_is_no_phone_number_is_refused_by_name(create):
    for one in PHONES["refused"]:
        answer = create(phones=[{"number": one["written"]}], country=one["country"])

        assert broken(answer) == {"phones.0.number": "phone-e164"}, one


def test_e_mail_addresses_are_kept_as_the_vectors_say(create):
    for one in EMAILS["read"]:
        assert create(emails=[{"address": one["written"]}]).json["emails"][0]["address"] == one["address"]


def test_what_is_no_e_mail_address_is_refused_by_name(create):
    for written in EMAILS["refused"]:
        assert broken(create(emails=[{"address": written}])) == {"emails.0.address": "email"}, written


def test_a_phone_and_an_address_are_found_in_every_notation(customer, create):
    id = create(phones=[{"number": "13654920000"}], emails=[{"address": "vi@found.example"}]).json["id"]

    for asked in (
        "\u202a+8613654920000\u202c",
        "\u2068136 5492 0000\u2069",
        "\u200e13654920000",
        "136\u20115492\u20110000",
        "tel:+8613654920000",
        "１３６５４９２００００",
        "vi@found.example\u200b",
        "<vi@found.example>",
        "Vi <vi@found.example>",
        "mailto:vi@found.example",
        "ｖｉ@found.example",
        "mailto:vi@",
        "vi@FOUND.ex",
    ):
        page = customer.get("/v1/customers", query_string={"q": asked}, as_="rep.li").json
        assert [item["id"] for item in page["items"]] == [id], asked


def test_an_extension_is_kept_apart_from_the_number_and_shown_again(customer, create):
    made = create(phones=[{"number": "010 6552 9988 ext. 12"}, {"number": "010 6552 9988"}])
    again = customer.patch(
        f"/v1/customers/{made.json['id']}", {"phones": made.json["phones"]}, as_="rep.li", if_match=made.headers["ETag"]
    )

    assert [(one["number"], one["extension"]) for one in again.json["phones"]] == [
        ("+861065529988", "12"),
        ("+861065529988", None),
    ]


@pytest.mark.parametrize("one", NAMES["joined"], ids=lambda one: one["shown"])
def test_a_person_is_shown_in_the_order_of_the_language(customer, one):
    body = {"kind": "person", "given_name": one["given"], "family_name": one["family"]}

    assert customer.post("/v1/customers", body, as_="rep.li").json["display_name"] == one["shown"]


def test_names_that_are_the_same_are_taken_for_a_possible_duplicate(customer, create):
    for one, other in NAMES["same"]:
        id = create(company_name=one).json["id"]
        page = customer.post("/v1/customers/match", {"full_name": other}, as_="rep.li").json

        assert id in {item["customer"]["id"] for item in page["items"]}, (one, other)


@pytest.mark.parametrize("kind", ["found", "not_found"])
def test_a_customer_is_found_as_the_vectors_say(customer, create, kind):
    for case in SEARCH[kind]:
        if not case["asked"]:
            continue
        id = create(company_name=case["in"]).json["id"]
        page = customer.get("/v1/customers", query_string={"q": case["asked"], "limit": 200}, as_="rep.li").json
        assert (id in {item["id"] for item in page["items"]}) == (kind == "found"), case


def test_names_lose_what_cannot_be_seen_and_must_have_something_else(create):
    for one in TEXTS["kept"]:
        assert create(company_name=one["written"]).json["company_name"] == one["kept"]
    for blank in TEXTS["blank"]:
        assert broken(create(company_name=blank)) == {"company_name": "blank"}
        assert broken(create(tags=["a", blank])) == {"tags.1": "blank"}


def intake(**said) -> dict:
    id = ids.new_id()
    data = {"source": {"source": "telephony-call", "id": id}, "full_name": None, "company_name": None, "email": None}
    return {
        "type": "telephony.intake.received",
        "topic": "crm.intake",
        "subject": id,
        "customer_id": None,
        "data": data | {"phone": None} | said,
    }


def test_a_short_number_never_makes_a_customer(customer):
    before = customer.database[customers.COLLECTION].count_documents({})

    customer.publish(*(intake(phone=number) for number in ("10086", "+8610086", "+8695588", "110", "8001")))
    customer.consume()

    assert customer.database[customers.COLLECTION].count_documents({}) == before


def test_the_same_person_in_another_notation_is_no_second_customer(customer, create):
    create(emails=[{"address": "same@person.example"}], company_name="Same Person")

    customer.publish(
        *(
            intake(company_name="Same Person", email=written)
            for written in ("same@person.example\u200b", "ｓａｍｅ@person.example", "mailto:same@person.example")
        )
    )
    customer.consume()

    assert customer.database[customers.COLLECTION].count_documents({"display_name": "Same Person"}) == 1


def test_who_writes_a_sign_for_a_name_is_one_customer_known_by_the_number(customer):
    phone = "+442079460777"

    customer.publish(*(intake(full_name=name, phone=phone) for name in NAMES["nameless"] if name))
    customer.consume()

    (kept,) = customer.database[customers.COLLECTION].find({"phones.number": phone})
    assert (kept["display_name"], kept["given_name"]) == (phone, None)
