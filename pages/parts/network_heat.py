"""The thirteen domains by young person, and the spread of their totals; never one invented score for a group."""

from __future__ import annotations

from chm.casework import frameworks
from chm.casework.linked import Linked
from chm.framework import LEVELS
from chm.linkage.totals import spread
from pages.parts import markup

SHORT = {"none": "–", "emerging": "E", "moderate": "M", "significant": "S"}
MOST = 24


def heat_map(seen: Linked) -> None:
    """Draw it, highest combined score first; who is not assessed yet stands last, as not known.

    No more than can be read stand in the table; it says how many do not.
    """
    framework = frameworks.current()
    people = [p for p in seen.people.values() if not p.masked]
    people.sort(key=lambda p: (-(p.latest.score.combined.score or 0) if p.latest else 1, p.name))
    more = max(0, len(people) - MOST)
    people = people[:MOST]
    levels = [{p.domain: p.level for p in person.latest.score.points} if person.latest else {} for person in people]
    names = {level: framework.level[level].name for level in LEVELS}
    markup.show(
        "network_heat",
        people=[(p.name, p.latest.score.combined.score if p.latest else None) for p in people],
        rows=[
            (
                d.name,
                d.axis,
                [
                    (level := mine.get(id), SHORT.get(level or "", "?"), names.get(level or "", "not known"))
                    for mine in levels
                ],
            )
            for id, d in framework.domain.items()
        ],
        spread=spread(
            (seen.known.labels[n.party] for n in seen.picture.nodes if n.party.young and not n.masked), LEVELS[::-1]
        ),
        words=names,
        more=more,
    )
