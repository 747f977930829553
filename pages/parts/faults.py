"""Faults, shown whole and in plain words."""

from __future__ import annotations

import re

import streamlit as st

from chm.errors import ChmError, Faults
from pages.parts.text import plain

_PATH = re.compile(r"^(levels|reasons|ticks)\.[\w.]+: ")


def _said(line: str) -> str:
    words = _PATH.sub("", line)
    return words[:1].upper() + words[1:]


def show(error: ChmError, head: str) -> None:
    """Every fault of `error` under `head`, without the path of an answer, which means nothing to its reader."""
    lines = [_said(line) for line in (error.faults if isinstance(error, Faults) else [str(error)])]
    st.error("\n".join([f"**{plain(head)}**", "", *(f"- {plain(line)}" for line in lines[:40])]))
