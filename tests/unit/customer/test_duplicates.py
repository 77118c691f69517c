"""Duplicates: the score and its reasons."""

from datetime import UTC, datetime

from services.customer.domain import customer as customers
from services.customer.domain import duplicates
from services.customer.domain.contact import Email, Phone
from services.customer.domain.duplicates import Sought

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
WANG = customers.register(
    id="c1",
    at=AT,
    kind="person",
    given_name="小明",
    family_name="王",
    employer_name="浦江光学有限公司",
    emails=[Email("ming@example.cn")],
    phones=[Phone("+8613800138000")],
)
OTHER_WANG = customers.register(id="c2", at=AT, kind="person", given_name="小明", family_name="王")


def test_the_likeliest_duplicate_comes_first_with_its_reasons():
    sought = Sought(full_name="王 小明", phones=("+8613800138000",))

    matches = duplicates.rank(sought, [OTHER_WANG, WANG], limit=20)

    assert [(match.customer.id, match.score, match.reasons) for match in matches] == [
        ("c1", 85, ["phone-equal", "name-equal"]),
        ("c2", 50, ["name-equal"]),
    ]


def test_every_reason_makes_a_match_more_certain():
    sought = Sought(
        full_name="王小明", employer_name="浦江光学有限公司", phones=("+8613800138000",), emails=("ming@example.cn",)
    )

    (match,) = duplicates.rank(sought, [WANG], limit=20)

    assert match.score == 99
    assert match.reasons == ["email-equal", "phone-equal", "name-equal", "employer-equal"]


def test_somebody_without_a_reason_is_no_match():
    assert duplicates.rank(Sought(full_name="李娜"), [WANG], limit=20) == []
