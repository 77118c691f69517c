"""Whoever changes a record in the web client says which version of it the page showed."""

import re

import yaml

from tests.support.openapi import CONTRACTS

SOURCE = CONTRACTS.parents[1] / "web" / "src"
CALL = re.compile(r"\.(POST|PUT|PATCH|DELETE)\(\s*['`](/v1/[^'`]+)['`]")


def test_every_change_whose_address_takes_a_version_sends_the_one_on_the_page():
    takes = _operations_that_take_a_version()
    changes = [
        (path.name, any(method == taken and _is(written, address) for taken, address in takes), "ifMatch(" in text)
        for path in sorted(SOURCE.rglob("*.ts*"))
        for text in [path.read_text()]
        for method, written in CALL.findall(text)
    ]

    assert len([file for file, taken, _ in changes if taken]) > 10
    assert [file for file, taken, sent in changes if taken and not sent] == []


def _operations_that_take_a_version() -> set[tuple[str, str]]:
    return {
        (method.upper(), address)
        for file in CONTRACTS.glob("*.openapi.yaml")
        for address, operations in yaml.safe_load(file.read_text())["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
        and any("IfMatch" in one.get("$ref", "") for one in operation.get("parameters", []))
    }


def _is(written: str, address: str) -> bool:
    """A step that the page chooses, as in `/v1/orders/{order_id}/${name}`, is any word."""
    steps = re.split(r"\$\{\w+\}", written)
    return re.fullmatch("[a-z-]+".join(map(re.escape, steps)), address) is not None
