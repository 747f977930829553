"""What the server does once, before the first visitor."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.runtime.pages_manager import PagesManager

from chm import settings
from chm.casework import database, frameworks
from chm.errors import ChmError, Faults
from pages import parts
from pages.parts import gate
from pages.parts.doors import SignedOnly
from pages.parts.headers import SecurityHeaders

ALONE = (
    "No OpenID provider is set, so that nobody can sign in. Without one the product serves the invented cohort alone, "
    "and on this machine alone. {why}. Set CHM_OIDC_METADATA_URL and the rest; see docs/deployment.md"
)
# With another value people would come in past the sign-in, or past what asks for it.
SAFE = {
    "server.baseUrlPath": "",
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.trustedUserHeaders": {},
}


def provider() -> settings.Provider | None:
    """Whom people sign in with, None in the demo. Ends the process where that, or a key, is not safe to serve with."""
    try:
        found = settings.provider()
        settings.idle_minutes(), settings.session_hours(), settings.database_key(), settings.backup_key()
    except Faults as wrong:
        raise SystemExit("\n".join(wrong.faults)) from None
    if found is None:
        _refuse_strangers()
    elif unsafe := [option for option, value in SAFE.items() if st.get_option(option) != value]:
        raise SystemExit("\n".join(f"{option}: sign-in does not hold with this; leave it unset" for option in unsafe))
    return found


def secrets(provider: settings.Provider | None) -> Mapping[str, Any]:
    """What Streamlit signs people in with; empty without a provider."""
    if provider is None:
        return {}
    return {
        "auth": {
            "redirect_uri": f"{provider.public_url}/oauth2callback",
            "cookie_secret": provider.cookie_secret,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "server_metadata_url": provider.metadata_url,
        }
    }


def middleware(provider: settings.Provider | None) -> list[Middleware]:
    """What stands before Streamlit, the outermost first."""
    public = urlsplit(provider.public_url) if provider else urlsplit("")
    hosts = [*settings.LOOPBACK, "[::1]", *([public.hostname] if public.hostname else [])]
    return [
        Middleware(SecurityHeaders, encrypted=public.scheme == "https"),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(SignedOnly, signing=provider is not None),
    ]


@asynccontextmanager
async def ready(app: Any) -> AsyncIterator[None]:
    """Read the framework and import what pages use."""
    # Until some visit has run st.navigation, Streamlit would route files of pages/ by itself and miss our addresses.
    PagesManager.uses_pages_directory = False
    # Streamlit sends each message from one thread while the page goes on in another, which may hold Python's lock this
    # long at a time: with the usual 5 ms, totals wait for the answer to be stored.
    sys.setswitchinterval(0.0005)
    for part in iter_modules(parts.__path__):
        import_module(f"pages.parts.{part.name}")
    import_module("pandas")  # Streamlit imports it when a component is first drawn.
    with suppress(ChmError):  # A fault here is said by every page, in plain words.
        frameworks.current()
        gate.engine()
    yield


def _refuse_strangers() -> None:
    address = str(st.get_option("server.address") or "")
    if address not in settings.LOOPBACK:
        raise SystemExit(ALONE.format(why="It was to listen beyond this machine"))
    try:
        invented = database.is_demo(database.open())
    except ChmError:
        return  # Said by every page, in plain words; there is nothing to show.
    if not invented:
        raise SystemExit(ALONE.format(why="The database holds other records"))
