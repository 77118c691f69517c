"""What contacts add to a known customer: shown to staff with its source, decided by them, and used for nothing before."""

import itertools

import pytest

from services.customer.repositories import customers as repository
from shared import ids

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def customer(service):
    return service("customer")


@pytest.fixture(autouse=True)
def _empty(customer):
    yield
    customer.relay()
    customer.database[repository.COLLECTION].delete_many({})


@pytest.fixture
def vera(customer) -> dict:
    """A customer whom staff registered with an e-mail address and a phone."""
    body = {
        "kind": "person",
        "given_name": "Vera",
        "family_name": "Victim",
        "emails": [{"address": "vera@example.com"}],
        "phones": [{"number": "+442079460018"}],
    }
    return customer.post("/v1/customers", body, as_="rep.li").json


def tell(customer, full_name: str | None = "VICTIM, Vera", **fields: str | None) -> str:
    """A lead of the partner eastgate arrives and is answered; answers its id."""
    lead_id = f"lead-{next(numbers)}"
    data = {"company_name": None, "email": None, "phone": None, "partner_id": "eastgate"} | fields
    customer.publish(
        {
            "type": "sales.intake.received",
            "topic": "crm.intake",
            "subject": lead_id,
            "data": {"source": {"source": "sales-lead", "id": lead_id}, "full_name": full_name} | data,
        }
    )
    customer.consume()
    return lead_id


def read(customer, customer_id: str) -> dict:
    return customer.get(f"/v1/customers/{customer_id}", as_="rep.li").json


def found(customer, q: str) -> list[str]:
    items = customer.get("/v1/customers", query_string={"q": q}, as_="rep.li").json["items"]
    return [item["id"] for item in items]


def decide(customer, customer_id: str, point: dict, step: str, **options):
    path = f"/v1/customers/{customer_id}/unverified/{point['id']}/{step}"
    return customer.post(path, as_=options.pop("as_", "rep.li"), **options)


def test_a_strangers_phone_stands_apart_with_its_source_and_is_neither_found_nor_matched_nor_announced(customer, vera):
    lead_id = tell(customer, email="vera@example.com", phone="+442079463388", company_name="Evil Ltd")

    shown = read(customer, vera["id"])
    assert ([phone["number"] for phone in shown["phones"]], shown["employer_name"]) == (["+442079460018"], None)
    assert [(one["kind"], one["value"], one["source"]) for one in shown["unverified"]] == [
        (kind, value, {"source": "sales-lead", "id": lead_id, "partner_id": "eastgate"})
        for kind, value in (("phone", "+442079463388"), ("employer", "Evil Ltd"))
    ]
    assert found(customer, "+442079463388") == []
    alike = customer.post("/v1/customers/match", {"phones": ["+442079463388"]}, as_="rep.li").json
    assert alike["items"] == []
    assert "3388" not in str([event.data for event in customer.relay()])

    tell(customer, None, phone="+442079463388")

    (caller,) = found(customer, "+442079463388")
    assert caller != vera["id"]


def test_a_confirmed_phone_is_the_customers_at_once(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]
    customer.relay()

    confirmed = decide(customer, vera["id"], point, "confirm", key=ids.new_id())

    assert confirmed.status_code == 200
    assert [phone["number"] for phone in confirmed.json["phones"]] == ["+442079460018", "+442079463388"]
    assert confirmed.json["unverified"] == []
    (event,) = customer.relay()
    assert (event.type, event.actor) == ("customer.customer.point-confirmed", "rep.li")
    assert {"number": "+442079463388", "label": "other", "extension": None} in event.data["phones"]
    assert found(customer, "+442079463388") == [vera["id"]]
    tell(customer, None, phone="+442079463388")
    assert found(customer, "+442079463388") == [vera["id"]]


def test_a_confirmed_name_and_employer_are_the_customers(customer):
    tell(customer, None, phone="+8613911112222")
    (caller,) = found(customer, "+8613911112222")
    tell(customer, "王小明", phone="+8613911112222", company_name="浦江光学有限公司")

    for _ in range(2):
        point = read(customer, caller)["unverified"][0]
        assert decide(customer, caller, point, "confirm").status_code == 200

    shown = read(customer, caller)
    assert (shown["family_name"], shown["given_name"], shown["employer_name"]) == ("王", "小明", "浦江光学有限公司")
    assert found(customer, "小明") == [caller]


def test_a_refused_phone_goes_and_the_same_partner_does_not_bring_it_again(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]

    refused = decide(customer, vera["id"], point, "refuse")
    tell(customer, email="vera@example.com", phone="+442079463388")

    assert (refused.status_code, refused.json["unverified"]) == (200, [])
    assert read(customer, vera["id"])["unverified"] == []
    assert [event.type for event in customer.relay()][-2:] == [
        "customer.customer.point-refused",
        "customer.customer.matched",
    ]


