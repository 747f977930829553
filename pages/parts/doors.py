"""What the server asks before Streamlit does: files and uploads go to nobody who is not signed in."""

from __future__ import annotations

import json
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_auth_routes import USER_COOKIE_NAME, _get_cookie_value_from_request

from chm import settings
from chm.casework import sign_in
from chm.errors import ChmError
from pages.parts import gate

CLOSED = ("/media", "/_stcore/upload_file", "/_stcore/metrics", "/download")
WAY_OUT = "/auth/logout"


def claims(request: Request) -> dict[str, object]:
    """What the signed cookie of a request says of who signed in; empty where there is none, or it was changed."""
    try:
        value = _get_cookie_value_from_request(request, USER_COOKIE_NAME)
        said = json.loads(value) if value else {}
    except (ValueError, TypeError):
        return {}
    return said if isinstance(said, dict) and said.get("is_logged_in") is True else {}


class SignedOnly:
    """Refuses pages of other sites, files and uploads without a sign-in that holds; ends the sign-in of who goes out.

    Args:
        signing: people sign in. Where nobody can, only this machine is answered, however the server was started.
    """

    def __init__(self, app: ASGIApp, signing: bool):
        self.app, self.signing = app, signing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = ""
        if scope["type"] in ("http", "websocket") and _foreign(scope):
            refused = "Another site's page may not ask this."
        elif scope["type"] in ("http", "websocket") and not self.signing:
            refused = "" if _near(scope) else "This demo answers on its own machine alone."
        elif scope["type"] == "http" and scope["path"].startswith(CLOSED):
            refused = "" if await run_in_threadpool(_holds, Request(scope)) else "Sign in first."
        elif scope["type"] == "http" and scope["path"] == WAY_OUT:
            await run_in_threadpool(_leave, Request(scope))
        await (PlainTextResponse(refused, 403) if refused else self.app)(scope, receive, send)


def _foreign(scope: Scope) -> bool:
    """Whether a page of another site asks. Streamlit would let in those of this machine, and ask the internet for its
    own address to tell the others."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _near(scope: Scope) -> bool:
    host, _ = scope.get("client") or ("", 0)
    return str(host).removeprefix("::ffff:") in settings.LOOPBACK


def _holds(request: Request) -> bool:
    said = claims(request)
    try:
        return bool(said) and bool(sign_in.admit(gate.engine(), said))
    except ChmError:
        return False


def _leave(request: Request) -> None:
    if said := claims(request):
        with suppress(ChmError):
            sign_in.leave(gate.engine(), said)
