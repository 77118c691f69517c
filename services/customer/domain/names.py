"""Names: how a Chinese and a Western name is put together, taken apart and compared."""

import re
import unicodedata

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_ONLY = re.compile(f"[{_CJK}]+")
_WORD = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
# The two-character family names that are still common; every other Chinese family name has one character.
_DOUBLE_FAMILY_NAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 "
    "仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 "
    "段干 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 公仪 梁丘 公仲 公上 公门 公山 公坚 左丘 公伯 西门 公祖 第五 公乘 贯丘 公皙 "
    "南荣 东里 东宫 仲长 子书 子桑 即墨 达奚 褚师 歐陽 司馬 東方 獨孤 南宮 諸葛 尉遲 赫連 皇甫 濮陽 公孫 鍾離 長孫 軒轅".split()
)


def is_cjk(text: str) -> bool:
    """True for a text of Chinese, Japanese or Korean characters only."""
    return bool(_CJK_ONLY.fullmatch(text))


def display_name(given_name: str | None, family_name: str | None) -> str:
    """`王小明` for family name 王 and given name 小明; `Lucia Garcia` for Garcia and Lucia."""
    if given_name and family_name and is_cjk(given_name) and is_cjk(family_name):
        return family_name + given_name
    return " ".join(part for part in (given_name, family_name) if part)


def split(full_name: str) -> tuple[str | None, str | None]:
    """Given and family name, such that `display_name` of the two is the full name again.

    A Chinese name begins with the family name (`王小明`, `欧阳修`, `王 小明`). Elsewhere the last word is taken for it. A single
    word, and a transcribed name such as `阿凡提·买买提`, is a given name.
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


def fold(text: str) -> str:
    """The text without capitals, accents, full-width forms and control characters, as names are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cc")))


def words(text: str) -> list[str]:
    """The folded words; a run of Chinese characters is one word, also beside Latin letters."""
    return _WORD.findall(fold(text))


def same(one: str, other: str) -> bool:
    """True when both have the same words in any order: `Zhang, Wei` and `wei zhang`, `王 小明` and `王小明`."""
    return bool(one) and bool(other) and _key(one) == _key(other) != []


def _key(name: str) -> list[str]:
    found = words(name)
    return ["".join(found)] if all(is_cjk(word) for word in found) and found else sorted(found)
