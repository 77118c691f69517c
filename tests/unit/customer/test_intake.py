"""Intake: who is it, and who is new?"""

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customer import consumers
from services.customer.domain import customer as customers
from services.customer.domain import deciding
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import Customer, IntakeRef
from services.customer.domain.intake import Directory, DirectoryFull, Intake
from services.customer.domain.unverified import MAX_UNVERIFIED, Source
from shared.events import Event

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


@pytest.mark.parametrize(("full_name", "expected"), [(None, "c1"), ("Ana Lopez", "c1"), ("Marin, Eva", "c2")])
def test_of_several_with_an_e_mail_address_the_same_name_decides_and_then_the_age(full_name, expected):
    shared = ("info@example.com",)
    directory = Directory([known("c2", "Eva Marin", emails=shared), known("c1", emails=shared)])

    assert receive(directory, contact(full_name, email="info@example.com")) == [expected]


@pytest.mark.parametrize("told", [{}, {"email": "lucia@example.com"}])
def test_a_caller_without_a_name_is_the_only_customer_with_the_number(told):
    directory = Directory([known("c1", phones=("+442079460018",))])

    assert receive(directory, contact(**told, phone="+442079460018")) == ["c1"]


@pytest.mark.parametrize("told", [{"full_name": "Bob"}, {"full_name": "Bob", "email": "bob@example.com"}])
def test_an_equal_phone_under_another_name_is_somebody_new_who_may_be_the_same(told):
    directory = Directory([known("c1", "Anna Marin", phones=("+442079460018",))])

    (bob,) = receive(directory, contact(**told, phone="+442079460018"))

    assert bob != "c1"
    assert directory[bob].possible_duplicate_of == ["c1"]
    assert directory[bob].display_name == "Bob"
    assert "duplicate-of:c1" in directory[bob].lookup.terms
    assert receive(directory, contact("Bob", phone="+442079460018")) == [bob]


@pytest.mark.parametrize("full_name", ["garcia, LUCIA", None])
def test_what_a_contact_of_the_same_or_no_name_adds_is_unverified_and_identifies_nobody(full_name):
    directory = Directory([known("c1", emails=("lucia@example.com",))])
    company = "Evil Ltd" if full_name else None
    told = contact(
        full_name, email="lucia@example.com", phone="+442079460018", company_name=company, partner_id="eastgate"
    )

    assert receive(directory, told) == ["c1"]

    lucia = directory["c1"]
    assert (lucia.phones, lucia.employer_name, lucia.claims) == ([], None, [])
    assert lucia.lookup.phone_tails == []
    assert [(one.kind, one.value) for one in lucia.unverified] == [
        ("phone", "+442079460018"),
        *([("employer", company)] if company else []),
    ]
    assert {(one.source.id, one.source.partner_id, one.told_at) for one in lucia.unverified} == {
        (told.ref.id, "eastgate", AT)
    }
    (caller,) = receive(directory, contact(phone="+442079460018"))
    assert caller != "c1"


def test_a_value_is_unverified_once_however_often_it_is_told_and_never_more_than_twenty():
    directory = Directory([known("c1", emails=("lucia@example.com",))])
    told = [contact("Lucia Garcia", email="lucia@example.com", phone=f"+4420794600{n:02}") for n in range(25)]

    receive(directory, *told[:1], *told)

    assert [one.value for one in directory["c1"].unverified] == [f"+4420794600{n:02}" for n in range(20)]
    assert directory["c1"].unverified[0].source.id == told[0].ref.id


def test_a_refused_value_does_not_come_again_from_there_but_from_elsewhere():
    directory = Directory([known("c1", emails=("lucia@example.com",))])

    def told(**more: str) -> Intake:
        return contact("Lucia Garcia", email="lucia@example.com", phone="+442079460018", **more)

    receive(directory, told(partner_id="eastgate"))
    refused = deciding.refuse(directory["c1"], directory["c1"].unverified[0].id, by="rep.li", at=AT)
    directory = Directory([refused])

    receive(directory, told(partner_id="eastgate"))
    assert directory["c1"].unverified == []
    receive(directory, told(partner_id="westgate"))
    assert [one.source.partner_id for one in directory["c1"].unverified] == ["westgate"]


def test_each_extension_of_a_switchboard_is_told_and_decided_for_itself():
    directory = Directory([known("c1", emails=("lucia@example.com",))])

    def told(extension: str | None) -> Intake:
        return contact(
            email="lucia@example.com", phone="+862150501234", phone_extension=extension, partner_id="eastgate"
        )

    receive(directory, told("1"), told("2"), told("1"))
    assert [one.extension for one in directory["c1"].unverified] == ["1", "2"]
    refused = deciding.refuse(directory["c1"], directory["c1"].unverified[0].id, by="rep.li", at=AT)
    directory = Directory([refused])
    receive(directory, told("1"), told("2"), told("3"), told(None))
    assert [one.extension for one in directory["c1"].unverified] == ["2", "3", None]


