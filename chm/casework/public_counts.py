"""Published counts as background: taken in from police.uk files, and shown apart from what our own agencies report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np

from chm import settings
from chm.access import Permission
from chm.casework.desk import Desk, Work, intention
from chm.casework.uploads import read_first
from chm.errors import Faults
from chm.exchange.police_uk import PoliceImport
from chm.exchange.uploads import read_police
from chm.figures.place_map import HotCells, Shade
from chm.geography import cache, rules
from chm.geography.areas import AreaKind, Areas, Borough
from chm.geography.grid import over
from chm.places import hotspots, public_events
from chm.places.hotspots import HotspotRules, TooFew
from chm.places.public_events import PublicEvents
from chm.store import public_counts

Upload = tuple[str, bytes]


def _read(desk: Desk, uploads: Sequence[Upload], stop_and_search: bool = False) -> PoliceImport:
    if not uploads:
        raise Faults(["No file was chosen; take the CSV files or the zip that police.uk gives"])
    return read_police(uploads, outlines()[1], stop_and_search)


@read_first(_read)
@intention(Permission.IMPORT_PUBLIC, audited=False)
def read(work: Work, found: PoliceImport) -> PoliceImport:
    """What the files hold, every row accounted for; nothing is kept. Raises Faults, all at once."""
    return found


@read_first(_read)
@intention(Permission.IMPORT_PUBLIC)
def take_in(work: Work, found: PoliceImport) -> PoliceImport:
    """Keeps what the files hold, in place of the same forces and months. All or nothing. Raises Faults."""
    public_counts.put(work.session, found.street.point_counts(), searches=False)
    if found.searches is not None:
        public_counts.put(work.session, found.searches.point_counts(), searches=True)
    work.why = f"{len(found.files)} files"
    return found


@intention(Permission.IMPORT_PUBLIC)
def forget(work: Work) -> int:
    """Removes all published counts; how many events went."""
    gone = public_counts.forget(work.session)
    work.why = f"{gone} events"
    return gone


@intention(Permission.READ_PLACES, audited=False)
def kept(work: Work, searches: bool = False) -> PublicEvents:
    """The published events kept, placed on the areas of the map; stop and search only where asked for."""
    at = (str(work.session.get_bind().engine.url), searches, *public_counts.stamp(work.session))
    with _LOCK:
        if _KEPT.get("at") != at:
            _KEPT["events"] = public_events.from_points(public_counts.points(work.session, searches), outlines()[1])
            _KEPT["at"] = at
        events = _KEPT["events"]
    assert isinstance(events, PublicEvents)
    return events


_KEPT: dict[str, object] = {}
_LOCK = Lock()


def outlines() -> tuple[Borough, Areas]:
    """The borough, and the wards where an administrator supplied them, else its postcode sectors."""
    drawn = cache.borough()
    return drawn, cache.kept(AreaKind.WARD, rules.load().borough.code) or drawn.sectors


def shade(events: PublicEvents, areas: Areas, kinds: Collection[str] | None, per_square_kilometre: bool) -> Shade:
    """Counts or rates of some kinds (all unless given) by area, over the months kept."""
    chosen = events.chosen(kinds or None)
    title = "Published reports" if not kinds else ", ".join(sorted(kinds))
    if per_square_kilometre:
        return Shade(title, events.by_square_kilometre(areas, chosen), " for each square kilometre")
    return Shade(title, events.by_area(areas, chosen).astype(np.float64))


def hot(events: PublicEvents, borough: Borough, kinds: Collection[str] | None) -> HotCells:
    """Hotspots of some kinds (all unless given): by month where there are enough, else over all months together.

    Raises:
        TooFew: fewer events than the method can bear; the message says how many it needs.
    """
    rule = hotspot_rules()
    some = events.only(events.chosen(kinds or None))
    grid = over(borough.outline, rule.cell_metres)
    months = len(some.months)
    by_month = grid.counts(some.longitude, some.latitude, some.month_index, max(months, 1))
    title = "Published reports" if not kinds else ", ".join(sorted(kinds))
    try:
        change = hotspots.over_months(by_month, grid.inside, rule)
    except TooFew:
        return HotCells(title, grid, hotspots.find(by_month.sum(axis=0), grid.inside, rule).hot)
    return HotCells(title, grid, change.patterns != hotspots.Pattern.NONE, change.patterns)


def hotspot_rules() -> HotspotRules:
    """The rules of the data folder, read once a process. Raises Faults where they are broken."""
    return _rules(settings.data())


@lru_cache(maxsize=4)
def _rules(data: Path) -> HotspotRules:
    return hotspots.load(data)
