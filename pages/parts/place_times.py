"""When reports at a place fall: weekday by part of the day."""

from __future__ import annotations

from chm.casework.places import OpenedPlace
from chm.places import rules
from chm.places.times import WEEKDAYS
from pages.parts import markup


def times(opened: OpenedPlace) -> None:
    """Draw the table; the darker, the more of the place's reports."""
    rule = rules.load()
    most = max((c.most for row in opened.times.cells for c in row), default=0)
    markup.show(
        "place_times",
        label=opened.place.name,
        what="reports",
        days=[day[:3] for day in WEEKDAYS],
        rows=[
            (p.name, f"{p.start:02d}–{p.end:02d}", [(c.text, round(90 * c.step / most) if most else 0) for c in row])
            for p, row in zip(rule.parts_of_day, opened.times.cells, strict=True)
        ],
        not_known=None if opened.times.not_known.none else opened.times.not_known.text,
        hidden=opened.hidden,
    )