@pytest.mark.parametrize("again", ["ACME Ltd", "acme ltd.", "Ltd, Acme"])
def test_a_refused_employer_does_not_come_again_in_another_notation(again):
    directory = Directory([known("c1", emails=("lucia@example.com",))])

    def told(employer: str) -> Intake:
        return contact("Lucia Garcia", email="lucia@example.com", company_name=employer)

    receive(directory, told("Acme Ltd"), told(again))
    (point,) = directory["c1"].unverified
    directory = Directory([deciding.refuse(directory["c1"], point.id, by="rep.li", at=AT)])
    receive(directory, told(again), told("Keller GmbH"))

    assert [one.value for one in directory["c1"].unverified] == ["Keller GmbH"]


def test_a_name_is_unverified_once_in_whatever_order():
    directory = Directory([])

    receive(directory, *(contact(name, phone="+8613800138000") for name in (None, "Wei Zhang", "ZHANG, Wei")))

    (customer,) = (directory[id] for id in receive(directory, contact(phone="+8613800138000")))
    assert [one.value for one in customer.unverified] == ["Wei Zhang"]


@pytest.mark.parametrize("names", [{"full_name": "Mallory"}, {"company_name": "Mallory Ltd"}])
def test_a_contact_by_an_e_mail_address_under_another_name_adds_nothing(names):
    directory = Directory([known("c1", emails=("lucia@example.com",))])
    told = contact(**names, email="lucia@example.com", phone="+442079460018")

    assert receive(directory, told) == ["c1"]
    assert (directory["c1"].phones, directory["c1"].unverified) == ([], [])
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

    assert [one.value for one in directory["c1"].unverified] == ["+862150501234"]


def test_a_firm_and_its_people_on_one_switchboard_are_told_apart():
    switchboard = "+862150501234"
    directory = Directory([])
    told = [
        contact(company_name="浦江光学有限公司", phone=switchboard),
        contact("王小明", company_name="Keller GmbH", phone=switchboard),
        contact("李娜", phone=switchboard),
    ]

    first = receive(directory, *told)
    again = receive(directory, *(Intake(IntakeRef("sales-lead", f"2-{n}"), **said(one)) for n, one in enumerate(told)))

    assert len(set(first)) == 3
    assert again == first
    assert directory[first[2]].possible_duplicate_of == first[1::-1]


def said(one: Intake) -> dict[str, str | None]:
    return {"full_name": one.full_name, "company_name": one.company_name, "email": one.email, "phone": one.phone}


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
    directory = Directory(
        [known("c1", "Ana Lopez", phones=shared), known("c2", emails=("lucia@example.com",), phones=shared)]
    )

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
        contact(phone="+8613800138000"),
    )

    assert len(set(ids)) == 1
    assert directory[ids[0]].display_name == "王小明"
    assert len(directory[ids[0]].recent_intake) == 3
    assert directory[ids[0]].claims == ["phone:+8613800138000"]
    assert directory[ids[0]].registered_from == Source("sales-lead", directory[ids[0]].recent_intake[0].id)


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
    assert directory[other].claims[0] == "email:ana@example.com"
    assert [claim.rpartition("/")[0] for claim in directory[other].claims[1:]] == ["phone:+442079460018"]
    assert directory[other].phones == [Phone("+442079460018")]


def test_a_lead_of_a_company_alone_registers_the_company():
    directory = Directory([])

    (id,) = receive(directory, contact(company_name="浦江光学有限公司", phone="+862150501234"))

    assert (directory[id].kind, directory[id].display_name) == ("company", "浦江光学有限公司")


def test_a_person_of_a_company_keeps_the_company_as_the_employer():
    directory = Directory([])

    (id,) = receive(directory, contact("王小明", company_name="浦江光学有限公司"))

    assert (directory[id].kind, directory[id].employer_name) == ("person", "浦江光学有限公司")


def test_an_unknown_caller_is_shown_by_the_number_until_somebody_confirms_the_name():
    directory = Directory([])

    caller, again, other = receive(
        directory, *(contact(name, phone="+8613800138000") for name in (None, "王小明", "李娜"))
    )

    assert caller == again == other
    shown = directory[caller]
    assert shown.display_name == "+8613800138000"
    assert [(one.kind, one.value) for one in shown.unverified] == [("name", "王小明"), ("name", "李娜")]
    confirmed = deciding.confirm(shown, shown.unverified[0].id, by="rep.li", at=AT)
    assert (confirmed.display_name, confirmed.family_name) == ("王小明", "王")


def test_callers_without_a_name_on_a_shared_number_are_one():
    shared = ("+442079460018",)
    directory = Directory([known("c1", phones=shared), known("c2", "Ana Lopez", phones=shared)])

    first, again = receive(directory, contact(phone="+442079460018"), contact(phone="+442079460018"))

    assert first == again
    assert directory[first].possible_duplicate_of == ["c1", "c2"]


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


