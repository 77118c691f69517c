"""Signing in and out with a real browser, and the gateway in front of the real services."""

import re
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from stack import identity

LEADS = "/api/sales/v1/leads"
READ_LEADS = f"fetch('{LEADS}').then(answer => answer.status)"


def sign_in(page: Page, gateway: str, person: str) -> None:
    page.goto(gateway)
    page.get_by_role("button", name=person).click()
    page.wait_for_url(re.compile(f"^{re.escape(gateway)}/(?!oidc|callback)"))


def test_somebody_who_signs_in_sees_the_client_and_no_script_can_read_a_token(gateway, page):
    sign_in(page, gateway, "rep.li")

    expect(page).to_have_title(re.compile(".+"))
    assert page.evaluate(READ_LEADS) == 200
    assert page.evaluate("document.cookie") == ""
    assert "eyJ" not in page.evaluate(
        "JSON.stringify([localStorage, sessionStorage]) + document.documentElement.outerHTML"
    )
    tokens = {cookie["name"]: cookie for cookie in page.context.cookies() if cookie["name"].endswith("Token")}
    assert tokens
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in tokens.values())


def test_a_copy_of_the_cookies_is_worth_no_more_than_five_minutes_after_its_owner_left(gateway, page):
    sign_in(page, gateway, "rep.li")

    [ends] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "OauthExpires"]

    assert float(ends) - time.time() <= 300


def test_a_user_name_can_be_typed_and_a_wrong_one_is_refused_in_both_languages(gateway, page):
    page.goto(gateway)
    page.get_by_role("textbox", name="User name").fill("nobody.here")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("nobody.here")
    expect(page.get_by_role("alert")).to_contain_text("没有")

    page.get_by_role("textbox", name="User name").fill("marketer.chen")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"^{re.escape(gateway)}/(?!oidc|callback)"))
    assert page.evaluate("fetch('/api/marketing/v1/campaigns').then(answer => answer.status)") == 200


def test_a_page_asked_for_before_the_login_is_shown_after_it(gateway, page):
    page.goto(f"{gateway}/leads?status=new")
    page.get_by_role("button", name="rep.li").click()

    page.wait_for_url(re.compile(r"/leads\?status=new"))


def test_signing_out_ends_the_session_at_the_provider_too(gateway, page):
    sign_in(page, gateway, "rep.li")

    page.goto(f"{gateway}/signout")

    expect(page.get_by_role("heading", name="Sign in · 登录")).to_be_visible()
    answer = page.context.request.get(f"{gateway}{LEADS}")
    assert answer.status == 401
    page.goto(gateway)
    expect(page.get_by_role("heading", name="Sign in · 登录")).to_be_visible()


def test_a_page_of_another_site_cannot_change_anything_with_the_login_cookie(gateway, page):
    sign_in(page, gateway, "rep.li")
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    headers = {"Cookie": cookie, "Content-Type": "application/json"}

    from_elsewhere = httpx.post(f"{gateway}{LEADS}", json={}, headers=headers | {"Origin": "http://evil.example"})
    from_the_page = httpx.post(f"{gateway}{LEADS}", json={}, headers=headers | {"Origin": gateway})

    assert from_elsewhere.status_code == 403
    assert from_the_page.status_code == 422


@pytest.mark.parametrize(
    ("path", "person"),
    [
        ("/api/customer/v1/customers", "rep.li"),
        ("/api/sales/v1/leads", "rep.li"),
        ("/api/marketing/v1/campaigns", "marketer.chen"),
        ("/api/service-desk/v1/tickets", "agent.zhao"),
        ("/api/telephony/v1/agents", "supervisor.wu"),
        ("/api/reporting/v1/freshness", "operator.kim"),
    ],
)
def test_every_service_answers_through_the_gateway_and_refuses_without_a_token(environment, path, person):
    bearer = {"Authorization": f"Bearer {identity.token(environment, person)}"}

    allowed = httpx.get(f"{environment.gateway_url}{path}", headers=bearer, timeout=30)
    refused = httpx.get(f"{environment.gateway_url}{path}", timeout=30)

    assert allowed.status_code == 200, allowed.text
    assert refused.status_code == 401


def test_the_web_client_is_served_with_its_security_and_cache_headers(gateway, page):
    answer = page.goto(gateway)
    assert answer.status == 200

    sign_in_page = page.context.request
    page.get_by_role("button", name="rep.li").click()
    page.wait_for_url(re.compile(f"^{re.escape(gateway)}/(?!oidc|callback)"))
    document = sign_in_page.get(gateway)
    script = re.search(r'src="(/assets/[^"]+\.js)"', document.text())[1]
    asset = httpx.get(f"{gateway}{script}", headers={"Accept-Encoding": "gzip"})

    assert "default-src 'self'" in document.headers["content-security-policy"]
    assert document.headers["cache-control"] == "no-cache"
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-encoding"] == "gzip"
    assert httpx.get(f"{gateway}/assets/no-such-file.js").status_code == 404
