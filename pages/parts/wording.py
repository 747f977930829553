"""A quiet word beside what somebody writes, where it lays blame on a young person; nothing is stopped."""

from __future__ import annotations

from functools import cache

from chm import wording
from pages.parts import markup

_wording = cache(wording.load)


def prompt(*texts: str | None) -> None:
    """Say it of `texts`, where there is anything to say."""
    found = [told for text in texts if text for told in _wording().found(text)]
    if found:
        markup.show("wording", found=found[:3], source=_wording().source)
