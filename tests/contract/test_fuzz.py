"""Some generated requests to every operation, the same each time; tests/proof sends many more."""

import functools

import pytest

from tests.support import fuzzing

fuzz_test = functools.partial(fuzzing.fuzz_test, examples=6, derandomize=True)


@pytest.fixture(scope="module")
def fuzzed(service) -> fuzzing.Fuzzed:
    return fuzzing.Fuzzed(service)


test_customer = fuzz_test("customer")
test_sales = fuzz_test("sales")
test_marketing = fuzz_test("marketing")
test_service_desk = fuzz_test("service_desk")
test_telephony = fuzz_test("telephony")
test_reporting = fuzz_test("reporting")


def test_all_services_are_fuzzed():
    assert set(vars(fuzzing.SCHEMAS)) == {
        name.removeprefix("test_") for name in globals() if name.startswith("test_")
    } - {"all_services_are_fuzzed"}
