"""Names: Chinese and Western."""

import pytest

from services.customer.domain import names


@pytest.mark.parametrize(
    ("given", "family", "shown"),
    [
        ("小明", "王", "王小明"),
        ("修", "欧阳", "欧阳修"),
        ("Lucia", "Garcia", "Lucia Garcia"),
        ("Wei", "Zhang", "Wei Zhang"),
        ("Maria", "王", "Maria 王"),
        (None, "王", "王"),
        ("Madonna", None, "Madonna"),
        ("민수", "김", "김민수"),
    ],
)
def test_a_chinese_name_is_shown_family_first_without_a_space(given, family, shown):
    assert names.display_name(given, family) == shown


@pytest.mark.parametrize(
    ("full_name", "given", "family"),
    [
        ("王小明", "小明", "王"),
        ("欧阳修", "修", "欧阳"),
        ("欧阳", None, "欧阳"),
        ("王 小明", "小明", "王"),
        ("阿凡提·买买提", "阿凡提·买买提", None),
        ("Lucia Garcia", "Lucia", "Garcia"),
        ("  Juan  Carlos Lopez ", "Juan Carlos", "Lopez"),
        ("Madonna", "Madonna", None),
    ],
)
def test_a_full_name_is_taken_apart_so_that_it_can_be_put_together_again(full_name, given, family):
    assert names.split(full_name) == (given, family)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王 小明", "王小明"),
        ("Zhang, Wei", "wei zhang"),
        ("José García", "JOSE GARCIA"),
        ("ＡＢＢ Ltd.", "abb ltd"),
    ],
)
def test_the_same_name_is_recognised_in_another_notation(one, other):
    assert names.same(one, other)


@pytest.mark.parametrize(("one", "other"), [("王小明", "王小红"), ("Wei Zhang", "Wei"), ("", ""), ("---", "...")])
def test_different_and_missing_names_are_not_the_same(one, other):
    assert not names.same(one, other)
