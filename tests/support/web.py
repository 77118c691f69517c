"""The web client in a real browser: who is signed in, how wide the window is, which language, and what axe-core says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
"""A page on a small machine with many parts; an assertion that is true at once does not wait."""

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def signed_in(
    browser: Browser,
    gateway: str,
    person: str,
    *,
    language: str = "en",
    viewport: dict[str, int] | None = None,
    colours: str = "light",
    zone: str = "Asia/Shanghai",
) -> Iterator[Page]:
    """A page in a browser profile of its own; leaving it fails when the page logged an error or broke the CSP."""
    context = browser.new_context(viewport=viewport or DESKTOP, locale="en-GB", timezone_id=zone, color_scheme=colours)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(
        f"localStorage.getItem('crm.language') || localStorage.setItem('crm.language', '{language}')"
    )
    context.add_init_script(path=AXE)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda message: broken.append(message.text) if _is_serious(message) else None)
    page.goto(gateway)
    page.locator(f'button[value="{person}"]').click()
    heading(page)
    yield page
    context.close()
    assert broken == []


def _is_serious(message: ConsoleMessage) -> bool:
    """Chromium logs every answer with a status of 400 or more as an error; those that matter show on the page."""
    return message.type == "error" and "Failed to load resource" not in message.text


def heading(page: Page) -> None:
    """Waits for a page's own heading; the login page and the start screen have one too, but no frame around it."""
    expect(page.locator("#main").get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def show(page: Page, gateway: str, path: str) -> None:
    """Goes to a page of the client and waits until nothing on it is still loading."""
    page.goto(f"{gateway}{path}")
    heading(page)
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def violations(page: Page) -> list[str]:
    """What axe-core finds, each with the first element that it is about."""
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0]['failureSummary']}" for one in found]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")


def choose(place: Page | Locator, label: str, option: str) -> None:
    """Picks an option of a drop-down list in this place."""
    place.get_by_role("combobox", name=label).click()
    page = place if isinstance(place, Page) else place.page
    page.get_by_role("option", name=option, exact=True).click()
