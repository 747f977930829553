"""User text in places that read Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


def plain(text: str) -> str:
    """`text` escaped so that Markdown shows it as it was typed: no links, images, formulas, icons or HTML."""
    return _MARKDOWN.sub(r"\\\1", text)
