"""Whatever error a reader of Chinese can meet in the web client has a text in Chinese, and no text is left over."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from services.customer.domain import unverified
from services.marketing.domain import campaign
from services.sales.domain import lead, opportunity, order
from services.service_desk.domain import ticket

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "web" / "src" / "i18n"

MADE = {
    "point-{}": (unverified.CONFIRMED, unverified.REFUSED),
    "too-many-{}": ("phones", "emails"),
    "campaign-{}": campaign.STATUSES,
    "lead-{}": (lead.DISQUALIFIED, lead.CONVERTED),
    "opportunity-{}": opportunity.CLOSED_STAGES,
    "order-{}": order.STATUSES,
    "ticket-{}": (ticket.RESOLVED, ticket.CLOSED),
    "{}-not-known-yet": ("customer",),
}
"""Codes that are put together of a word and what is not known before the service runs."""

PARTNERS_ONLY = {"bad-api-key", "other-partner", "too-many-at-once", "too-many-unknown-keys"}
ADMINISTRATORS_ONLY = {"key-already-revoked", "partner-id-taken", "sku-taken"}
RULES_WITHOUT_A_PAGE = {"object", "overlap"}
"""`object` is for a partner's program, `overlap` for who sets opening hours through the API."""

RULE_ARGUMENT = {"FieldError": 1, "Parsed": 1, "Broken": 0, "broken": 0}


def test_every_code_has_a_text_in_chinese_and_every_text_a_code():
    spoken = {code for node in _nodes() for code in _codes(node)} | _codes_of_the_gateway()
    own = json.loads((TEXTS / "zh.json").read_text())["problem"].keys()
    texts = json.loads((TEXTS / "problems.zh.json").read_text())["code"].keys()

    assert sorted(spoken - own - texts) == sorted(PARTNERS_ONLY | ADMINISTRATORS_ONLY)
    assert sorted(texts - spoken) == []


def test_every_rule_has_a_text_in_chinese_and_every_text_a_rule():
    spoken = {rule for node in _nodes() for rule in _rules(node)}
    texts = json.loads((TEXTS / "problems.zh.json").read_text())["rule"].keys()

    assert sorted(spoken - texts) == sorted(RULES_WITHOUT_A_PAGE)
    assert sorted(texts - spoken) == []


def _nodes() -> Iterator[ast.AST]:
    for folder in ("services", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text()))


def _codes(node: ast.AST) -> Iterator[str]:
    for name, value in _named(node):
        if name == "code" and (text := _text(value)):
            yield from [text.format(part) for part in MADE[text]] if "{}" in text else [text]


def _rules(node: ast.AST) -> Iterator[str]:
    for name, value in _named(node):
        if name in ("rule", "RULE") and (text := _text(value)):
            yield text
        if name == "_RULES" and isinstance(value, ast.Dict):
            yield from (rule.value for rule in value.values if isinstance(rule, ast.Constant))
    if isinstance(node, ast.Call):
        place = RULE_ARGUMENT.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
        if ast.unparse(node.func) == "_RULES.get":
            place = 1
        if place is not None and len(node.args) > place and (text := _text(node.args[place])):
            yield text


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What is given a name here: by a keyword, by an assignment, or as the default of a parameter."""
    if isinstance(node, ast.Call):
        yield from ((keyword.arg or "", keyword.value) for keyword in node.keywords)
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(map(ast.unparse, target.elts), node.value.elts, strict=True)
        else:
            yield ast.unparse(target), node.value
    elif isinstance(node, ast.arguments):
        for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            if default is not None:
                yield argument.arg, default


def _text(value: ast.expr) -> str | None:
    """A text in the code; `{}` stands for what is put in."""
    if isinstance(value, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in value.values)
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def _codes_of_the_gateway() -> set[str]:
    return set(_values_of("code", yaml.safe_load((ROOT / "gateway" / "envoy.yaml").read_text())))


def _values_of(name: str, tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(code := tree.get(name), str):
            yield code
        for nested in tree.values():
            yield from _values_of(name, nested)
    elif isinstance(tree, list):
        for nested in tree:
            yield from _values_of(name, nested)
