"""What the server does once, before the first visitor."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from streamlit.runtime.pages_manager import PagesManager

from chm.casework import frameworks
from chm.errors import ChmError
from pages import parts
from pages.parts import gate


@asynccontextmanager
async def ready(app: Any) -> AsyncIterator[None]:
    """Read the framework and import what pages use, so that the first visitor does not wait for it."""
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
