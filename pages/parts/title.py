"""The one title row of a page: what it is about at the left, what to do and who is here at the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts import gate, markup

# Streamlit keeps the place scrolled to within a page: whoever is chosen far down a list would open with the head away.
_top = st.components.v2.component(
    "chm_top",
    html="<i></i>",
    js="""let shown
export default function ({ data }) {
  if (data.title === shown) return
  shown = data.title
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
}""",
)


@contextmanager
def title_row(title: str, facts: str = "") -> Iterator[None]:
    """Write the row; what is drawn inside the block stands at its right."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            markup.show("title", title=title, facts=facts, invented=gate.invented())
            with st.container(key="top"):
                _top(key="top-of-page", data={"title": title})
        yield
        gate.switcher()
