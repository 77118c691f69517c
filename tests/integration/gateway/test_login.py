"""The login through the real provider, with access tokens that live for seconds."""

import os
import subprocess
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie

import httpx
import pytest

from stack import identity
from stack.environments import ENVIRONMENTS, ROOT, Environment
from tests.integration.gateway.conftest import CLIENT_SECRET, Gateway, envoy, free_port

TOKEN_SECONDS = 2
LEADS = "/api/sales/v1/leads"


class Visitor:
    """A browser reduced to its cookies: it follows redirects and sends back what it was given."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, *, origin: str | None = None, **options) -> httpx.Response:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Origin"] = origin or str(self._http.base_url).rstrip("/")
        answer = self._http.request(method, path, headers=headers, **options)
        self._http.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0" or morsel["expires"].startswith("Thu, 01 Jan 1970"):
                    del self.cookies[name]
        return answer

    def follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            answer = self.send("GET", answer.headers["location"])
        return answer

    def sign_in(self, person: str) -> httpx.Response:
        page = self.follow(self.send("GET", "/"))
        return self.follow(self.send("POST", str(page.url), data={"login": person}))


@pytest.fixture(scope="module")
def with_provider(upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway with the real provider behind it."""
    folder, port, provider = tmp_path_factory.mktemp("login"), free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "directory", property(lambda self: folder))
        identity.ensure_keys(ENVIRONMENTS["test"])
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(provider),
        "ISSUER": f"{url}/oidc",
        "AUDIENCE": "crm",
        "PUBLIC_URL": url,
        "CLIENT_ID": "crm-web",
        "CLIENT_SECRET": CLIENT_SECRET,
        "COOKIE_SECRET": "secret",
        "SIGNING_KEYS": str(folder / "oidc-keys.json"),
        "PEOPLE": str(identity.PEOPLE),
        "ACCESS_TOKEN_SECONDS": str(TOKEN_SECONDS),
    }
    program = ["node", str(ROOT / "stack" / "oidc" / "provider.js")]
    process = subprocess.Popen(program, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{provider}/oidc/jwks")
        with envoy(port, upstream, provider=provider, public_url=url, folder=folder, web=upstream) as gateway:
            _wait(f"{url}/oidc/jwks")
            yield gateway
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def login(with_provider: Gateway) -> str:
    return with_provider.url


def test_the_service_gets_a_token_that_the_browser_keeps_in_a_cookie(login):
    visitor = Visitor(login)

    page = visitor.sign_in("manager.wang")
    seen = visitor.send("GET", LEADS).json()["headers"]

    assert (page.status_code, page.url.path) == (200, "/")
    assert seen["authorization"].startswith("Bearer ey")


@pytest.mark.slow("an access token ends first")
@pytest.mark.slow("the token's whole life is waited for")
def test_a_login_outlives_its_access_token(login):
    visitor = Visitor(login)
    visitor.sign_in("rep.li")
    first = visitor.send("GET", LEADS).json()["headers"]["authorization"]

    time.sleep(TOKEN_SECONDS + 0.5)  # Nothing else ends the token's life.
    second = visitor.send("GET", LEADS)

    assert second.status_code == 200
    assert second.json()["headers"]["authorization"] not in {"", first}


def test_another_page_of_the_same_host_cannot_use_a_login_of_which_only_the_long_cookies_are_left(login):
    visitor = Visitor(login)
    visitor.sign_in("rep.li")
    for short in ("OauthHMAC", "OauthExpires", "BearerToken"):
        visitor.cookies.pop(short, None)
    assert "RefreshToken" in visitor.cookies

    attack = visitor.send("POST", f"{LEADS}/1/qualify", origin="http://127.0.0.1:9")
    own = visitor.send("POST", f"{LEADS}/1/qualify")

    assert attack.status_code == 403
    assert own.status_code == 200


def test_the_gateway_writes_down_nothing_of_a_login_but_who_it_was(with_provider):
    visitor = Visitor(with_provider.url)
    visitor.sign_in("rep.garcia")
    jar = dict(visitor.cookies)
    seen = visitor.send("GET", LEADS)
    visitor.cookies["RefreshToken"] = "broken" + jar["RefreshToken"]
    visitor.cookies.pop("BearerToken")
    refused = visitor.send("GET", LEADS)

    assert refused.status_code == 401
    assert with_provider.log_of(seen)["user"] == "rep.garcia"
    written = with_provider.log()
    token = seen.json()["headers"]["authorization"].removeprefix("Bearer ")
    assert not [name for name, value in jar.items() if len(value) > 20 and value[:40] in written]
    assert token not in written


def test_somebody_who_signed_out_is_asked_again_who_they_are(login):
    visitor = Visitor(login)
    visitor.sign_in("rep.li")

    farewell = visitor.follow(visitor.send("GET", "/signout"))
    answer = visitor.send("GET", LEADS)

    assert "Sign out" in farewell.text
    assert answer.status_code == 401


def test_the_login_does_not_send_anybody_to_another_site(login):
    answer = httpx.get(
        f"{login}/oidc/auth?client_id=crm-web&response_type=code&redirect_uri=http://evil.example/callback"
    )

    assert answer.status_code == 400
    assert "redirect_uri" in answer.text


def _wait(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer.")
