"""The number of JSON values in a body, counted where a quick look is not enough."""

from contextlib import suppress

import orjson
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from shared import limits
from shared.problems import TooLarge

app = Flask(__name__)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(alphabet=',[{}"\\ab', max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4),
)


def values_in(body: object) -> int:
    if isinstance(body, dict):
        return 1 + sum(values_in(value) for value in body.values())
    return 1 + sum(map(values_in, body)) if isinstance(body, list) else 1


def is_refused(body: object, *, most: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    with app.test_request_context(), monkeypatch.context() as patch:
        patch.setattr(limits, "ORDINARY", limits.Limits(json_nodes=most))
        try:
            limits.refuse_too_many_nodes(orjson.dumps(body))
        except TooLarge:
            return True
    return False


@given(body=JSON, most=st.integers(1, 30))
def test_a_body_is_refused_exactly_when_it_has_more_values(body, most):
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert is_refused(body, most=most, monkeypatch=monkeypatch) == (values_in(body) > most)


@pytest.mark.parametrize("body", [b'"', b'"\\', b'"\\"' * 85_000, b'["a' * 60_000, b"[ " * 120_000, b"{" * 250_000])
def test_a_broken_body_is_counted_in_one_pass(body):
    """A pattern that goes back at each quote would take minutes for some of these."""
    with app.test_request_context(), suppress(TooLarge):
        limits.refuse_too_many_nodes(body)


def test_commas_in_a_text_are_not_values(monkeypatch):
    assert not is_refused({"notes": "," * 10_000}, most=2, monkeypatch=monkeypatch)
