"""Intake: who is it, and who is new?"""

import itertools
from datetime import UTC, datetime

import pytest

from services.customer.domain import customer as customers
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import Customer, IntakeRef
from services.customer.domain.intake import Directory, DirectoryFull, Intake

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
numbers = itertools.count(1)


def contact(full_name: str | None = None, **fields: str | None) -> Intake:
    return Intake(IntakeRef("sales-lead", f"lead-{next(numbers)}"), full_name=full_name, **fields)


def known(
    id: str, name: str = "Lucia Garcia", *, emails: tuple[str, ...] = (), phones: tuple[str, ...] = ()
) -> Customer:
    given, _, family = name.partition(" ")
    return customers.register(
        id=id,
        at=AT,
        kind="person",
        given_name=given,
        family_name=family or None,
        emails=[Email(address) for address in emails],
        phones=[Phone(number) for number in phones],
    )


def receive(directory: Directory, *contacts: Intake) -> list[str | None]:
    return [directory.receive(one, at=AT, new_id=lambda: f"new-{next(numbers)}") for one in contacts]


def test_an_equal_e_mail_address_is_the_same_customer_whatever_the_name():
    directory = Directory([known("c1", emails=("lucia@example.com",))])

    assert receive(directory, contact("L. G.", email="lucia@example.com")) == ["c1"]


def test_the_oldest_of_several_holders_of_an_e_mail_address_is_taken():
    directory = Directory([known("c2", emails=("info@example.com",)), known("c1", emails=("info@example.com",))])

    assert receive(directory, contact(email="info@example.com")) == ["c1"]


def test_an_equal_phone_is_the_same_customer_when_one_side_has_no_e_mail():
    directory = Directory([known("c1", phones=("+442079460018",))])

    assert receive(directory, contact("Ana", phone="+442079460018", email="ana@example.com")) == ["c1"]
    assert directory["c1"].emails == []


@pytest.mark.parametrize("full_name", ["garcia, LUCIA", None])
def test_a_contact_of_the_same_or_no_name_adds_its_contact_points(full_name):
    directory = Directory([known("c1", emails=("lucia@example.com",))])

    receive(directory, contact(full_name, email="lucia@example.com", phone="+442079460018"))

    assert directory["c1"].phones == [Phone("+442079460018")]
    assert directory["c1"].claims == ["email:lucia@example.com", "phone:+442079460018"]


@pytest.mark.parametrize("names", [{"full_name": "Mallory"}, {"company_name": "Mallory Ltd"}])
def test_whoever_knows_an_e_mail_address_cannot_attach_a_phone_under_another_name(names):
    directory = Directory([known("c1", emails=("lucia@example.com",))])
    told = contact(**names, email="lucia@example.com", phone="+442079460018")

    assert receive(directory, told) == ["c1"]
    assert (directory["c1"].phones, directory["c1"].employer_name) == ([], None)
    assert directory["c1"].claims == ["email:lucia@example.com"]
    assert directory["c1"].recent_intake == [told.ref]
    assert receive(directory, contact("Mallory", phone="+442079460018")) != ["c1"]


def test_a_person_of_a_known_company_adds_its_phone_and_one_of_another_does_not():
    office = customers.register(
        id="c1", at=AT, kind="company", company_name="浦江光学有限公司", emails=[Email("info@example.cn")]
    )
    directory = Directory([office])

    receive(
        directory,
        contact("王小明", company_name="浦江光学有限公司", email="info@example.cn", phone="+862150501234"),
        contact("王小明", company_name="Keller GmbH", email="info@example.cn", phone="+862150505678"),
    )

    assert directory["c1"].phones == [Phone("+862150501234")]


def test_an_equal_phone_with_another_e_mail_needs_the_same_name():
    directory = Directory([known("c1", emails=("lucia@example.com",), phones=("+442079460018",))])

    same, other = receive(
        directory,
        contact("garcia, lucia", phone="+442079460018", email="lucia@home.example"),
        contact("Ana Lopez", phone="+442079460018", email="ana@example.com"),
    )

    assert same == "c1"
    assert other != "c1"


def test_a_phone_of_several_customers_is_the_one_of_the_same_name():
    shared = ("+442079460018",)
    directory = Directory([known("c1", "Ana Lopez", phones=shared), known("c2", phones=shared)])

    assert receive(directory, contact("garcia, lucia", phone="+442079460018")) == ["c2"]


