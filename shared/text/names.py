"""Names: how a Chinese and a Western name is put together, taken apart and compared."""

import re

from shared.text import characters
from shared.text.folding import is_cjk, words

# The two-character family names that are still common; every other Chinese family name has one character.
_DOUBLE_FAMILY_NAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史上官司马东方独孤南宫夏侯诸葛尉迟赫连澹台皇甫公孙慕容钟离长孙宇文司徒司空"
        "令狐端木轩辕呼延东郭西门闻人拓跋宗政濮阳申屠即墨歐陽司馬東方獨孤南宮諸葛尉遲赫連"
        "公孫鍾離長孫軒轅澹臺東郭西門聞人濮陽",
    )
)


def display_name(given_name: str | None, family_name: str | None) -> str:
    """`王小明` for family name 王 and given name 小明; `Lucia Garcia` for Garcia and Lucia."""
    if given_name and family_name and is_cjk(given_name) and is_cjk(family_name):
        return family_name + given_name
    return " ".join(part for part in (given_name, family_name) if part)


def split(full_name: str) -> tuple[str | None, str | None]:
    """Given and family name, such that `display_name` of the two is the full name again.

    A Chinese or Japanese name begins with the family name (`王小明`, `欧阳修`, `王 小明`, `佐々木 太郎`). Elsewhere the
    last word is taken for it. A single word, and a transcribed name such as `阿凡提·买买提`, is a given name.
    """
    parts = full_name.split()
    if len(parts) == 1:
        return _split_run(parts[0])
    if len(parts) == 2 and is_cjk(parts[0]) and is_cjk(parts[1]):
        return parts[1], parts[0]
    return " ".join(parts[:-1]), parts[-1]


def _split_run(name: str) -> tuple[str | None, str | None]:
    if not is_cjk(name):
        return name, None
    length = 2 if name[:2] in _DOUBLE_FAMILY_NAMES else 1
    return name[length:] or None, name[:length]


def read(text: str | None) -> str | None:
    """The name on one line; None without a letter or digit, such as the `-` of a form that wants a name from everybody."""
    name = characters.line(text or "")
    return name if key(name) else None


def same(one: str, other: str) -> bool:
    """True when both have the same words in any order: `Zhang, Wei` and `wei zhang`, `王 小明` and `王小明`."""
    return bool(one) and bool(other) and key(one) == key(other) != []


def key(name: str) -> list[str]:
    """Equal for names that are the same."""
    found = words(name)
    return ["".join(found)] if all(is_cjk(word) for word in found) and found else sorted(found)
