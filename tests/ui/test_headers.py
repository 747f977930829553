"""The security headers, on a small app behind the same middleware as the product's."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from chm.settings import Provider
from pages.parts.headers import FAILED, policy
from pages.parts.start import middleware

HERE = ("127.0.0.1", 50000)
COOKIES = ("a=1; Path=/; HttpOnly; SameSite=lax", "b=2; Path=/; Secure", "c=3")
PATHS = ("/", "/static/app.js", "/static/gone.js", "/gone", "/fault")


def provider(public_url: str) -> Provider:
    return Provider("https://login.example/m", "chm", "secret", "c" * 32, public_url)


def served(found: Provider | None, host: str) -> TestClient:
    def page(request: Request) -> Response:
        answer = PlainTextResponse("here")
        for cookie in COOKIES:
            answer.headers.append("Set-Cookie", cookie)
        return answer

    def fault(request: Request) -> Response:
        raise ZeroDivisionError

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    routes = [
        Route("/", page),
        Route("/static/app.js", page),
        Route("/fault", fault),
        WebSocketRoute("/socket", socket),
    ]
    app = Starlette(routes=routes, middleware=middleware(found))
    return TestClient(app, base_url=host, client=HERE, raise_server_exceptions=False)


@pytest.fixture
def plain() -> TestClient:
    """As the demo is served."""
    return served(None, "http://127.0.0.1:8501")


@pytest.fixture
def tls() -> TestClient:
    """As a council serves it, behind a proxy that speaks TLS."""
    return served(provider("https://chm.example"), "http://chm.example")


def test_the_policy_lets_in_no_inline_script_and_no_eval() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy().split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    assert set(re.sub(r"'sha256-[\w+/]{43}='", "", rules["script-src"]).split()) == {"'self'", "blob:"}
    assert rules["connect-src"] == rules["form-action"] == "'self'"
    assert "http" not in policy().replace("'self'", "")
    assert "*" not in policy()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_every_answer_has_them(request: pytest.FixtureRequest, kind: str, path: str) -> None:
    client: TestClient = request.getfixturevalue(kind)
    said = client.get(path)
    assert said.status_code == {"/": 200, "/static/app.js": 200, "/fault": 500}.get(path, 404)
    headers = said.headers
    assert headers["content-security-policy"] == policy()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers.get("cache-control") == (None if path == "/static/app.js" else "no-store")
    assert ("strict-transport-security" in headers) == (kind == "tls")


def test_an_error_of_the_servers_own_says_nothing_of_it(plain: TestClient) -> None:
    assert plain.get("/fault").text == FAILED


def test_behind_tls_the_browser_is_told_to_stay_there(tls: TestClient) -> None:
    assert tls.get("/").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_every_cookie_behind_tls_is_secure_once(tls: TestClient, plain: TestClient) -> None:
    assert tls.get("/").headers.get_list("set-cookie") == [
        "a=1; Path=/; HttpOnly; SameSite=lax; Secure",
        "b=2; Path=/; Secure",
        "c=3; Secure",
    ]
    assert plain.get("/").headers.get_list("set-cookie") == list(COOKIES)


@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_the_opening_of_a_socket_has_them(request: pytest.FixtureRequest, kind: str) -> None:
    client: TestClient = request.getfixturevalue(kind)
    with client.websocket_connect("/socket", headers={"Host": client.base_url.host}) as socket:
        headers = {name.decode(): value.decode() for name, value in socket.extra_headers or []}
    assert headers["content-security-policy"] == policy()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert ("strict-transport-security" in headers) == (kind == "tls")
