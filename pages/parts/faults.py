"""Faults, shown whole and in plain words."""

from __future__ import annotations

import streamlit as st

from chm.errors import ChmError, Faults
from pages.parts.text import plain


def show(error: ChmError, head: str) -> None:
    """Every fault of `error` under `head`; nothing was lost."""
    lines = error.faults if isinstance(error, Faults) else [str(error)]
    st.error("\n".join([f"**{plain(head)}**", "", *(f"- {plain(line)}" for line in lines[:40])]))
