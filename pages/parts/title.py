"""The one title row of a page: what it is about at the left, what to do and who is here at the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts import gate, markup


@contextmanager
def title_row(title: str, facts: str = "") -> Iterator[None]:
    """Write the row; what is drawn inside the block stands at its right."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            markup.show("title", title=title, facts=facts, invented=gate.invented())
        yield
        gate.switcher()
