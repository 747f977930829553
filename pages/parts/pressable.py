"""Our own markup with buttons in it: one element for Streamlit, whatever it holds, and quick to draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts import markup

_component = st.components.v2.component(
    "chm_pressable",
    html='<div class="pressable stHtml"></div>',
    js=(Path(__file__).parent / "pressable.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def show(template: str, /, *, key: str, pressed: Callable[[str, str], None], **values: Any) -> tuple[str, str]:
    """Write a template; give what was pressed in it, as what its `data-say` has before and after the first colon.

    `pressed` is told the same before the rerun, for what must be known before anything is drawn. Nothing pressed is a
    pair of empty texts. What the browser sends may be anything: check it against what is known.
    """

    def said() -> tuple[str, str]:
        heard = dict(st.session_state.get(key) or {}).get("pressed")
        what, _, which = heard.partition(":") if isinstance(heard, str) else ("", "", "")
        return what, which

    _component(key=key, data={"markup": markup.render(template, **values)}, on_pressed_change=lambda: pressed(*said()))
    return said()