def test_a_step_that_changes_nothing_keeps_no_idempotency_key(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]
    confirmed = decide(customer, vera["id"], point, "confirm")
    key = ids.new_id()

    again = [decide(customer, vera["id"], point, "confirm", key=key) for _ in range(2)]

    assert [(one.status_code, one.json["version"]) for one in again] == [(200, confirmed.json["version"])] * 2
    assert not any("Idempotency-Replayed" in one.headers for one in again)


@pytest.mark.parametrize(("step", "other"), [("confirm", "refuse"), ("refuse", "confirm")])
def test_a_decision_can_be_repeated_and_not_turned_round(customer, vera, step, other):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]
    key = ids.new_id()
    first = decide(customer, vera["id"], point, step, key=key)

    replayed = decide(customer, vera["id"], point, step, key=key)
    again = decide(customer, vera["id"], point, step)
    turned = decide(customer, vera["id"], point, other)

    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert first.json == replayed.json == again.json
    assert (turned.status_code, turned.json["code"]) == (409, f"point-{step}{'ed' if step == 'confirm' else 'd'}")


def test_a_decision_about_something_unknown_or_an_old_version_is_refused(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]

    assert decide(customer, vera["id"], {"id": "lead-0-phone"}, "confirm").status_code == 404
    assert decide(customer, ids.new_id(), point, "confirm").status_code == 404
    assert decide(customer, vera["id"], point, "confirm", if_match='"1"').status_code == 412
    assert decide(customer, vera["id"], point, "refuse", as_="exec.lin").status_code == 403


def test_a_list_that_is_full_takes_no_confirmed_phone(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    (point,) = read(customer, vera["id"])["unverified"]
    full = {"phones": [{"number": f"+4420794600{n:02}"} for n in range(20)]}
    customer.patch(f"/v1/customers/{vera['id']}", full, as_="rep.li", if_match="*")

    answer = decide(customer, vera["id"], point, "confirm")

    assert (answer.status_code, answer.json["code"]) == (409, "too-many-phones")
    assert read(customer, vera["id"])["unverified"] == [point]


def test_saving_an_unverified_phone_among_the_customers_own_confirms_it(customer, vera):
    tell(customer, email="vera@example.com", phone="+442079463388")
    both = {"phones": [{"number": "+442079460018"}, {"number": "+442079463388", "label": "work"}]}

    saved = customer.patch(f"/v1/customers/{vera['id']}", both, as_="rep.li", if_match="*")
    removed = customer.patch(f"/v1/customers/{vera['id']}", {"phones": []}, as_="rep.li", if_match="*")

    assert (len(saved.json["phones"]), saved.json["unverified"]) == (2, [])
    assert (removed.json["phones"], removed.json["unverified"]) == ([], [])


class TestPossibleDuplicates:
    """Another name on a customer's phone is somebody new, until staff know better."""

    def test_both_pages_can_name_the_other(self, customer, vera):
        tell(customer, "Bob Other", phone="+442079460018")

        listed = customer.get(f"/v1/customers?possible_duplicate_of={vera['id']}", as_="rep.li").json["items"]

        assert [(one["display_name"], one["possible_duplicate_of"]) for one in listed] == [("Bob Other", [vera["id"]])]
        assert listed[0]["registered_from"]["partner_id"] == "eastgate"
        assert customer.relay()[-1].data["possible_duplicate_of"] == [vera["id"]]
        assert customer.get("/v1/customers?possible_duplicate_of=", as_="rep.li").status_code == 422

    def test_staff_say_that_the_two_are_different(self, customer, vera):
        tell(customer, "Bob Other", phone="+442079460018")
        listing = f"/v1/customers?possible_duplicate_of={vera['id']}"
        (bob,) = customer.get(listing, as_="rep.li").json["items"]
        customer.relay()
        step = f"/v1/customers/{bob['id']}/possible-duplicates/{vera['id']}/dismiss"

        dismissed, again = (customer.post(step, as_="rep.li") for _ in range(2))

        assert dismissed.json["possible_duplicate_of"] == []
        assert again.json == dismissed.json
        assert [event.type for event in customer.relay()] == ["customer.customer.changed"]
        assert customer.get(listing, as_="rep.li").json["items"] == []


def test_a_customer_who_was_stored_before_all_this_is_listed_and_read(customer, vera):
    later = {"unverified": "", "decisions": "", "possible_duplicate_of": "", "registered_from": ""}
    customer.database[repository.COLLECTION].update_one({"_id": vera["id"]}, {"$unset": later})

    (listed,) = customer.get("/v1/customers", as_="rep.li").json["items"]

    assert listed == read(customer, vera["id"])
    assert (listed["unverified"], listed["possible_duplicate_of"], listed["registered_from"]) == ([], [], None)
