"""Customers: people and companies, their names, lists and identities."""

from datetime import UTC, datetime

import pytest

from services.customer.domain import customer as customers
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import Customer, Identity
from shared.problems import Conflict, Invalid, NotFound

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def person(**fields) -> Customer:
    return customers.register(id="c1", at=AT, kind="person", **({"given_name": "小明", "family_name": "王"} | fields))


def identity(number: int) -> Identity:
    return Identity("accounting", str(number), "contract", linked_at=AT, linked_by="rep.li")


def fields_of(problem: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [error.field for error in problem.value.errors]


def test_a_person_is_shown_by_the_whole_name():
    assert person().display_name == "王小明"


def test_a_company_is_shown_by_its_name():
    company = customers.register(id="c2", at=AT, kind="company", company_name="浦江光学有限公司")

    assert company.display_name == "浦江光学有限公司"


def test_a_customer_without_a_name_is_refused():
    with pytest.raises(Invalid) as of_person:
        person(given_name=None, family_name=None)
    with pytest.raises(Invalid) as of_company:
        customers.register(id="c2", at=AT, kind="company")

    assert fields_of(of_person) == ["given_name"]
    assert fields_of(of_company) == ["company_name"]


def test_a_company_has_no_employer_and_a_person_no_company_name():
    with pytest.raises(Invalid) as of_company:
        customers.register(id="c2", at=AT, kind="company", company_name="ABB", employer_name="ABB", given_name="A")
    with pytest.raises(Invalid) as of_person:
        person(company_name="ABB")

    assert fields_of(of_company) == ["given_name", "employer_name"]
    assert fields_of(of_person) == ["company_name"]


def test_a_change_of_name_changes_what_is_shown_and_what_is_found():
    changed = person().change({"given_name": "小红"}, at=LATER)

    assert changed.display_name == "王小红"
    assert "小红" in changed.lookup.terms
    assert "小明" not in changed.lookup.terms
    assert changed.updated_at == LATER


def test_the_same_number_twice_is_kept_once():
    numbers = [Phone("+8613800138000", "mobile"), Phone("+862150501234"), Phone("+8613800138000", "work")]

    assert person(phones=numbers).phones == numbers[:2]


def test_a_contact_point_that_is_removed_is_no_longer_claimed():
    from_intake = customers.indexed(
        Customer(
            id="c1",
            version=1,
            kind="person",
            display_name="王小明",
            given_name="小明",
            created_at=AT,
            updated_at=AT,
            phones=[Phone("+8613800138000")],
            emails=[Email("a@b.cn")],
            claims=["email:a@b.cn", "phone:+8613800138000"],
        )
    )

    changed = from_intake.change({"phones": []}, at=LATER)

    assert changed.claims == ["email:a@b.cn"]


def test_an_identity_is_found_by_source_and_id_until_it_is_removed():
    linked = person().link_identity(identity(245))

    unlinked = linked.unlink_identity("accounting", "245", at=LATER)

    assert linked.lookup.keys == ["identity:accounting/245"]
    assert unlinked.lookup.keys == []
    with pytest.raises(NotFound):
        unlinked.unlink_identity("accounting", "245", at=LATER)


def test_a_customer_has_room_for_five_hundred_identities():
    full = person(identities=[identity(number) for number in range(500)])

    with pytest.raises(Conflict):
        full.link_identity(identity(500))
