"""The colours and layout every figure shares, in light and in dark."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

FONT = "Source Sans, Segoe UI, system-ui, sans-serif"
WRAP, LONGEST = 60, 300


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; `band` is how strongly a level's colour shows behind a line."""

    text: str
    muted: str
    line: str
    ground: str
    none: str
    emerging: str
    moderate: str
    significant: str
    alert: str
    band: float

    def level(self, id: str) -> str:
        """Colour of level `id`."""
        return str(getattr(self, id))


LIGHT = Palette("#0F1418", "#3F464B", "#CFC9BE", "#FBFAF7", "#5C6975", "#F5C044", "#C4560F", "#8E1235", "#8E1235", 0.24)
DARK = Palette("#EDEAE4", "#C5C3BE", "#48525A", "#14191D", "#8F9BA6", "#F2B632", "#E57F38", "#BE2550", "#F58FA6", 0.30)


def layout(palette: Palette, height: int, alt: str) -> dict[str, Any]:
    """Layout of our own: no template, see-through, our type; `meta.alt` says in words what the figure shows."""
    return {
        "template": "none",
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": palette.text},
        "hoverlabel": {
            "bgcolor": palette.ground,
            "bordercolor": palette.line,
            "font": {"family": FONT, "size": 13, "color": palette.text},
            "align": "left",
        },
        "showlegend": False,
        "dragmode": False,
        "meta": {"alt": alt},
    }


def plain(text: str) -> str:
    """User text for a figure, where `<b>` and `<a>` would otherwise act: escaped, wrapped, shortened."""
    lines = textwrap.wrap(textwrap.shorten(text, LONGEST, placeholder=" ..."), WRAP)
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def day_text(day: date) -> str:
    """`day` as people write it: 4 Jan 2027."""
    return f"{day.day} {day:%b %Y}"


def share_of(span: timedelta, share: float) -> timedelta:
    """`share` of `span`, in whole days, one at least."""
    return timedelta(days=max(1, round(span.days * share)))
