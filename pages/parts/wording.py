"""A quiet word beside what somebody writes, where it lays blame on a young person; nothing is stopped."""

from __future__ import annotations

from functools import cache

from chm import wording
from pages.parts import markup

_wording = cache(wording.load)


def found_in(text: str) -> list[tuple[str, wording.Prompt]]:
    """The phrases in `text` that lay blame, each with why and another way to say it."""
    return _wording().found(text)


def prompt(*texts: str | None) -> None:
    """Say it of `texts`, where there is anything to say."""
    found = [told for text in texts if text for told in _wording().found(text)]
    if found:
        markup.show("wording", found=found[:3], source=_wording().source)
