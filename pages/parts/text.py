"""User text in places that read Markdown."""

from __future__ import annotations

import re

JOINER = "\u2060"  # Not to be seen; it keeps addresses from becoming links, and hyphens from becoming dashes.
_LINK = re.compile(r"://|w(?=ww\.)|@.|-(?=-)")
_NO_BOROUGH = ("", "not known", "unknown")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


def plain(text: str) -> str:
    """`text` escaped so that Markdown shows it as it was typed: no links, images, formulas, icons or HTML."""
    apart = _LINK.sub(lambda found: f"{found[0][0]}{JOINER}{found[0][1:]}", text)
    return _MARKDOWN.sub(r"\\\1", apart)


def borough(home: str, lives: str = "") -> str:
    """A home borough as a fact, with `lives` before it; a workbook of returns names none, so none is lived in there."""
    return f"{lives}{home}" if home.strip().casefold() not in _NO_BOROUGH else "home borough not known"
