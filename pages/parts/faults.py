"""Faults, shown whole and in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

import streamlit as st

from chm import fault_log
from chm.casework import sign_in
from chm.casework.desk import Desk
from chm.errors import ChmError, Faults, SignedOut, StorageUnavailable
from pages.parts import gate
from pages.parts.text import plain

P = ParamSpec("P")
_PATH = re.compile(r"^(levels|reasons|ticks)\.[\w.]+: ")


def _said(line: str) -> str:
    words = _PATH.sub("", line)
    starts_with_a_file = "." in words.partition(":")[0]
    return words if starts_with_a_file else words[:1].upper() + words[1:]


def lines(error: ChmError) -> list[str]:
    """Every fault of `error`, each as it is shown."""
    return [_said(line) for line in (error.faults if isinstance(error, Faults) else [str(error)])]


def show(error: ChmError, head: str) -> None:
    """Every fault of `error` under `head`, without the path of an answer, which means nothing to its reader."""
    st.error("\n".join([f"**{plain(head)}**", "", *(f"- {plain(line)}" for line in lines(error)[:40])]))


def unforeseen(error: Exception) -> bool:
    """What nobody foresaw: said in plain words, with the reference that stands in the server's log."""
    reference = fault_log.noted(error)
    st.error(
        "**Something went wrong here that was not foreseen.** What was saved before stands. Try again; if it comes "
        f"back, tell whoever keeps the server this reference: **{reference}**"
    )
    return True


def plainly(part: Callable[P, None]) -> Callable[P, None]:
    """Draw a fragment while its user is signed in, a fault in it said in plain words: its rerun passes by `app.py`.

    Whoever has a part drawn anew has done something.
    """
    return _plainly(part, gate.touched)


def by_itself(part: Callable[P, None]) -> Callable[P, None]:
    """As `plainly`, for a part that is drawn again and again though nobody asks for it."""
    return _plainly(part, sign_in.still_in)


def _plainly(part: Callable[P, None], ask: Callable[[Desk], object]) -> Callable[P, None]:
    @wraps(part)
    def draw(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with suppress(StorageUnavailable):  # It must not take away what is typed; each read or store asks anew.
                for desk in (a for a in args if isinstance(a, Desk)):
                    ask(desk)
            part(*args, **kwargs)
        except SignedOut:
            st.rerun()
        except ChmError as error:
            show(error, "This part cannot be shown now")

    return draw