def test_of_several_with_the_same_phone_and_name_the_oldest_is_taken():
    directory = Directory([known("c2", phones=("+442079460018",)), known("c1", phones=("+442079460018",))])

    assert receive(directory, contact("Lucia Garcia", phone="+442079460018")) == ["c1"]


@pytest.mark.parametrize(
    "told", [{"full_name": "Eva Marin"}, {}, {"full_name": "Lucia Garcia", "email": "l@example.com"}]
)
def test_a_phone_of_several_customers_decides_nothing_without_the_name_or_with_another_e_mail(told):
    shared = ("+442079460018",)
    directory = Directory([known("c1", "Ana Lopez", phones=shared), known("c2", phones=shared)])

    (registered,) = receive(directory, contact(**told, phone="+442079460018"))

    assert registered not in ("c1", "c2")


def test_somebody_new_on_a_shared_phone_is_registered_once():
    shared = ("+442079460018",)
    directory = Directory([known("c1", phones=shared), known("c2", phones=shared)])

    first, again = receive(directory, *(contact("Eva Marin", phone="+442079460018") for _ in range(2)))

    assert first == again


def test_two_contacts_of_the_same_new_person_make_one_customer():
    directory = Directory([])

    ids = receive(
        directory,
        contact("王小明", phone="+8613800138000"),
        contact("王小明", phone="+8613800138000", email="ming@example.cn"),
        contact(email="ming@example.cn"),
    )

    assert len(set(ids)) == 1
    assert directory[ids[0]].display_name == "王小明"
    assert len(directory[ids[0]].recent_intake) == 3
    assert directory[ids[0]].claims == ["phone:+8613800138000", "email:ming@example.cn"]


def test_a_contact_that_was_answered_is_not_answered_again():
    directory = Directory([])
    first = contact("王小明", phone="+8613800138000")

    assert receive(directory, first, first)[1] is None


def test_only_one_customer_claims_a_shared_phone():
    directory = Directory([])

    one, other = receive(
        directory,
        contact("Lucia Garcia", phone="+442079460018", email="lucia@example.com"),
        contact("Ana Lopez", phone="+442079460018", email="ana@example.com"),
    )

    assert directory[one].claims == ["email:lucia@example.com", "phone:+442079460018"]
    assert directory[other].claims == ["email:ana@example.com"]
    assert directory[other].phones == [Phone("+442079460018")]


def test_a_lead_of_a_company_alone_registers_the_company():
    directory = Directory([])

    (id,) = receive(directory, contact(company_name="浦江光学有限公司", phone="+862150501234"))

    assert (directory[id].kind, directory[id].display_name) == ("company", "浦江光学有限公司")


def test_a_person_of_a_company_keeps_the_company_as_the_employer():
    directory = Directory([])

    (id,) = receive(directory, contact("王小明", company_name="浦江光学有限公司"))

    assert (directory[id].kind, directory[id].employer_name) == ("person", "浦江光学有限公司")


def test_an_unknown_caller_is_shown_by_the_number_until_there_is_a_name():
    directory = Directory([])

    (caller,) = receive(directory, contact(phone="+8613800138000"))
    shown_first = directory[caller].display_name
    (again,) = receive(directory, contact("王小明", phone="+8613800138000"))

    assert again == caller
    assert shown_first == "+8613800138000"
    assert directory[caller].display_name == "王小明"
    assert directory[caller].family_name == "王"


def test_a_contact_without_anything_is_refused():
    with pytest.raises(ValueError, match="neither a name nor a contact point"):
        contact()


def test_one_event_names_at_most_the_contacts_that_a_customer_remembers():
    directory = Directory([])
    receive(directory, *(contact(email="info@example.com") for _ in range(50)))

    with pytest.raises(DirectoryFull):
        receive(directory, contact(email="info@example.com"))


def test_a_customer_remembers_the_last_fifty_contacts():
    old = contact(email="info@example.com")
    customer = known("c1", emails=("info@example.com",))
    directory = Directory([customer])
    receive(directory, old)
    directory = Directory([directory["c1"]])

    receive(directory, *(contact(email="info@example.com") for _ in range(50)))

    assert len(directory["c1"].recent_intake) == 50
    assert old.ref not in directory["c1"].recent_intake
