"""What is recorded of a change: the fields that differ, and of lists only what came and went."""

from dataclasses import replace
from datetime import UTC, datetime

from services.customer.domain import change, customer
from services.customer.domain.change import FieldChange
from services.customer.domain.contact import Email, Phone
from services.customer.domain.customer import Identity, IntakeRef

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MOBILE, WORK = Phone("+8613800138000", "mobile"), Phone("+861065529988", "work")


def wang(**fields):
    return customer.register(id="c", at=AT, kind="person", family_name="王", given_name="小明", **fields)


def test_a_registration_says_every_field_that_has_a_value():
    recorded = {field.name: field.after for field in change.changed_fields(None, wang(phones=[MOBILE]))}

    assert recorded == {
        "kind": "person",
        "display_name": "王小明",
        "given_name": "小明",
        "family_name": "王",
        "phones": [MOBILE],
        "status": "active",
    }


def test_a_change_says_only_the_fields_that_differ():
    before = wang(tier="B", notes="上午来电")

    after = before.change({"tier": "A", "notes": "上午来电"}, at=AT)

    assert change.changed_fields(before, after) == [FieldChange("tier", "B", "A")]


def test_of_a_list_what_came_and_what_went_is_said():
    before = wang(phones=[MOBILE], emails=[Email("wang@example.cn")])

    after = before.change({"phones": [WORK], "emails": [Email("wang@example.cn"), Email("xm@example.cn")]}, at=AT)

    assert change.changed_fields(before, after) == [
        FieldChange("phones", [MOBILE], [WORK]),
        FieldChange("emails", [], [Email("xm@example.cn")]),
    ]


def test_a_list_in_another_order_is_said_whole():
    before = wang(phones=[MOBILE, WORK])

    after = before.change({"phones": [WORK, MOBILE]}, at=AT)

    assert change.changed_fields(before, after) == [FieldChange("phones", [MOBILE, WORK], [WORK, MOBILE])]


def test_the_five_hundredth_identity_is_recorded_without_the_others():
    identities = [Identity("web-shop", str(number), "import", AT, "importer.xu") for number in range(500)]
    before = replace(wang(), identities=identities[:-1])

    assert change.changed_fields(before, replace(before, identities=identities)) == [
        FieldChange("identities", [], identities[-1:])
    ]


def test_a_contact_that_adds_nothing_changes_no_field_that_is_kept():
    before = wang()

    after = replace(before, recent_intake=[IntakeRef("sales-lead", "l1")], claims=["email:a@b.cn"], version=2)

    assert change.changed_fields(before, after) == []


def test_ids_of_changes_sort_like_the_versions():
    ids = [change.change_id("c", version) for version in (1, 9, 10, 99, 100, 1_000_000)]

    assert ids == sorted(ids)
