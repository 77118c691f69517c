"""How long a loop rests between small batches."""

import pytest

from shared import pacing


@pytest.mark.parametrize(
    ("busy", "rest"),
    [
        pytest.param(0.0, 0.1, id="an idle machine: ten windows a second at most"),
        pytest.param(0.08, 0.16, id="twice as long as it worked"),
        pytest.param(3.0, 0.25, id="never so long that freshness suffers more than the machine gains"),
    ],
)
def test_a_loop_rests_longer_the_longer_its_batches_take(busy, rest):
    assert pacing.rest_after(busy) == rest