NAMES = ["Lucia Garcia", "garcia, lucia", "Ana Lopez", "王小明", None]
COMPANIES = ["浦江光学有限公司", "Keller GmbH", None]
ADDRESSES = ["lucia@example.com", "ana@example.com", "info@example.com", None]
PHONES = ["+442079460018", "+8613800138000", "+862150501234", None]
told_contacts = st.builds(
    lambda name, company, address, number: {
        "full_name": name,
        "company_name": company,
        "email": address,
        "phone": number,
    },
    st.sampled_from(NAMES),
    st.sampled_from(COMPANIES),
    st.sampled_from(ADDRESSES),
    st.sampled_from(PHONES),
).filter(lambda fields: any(fields.values()))


@settings(max_examples=150, deadline=None)
@given(told=st.lists(told_contacts, min_size=1, max_size=25), splits=st.sets(st.integers(1, 24)))
def test_no_order_and_no_batches_of_contacts_make_an_unconfirmed_point_identify_anybody(told, splits):
    """Whatever comes, in however many batches: a customer has the points of the registration and no others."""
    seeded = [known("c1", emails=("lucia@example.com",)), known("c2", "Ana Lopez", phones=("+862150501234",))]
    contacts = [contact(**fields) for fields in told]
    own = {one.id: points_of(one) for one in seeded}
    stored, answers = {one.id: one for one in seeded}, []
    counted = itertools.count(1)
    for batch in batches(contacts, splits):
        directory = Directory(stored.values())
        for one in batch:
            id = directory.receive(one, at=AT, new_id=lambda: f"new-{next(counted):03}")
            answers.append(id)
            stored[id] = directory[id]
            own.setdefault(id, {point for point in (one.email, one.phone) if point})

    assert {id: points_of(customer) for id, customer in stored.items()} == own
    assert {id: found_by(customer) for id, customer in stored.items()} == {
        id: len(points) for id, points in own.items()
    }
    assert all(len(one.unverified) <= MAX_UNVERIFIED for one in stored.values())
    whole = Directory(seeded)
    counted = itertools.count(1)
    assert answers == [whole.receive(one, at=AT, new_id=lambda: f"new-{next(counted):03}") for one in contacts]


def batches(contacts: list[Intake], splits: set[int]) -> list[list[Intake]]:
    places = [0, *sorted(place for place in splits if place < len(contacts)), len(contacts)]
    return [contacts[start:end] for start, end in itertools.pairwise(places)]


def points_of(customer: Customer) -> set[str]:
    return {one.address for one in customer.emails} | {one.number for one in customer.phones}


def found_by(customer: Customer) -> int:
    """How many points search and caller match know."""
    return len(customer.lookup.phone_tails) + len([term for term in customer.lookup.terms if term.endswith("@")])


def read(**said: str | None) -> Intake | None:
    """A contact as it comes in from another service."""
    id = f"lead-{next(numbers)}"
    data = {"full_name": None, "company_name": None, "email": None, "phone": None} | said
    data["source"] = {"source": "sales-lead", "id": id}
    return consumers.read_intake(Event(f"event-{id}", "sales.intake.received", "sales", id, AT, 1, data))


PLACEHOLDERS = st.none() | st.text("-–—_.…·•?？!*#/()（）。、，@&+=<>~ 😀🙂👍", max_size=6)


@settings(max_examples=150, deadline=None)
@given(told=st.lists(PLACEHOLDERS, min_size=2, max_size=8), shared=st.booleans())
def test_somebody_who_writes_signs_for_a_name_is_registered_once(told, shared):
    holders = [known("c1", phones=("+442079460018",)), known("c2", "Ana Lopez", phones=("+442079460018",))]
    directory = Directory(holders if shared else [])

    ids = receive(directory, *(read(full_name=name, company_name=name, phone="+442079460018") for name in told))

    assert len(set(ids)) == 1
    assert (directory[ids[0]].kind, directory[ids[0]].display_name) == ("person", "+442079460018")
    assert directory[ids[0]].possible_duplicate_of == (["c1", "c2"] if shared else [])


@pytest.mark.parametrize("full_name", ["-", None, "Lucia Garcia"])
def test_a_customer_whose_name_is_a_sign_has_none_yet(full_name):
    directory = Directory([known("c1", "-", phones=("+442079460018",))])

    assert receive(directory, read(full_name=full_name, phone="+442079460018")) == ["c1"]
    assert [one.value for one in directory["c1"].unverified] == (
        ["Lucia Garcia"] if full_name == "Lucia Garcia" else []
    )


def test_a_sign_and_a_short_number_are_nobody():
    assert read(full_name="-", phone="10086") is None
    assert read(full_name="-") is None
