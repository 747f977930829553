"""The one title row of a page: what it is about at the left, what to do and who is here at the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from pages.parts import gate, markup

# One component: every element on the Score page is drawn anew at each answer, and a button costs as much as the rows.
_component = st.components.v2.component(
    "chm_title",
    html='<div class="title stHtml"></div>',
    js=(Path(__file__).parent / "title.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@contextmanager
def title_row(
    title: str,
    facts: str = "",
    *,
    views: Sequence[str] = (),
    close: Callable[[], None] | None = None,
    stays: bool = False,
    key: str = "",
) -> Iterator[str]:
    """Write the row and give the view chosen; what is drawn inside the block stands at its right.

    Args:
        views: what to choose between, the first unless another is chosen; `key` says whose choice it is.
        close: what a button Close does; `stays` disables it.
    """
    here, name = gate.user(), f"title-{key}"
    kept = f"{name}-view"
    view = st.session_state.get(kept)
    chosen = view if view in views else next(iter(views), "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        _component(
            key=name,
            width="stretch",
            data={
                "markup": markup.render(
                    "title",
                    title=title,
                    facts=facts,
                    invented=gate.invented(),
                    here=here,
                    everyone=gate.everyone(),
                ),
                "title": title,
                "views": list(views),
                "view": chosen,
                "close": close is not None,
                "stays": stays,
            },
            on_view_change=lambda: st.session_state.update({kept: _said(name, "view")}),
            on_close_change=close or (lambda: None),
            on_user_change=lambda: gate.become(str(_said(name, "user"))),
            on_out_change=gate.leave,
        )
        yield chosen


def _said(name: str, what: str) -> object:
    return (st.session_state.get(name) or {}).get(what)
