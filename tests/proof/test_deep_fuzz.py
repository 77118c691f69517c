"""Many generated requests to every operation, others each time, also about what the requests before have made."""

import functools

import pytest

from tests.support import fuzzing

EXAMPLES = 100
fuzz_test = functools.partial(fuzzing.fuzz_test, examples=EXAMPLES, before_each=fuzzing.Fuzzed.look_up, print_blob=True)


@pytest.fixture(scope="module")
def fuzzed(service) -> fuzzing.Fuzzed:
    return fuzzing.Fuzzed(service)


test_customer = fuzz_test("customer")
test_sales = fuzz_test("sales")
test_marketing = fuzz_test("marketing")
test_service_desk = fuzz_test("service_desk")
test_telephony = fuzz_test("telephony")
test_reporting = fuzz_test("reporting")
