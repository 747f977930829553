"""Files about places that leave with somebody: always with counts hidden, whoever asks, and never a child's home."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from chm import connection_kinds
from chm.access import Permission
from chm.casework import frameworks
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.documents import Made
from chm.casework.place_actions import options
from chm.casework.place_snapshot import place_rules, snapshot
from chm.casework.places import opened, rows_of
from chm.casework.tracked import Reader
from chm.errors import NotFound
from chm.exchange.location_pdf import briefing_pdf
from chm.exchange.location_word import briefing_document
from chm.exchange.places_out import places_csv, places_geojson
from chm.framework import PILLARS
from chm.places.breakdown import breakdown
from chm.places.briefing import Briefing, briefing
from chm.places.risk import safe_places
from chm.places.shown import Exposure, SafeRow
from chm.places.tally import YEAR, Filter
from chm.places.times import times
from chm.store import entities, places


@intention(Permission.READ_PLACES)
def location_briefing(work: Work, place: str, filter: Filter = YEAR) -> Briefing:
    """What the one-page briefing on a place says. Raises NotFound where it is not open, or is a child's home."""
    return _briefing(work, place, filter)


@intention(Permission.EXPORT_PLACES)
def location_file(
    work: Work,
    place: str,
    kind: Literal["docx", "pdf"],
    filter: Filter = YEAR,
    picture: bytes | None = None,
) -> Made:
    """The one-page briefing as a file, with a picture of the map (PNG or JPEG) where given. Raises as the briefing."""
    made = _briefing(work, place, filter)
    framework = frameworks.current()
    names: dict[str, str] = {id: level.name for id, level in framework.level.items()}
    names |= {pillar: pillar.capitalize() for pillar in PILLARS}
    write = briefing_document if kind == "docx" else briefing_pdf
    return Made(write(made, names, picture), f"location-briefing-{work.today.isoformat()}.{kind}")


@intention(Permission.EXPORT_PLACES)
def ranking_file(work: Work, kind: Literal["csv", "geojson"], filter: Filter = YEAR) -> Made:
    """The ranking as a file, homes left out."""
    kept, rules = snapshot(work), place_rules()
    rows = rows_of(work, kept.public, filter, hide=True)
    work.why = kind
    name = f"places-{work.today.isoformat()}.{kind}"
    if kind == "csv":
        return Made(places_csv(rows), name)
    found = safe_places(kept.public, rules, filter, work.today)
    return Made(places_geojson(rows, [SafeRow(kept.shown(s.place, False), s) for s in found]), name)


def _briefing(work: Work, place: str, filter: Filter) -> Briefing:
    id, kept, rules = opened(work, place), snapshot(work), place_rules()
    if kept.exposure[id] == Exposure.HOME:
        raise NotFound(CLOSED)
    rows = rows_of(work, kept.public, filter, hide=True)
    same = entities.merges(work.session).spread([id])
    kinds = connection_kinds.load()
    reader, there = Reader(work), kept.young_people(id)
    return briefing(
        place=kept.shown(id, False),
        rows=rows,
        numbers=breakdown(kept.public, rules, filter, id, work.today),
        times=times(kept.public, rules, filter, id, work.today),
        words=[(w.safe, reader.nobody(w.text, there)) for w in places.words(work.session, same) if w.for_partners],
        actions=[
            replace(a, text=reader.nobody(a.text, there), owner_person=reader.unnamed_worker(a, there))
            for a in reader.places_told(places.actions(work.session, [id]))
        ],
        options=options(work, id),
        names={kind.id: kind.name for kind in kinds.events},
        rules=rules,
        months=filter.months,
        on=work.today,
    )
