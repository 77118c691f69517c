"""Every page in both languages, on a desk and on a phone, in light and in dark: no axe violation, nothing sticks out."""

import pytest

from tests.support.pages import PEOPLE, findings, sample  # noqa: F401 - a fixture
from tests.support.web import DESKTOP, PHONE

VIEWPORTS = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("viewport", VIEWPORTS)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_is_accessible_and_fits(browser, gateway, sample, person, language, viewport, colours):  # noqa: F811
    shape = {"language": language, "viewport": VIEWPORTS[viewport], "colours": colours}

    assert findings(browser, gateway, sample, person, **shape) == []
