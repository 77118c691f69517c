"""The whole suite behind its gateway: the address in GATEWAY_URL, or the parts of `stack/` in the test environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from stack import identity, supervision
from stack.client import Api
from stack.environments import ENVIRONMENTS, Environment

STORES = {"mongod", "kafka"}


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The running environment. One that is up already (GATEWAY_URL) is taken as it is."""
    address = os.environ.get("GATEWAY_URL")
    if address is not None:
        return next(known for known in ENVIRONMENTS.values() if known.gateway_url == address.rstrip("/"))
    subprocess.run([sys.executable, "-m", "stack", "up", "--env", "test"], check=True, timeout=900)
    return ENVIRONMENTS["test"]


@pytest.fixture(scope="session")
def gateway(environment: Environment) -> str:
    return environment.gateway_url


@pytest.fixture(scope="session")
def api(environment: Environment) -> Iterator[Api]:
    """Calls through the gateway as one of the demo people: `api.get("sales/v1/leads", as_="rep.li")`."""
    client = Api(environment.gateway_url, lambda person: identity.token(environment, person))
    yield client
    client.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "Chromium is missing. To get it: apt-get install chromium fonts-noto-cjk"
    quiet = ["background-networking", "component-update", "gpu", "quic", "sync"]
    options = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own browser profile, so that nobody is signed in yet."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def stop_all_but_stores() -> None:
    """What runs of the test environment beside its stores, which other tests use: it would take time from them."""
    environment = ENVIRONMENTS["test"]
    if supervisor := supervision.connect(environment):
        supervision.stop(supervisor, set(supervision.states(supervisor)) - STORES)
