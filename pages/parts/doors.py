"""What the server asks before Streamlit does: files and uploads go to nobody who is not signed in."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_auth_routes import USER_COOKIE_NAME, _get_cookie_value_from_request

from chm import settings
from chm.casework import sign_in
from chm.errors import ChmError
from pages.parts import gate

CLOSED = ("/media", "/_stcore/upload_file", "/download")


def claims(request: Request) -> dict[str, object]:
    """What the signed cookie of a request says of who signed in; empty where there is none, or it was changed."""
    try:
        value = _get_cookie_value_from_request(request, USER_COOKIE_NAME)
        said = json.loads(value) if value else {}
    except (ValueError, TypeError):
        return {}
    return said if isinstance(said, dict) and said.get("is_logged_in") is True else {}


class SignedOnly:
    """Refuses files and uploads without a sign-in that holds; behind TLS, says so to the browser."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = settings.provider()
        if scope["type"] != "http" or provider is None:
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(CLOSED) and not await run_in_threadpool(_holds, Request(scope)):
            await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
            return
        if not provider.public_url.startswith("https://"):
            await self.app(scope, receive, send)
            return

        async def over_tls(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
                cookies = headers.getlist("set-cookie")
                del headers["set-cookie"]
                for cookie in cookies:
                    headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
            await send(message)

        await self.app(scope, receive, over_tls)


def _holds(request: Request) -> bool:
    said = claims(request)
    try:
        return bool(said) and bool(sign_in.admit(gate.engine(), said))
    except ChmError:
        return False
