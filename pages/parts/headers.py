"""The security headers of every answer, as ASGI middleware."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAILED = "Something went wrong on the server. Go back and try again."
_BEGINNINGS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy() -> str:
    """The content security policy: this host alone, no inline script but the one Streamlit's own page carries."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in _INLINE.findall(page)]
    scripts = " ".join(f"'sha256-{h}'" for h in hashes)
    return "; ".join(
        (
            "default-src 'none'",
            # Streamlit loads a component's script from a blob of this page.
            f"script-src 'self' blob: {scripts}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Adds the headers to every answer, the opening of a socket and an error of the server's own among them.

    Args:
        encrypted: visitors come over TLS, and are to come in no other way; cookies are to travel in no other way.
    """

    def __init__(self, app: ASGIApp, encrypted: bool = False):
        self.app, self.encrypted = app, encrypted
        self.headers = {
            "Content-Security-Policy": policy(),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        }
        if encrypted:
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] in _BEGINNINGS:
                begun = True
                message.setdefault("headers", [])
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if not scope["path"].startswith("/static/") or message.get("status", 200) >= 400:
                    headers["Cache-Control"] = "no-store"
                if self.encrypted:
                    _keep_to_tls(headers)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception:
            if scope["type"] == "http" and not begun:
                await PlainTextResponse(FAILED, 500)(scope, receive, with_headers)
            raise


def _keep_to_tls(headers: MutableHeaders) -> None:
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
