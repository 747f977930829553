"""Where harm happens: the ranking that everybody sees alike, one place, and the places of one's own young people.

What a reader may not know is hidden here, where it is read: those who do not reach every young person get ranges of
counts, dwellings by area, and no child's home. In full they see the places of the young people in their own reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chm.access import Permission
from chm.casework import frameworks
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.place_snapshot import everything, known, place_rules, snapshot
from chm.casework.sight import Sight
from chm.connections import Event, EventRole, Influence, Person, Place, Relationship, Vehicle
from chm.errors import Faults, NotFound
from chm.linkage.from_records import HOMES, LIVES_AT
from chm.linkage.rules import load as linkage_rules
from chm.places import seen
from chm.places.breakdown import Breakdown, breakdown
from chm.places.risk import PlaceRisk, ranked, safe_places, why
from chm.places.rules import Rules
from chm.places.seen import Reported, Seen, Tied
from chm.places.shown import Exposure, PlaceRow, SafeRow, ShownPlace
from chm.places.stability import Check, stability
from chm.places.tally import YEAR, Filter
from chm.places.times import BeforeAfter, Times, before_after, times
from chm.planning import source
from chm.store import assessments, entities, network, places

__all__ = ["Filter", "PlaceRow", "SafeRow"]


@dataclass(frozen=True)
class PlaceRanking:
    """The ranking under one filter, and what it can be filtered by.

    Attributes:
        homes: homes and placements of children, ranked apart; none unless the user reaches every young person.
        hidden: whether counts are ranges. kinds: of events recorded at places. sectors: of the places, in order.
    """

    rows: tuple[PlaceRow, ...]
    homes: tuple[PlaceRow, ...]
    safe: tuple[SafeRow, ...]
    kinds: tuple[str, ...]
    sectors: tuple[str, ...]
    hidden: bool


@dataclass(frozen=True)
class OpenedPlace:
    """One place in numbers; `row` is None where nothing but protection is recorded there."""

    place: ShownPlace
    row: PlaceRow | None
    numbers: Breakdown
    times: Times
    hidden: bool


@intention(Permission.READ_PLACES, audited=False)
def ranking(work: Work, filter: Filter = YEAR) -> PlaceRanking:
    """Every place where something but protection is recorded, highest rank first, and the safe places."""
    full, kept, rules = everything(work), snapshot(work), place_rules()
    rows = rows_of(work, kept.public, filter, hide=not full)
    safe = tuple(
        SafeRow(kept.shown(s.place, full), s)
        for s in safe_places(kept.public, rules, filter, work.today, hide=not full)
    )
    return PlaceRanking(
        rows=rows,
        homes=rows_of(work, kept.homes, filter, hide=False) if full else (),
        safe=safe,
        kinds=tuple(sorted(kept.public.kinds)),
        sectors=tuple(sorted({r.sector for r in [*(r.place for r in rows), *(r.place for r in safe)]} - {""})),
        hidden=not full,
    )


def rows_of(work: Work, columns: Seen, filter: Filter, *, hide: bool) -> tuple[PlaceRow, ...]:
    """The ranking of the places in `columns`, part of the snapshot, with counts and places hidden or not.

    Raises:
        Faults: counts are hidden, and the window is none of those there are: windows of one's own could tell counts.
    """
    _refuse_own_windows(filter, hide)
    kept, rules = snapshot(work), place_rules()
    levels = places.levels(work.session)
    live = Counter(a.place for a in places.actions(work.session) if a.live)
    found = ranked(columns, rules, filter, work.today, hide=hide)
    return tuple(
        PlaceRow(kept.shown(r.place, not hide), r, why(r, rules), levels.get(r.place), live[r.place]) for r in found
    )


@intention(Permission.READ_PLACES, audited=False)
def checks(work: Work, filter: Filter = YEAR) -> list[Check]:
    """Whether the first places stay first without unverified, old or single-agency information."""
    _refuse_own_windows(filter, not everything(work))
    return stability(snapshot(work).public, place_rules(), linkage_rules().stability, filter, work.today)


@intention(Permission.READ_PLACES)
def open(work: Work, place: str, filter: Filter = YEAR) -> OpenedPlace:
    """One place. Raises NotFound where there is none, or it is a home and the user does not reach every young person.

    Its numbers go by the window alone where counts are hidden.
    """
    id = opened(work, place)
    full, kept, rules = everything(work), snapshot(work), place_rules()
    columns = kept.of(id)
    return OpenedPlace(
        place=kept.shown(id, full),
        row=next((r for r in rows_of(work, columns, filter, hide=not full) if r.risk.place == id), None),
        numbers=breakdown(columns, rules, filter, id, work.today, hide=not full),
        times=times(columns, rules, filter, id, work.today, hide=not full),
        hidden=not full,
    )


@intention(Permission.READ_PLACES)
def since(work: Work, place: str, on: date, filter: Filter = YEAR) -> BeforeAfter:
    """Reports at a place before and after something was done on a day. Raises NotFound as `open`."""
    id, full = opened(work, place), everything(work)
    return before_after(snapshot(work).of(id), place_rules(), filter, id, on, work.today, hide=not full)


@dataclass(frozen=True)
class OwnPlace:
    """A place of some of the reader's young people, in full.

    Attributes:
        young_people: their roles on events there, by id; none where only a relationship ties them to it.
        home: whether one of them, or somebody who may be a child, lives there. events: newest first.
    """

    place: Place
    risk: PlaceRisk | None
    why: str
    young_people: Mapping[str, frozenset[EventRole]]
    home: bool
    protects: bool
    events: tuple[Event, ...]

    @property
    def targeted(self) -> bool:
        """Whether it is a home where harm was recorded."""
        return self.home and any(e.influence != Influence.PROTECTIVE for e in self.events)


@dataclass(frozen=True)
class OwnPlaces:
    """The places of some young people: those with a rank first, then by name.

    `home_safety` is what the guidance asks where harm reaches home, each with its source.
    """

    rows: tuple[OwnPlace, ...]
    names: Mapping[str, str]
    home_safety: tuple[tuple[str, str], ...]


@intention(Permission.READ_NETWORK, about="young_people")
def of_young_people(work: Work, young_people: tuple[str, ...], filter: Filter = YEAR) -> OwnPlaces:
    """The places of `young_people`, all in the user's reach: exact counts of these alone, homes and points included.

    The rank is among these places.
    """
    around = Sight(work).around(network.around(work.session, work.scope, frozenset(young_people)))
    chosen = [p for p in around.young_people if p.id in young_people]
    mine = {p.id for p in chosen}
    events = [e for e in around.events if any(p.party.id in mine for p in e.participants)]
    ties = [r for r in around.relationships if r.one.id in mine or r.other.id in mine]
    kept = {e.id: e for e in around.entities.values()}
    found = {id: e for id, e in kept.items() if isinstance(e, Place)}
    latest = assessments.latest(work.session, work.scope, sorted(mine))
    rules = place_rules()
    columns = seen.build(
        [_reported(e) for e in events],
        [tie for r in ties for tie in _tied(r)],
        found,
        [id for id, e in kept.items() if isinstance(e, Person) and not e.child],
        [id for id, e in kept.items() if isinstance(e, Vehicle)],
        known(latest, tuple(mine)),
        rules,
    )
    risks = {r.place: r for r in ranked(columns, rules, filter, work.today, hide=False)}
    rows = [_own(found[id], risks.get(id), rules, mine, events, ties) for id in found]
    return OwnPlaces(
        rows=tuple(sorted(rows, key=lambda r: (r.risk.rank if r.risk else len(rows) + 1, r.place.name, r.place.id))),
        names={p.id: p.name for p in chosen},
        home_safety=home_safety(),
    )


def home_safety() -> tuple[tuple[str, str], ...]:
    """What the guidance asks where harm from outside reaches a home, each with its source."""
    framework = frameworks.current()
    domain = framework.domain["places"]
    return tuple((s.text, source(framework, s, domain.page)) for s in domain.extras)


@intention(Permission.READ_PLACES, audited=False)
def is_theirs(work: Work, place: str) -> bool:
    """Whether a young person in the user's reach is tied to a place. Raises NotFound where it is not open."""
    return theirs(work, opened(work, place))


def theirs(work: Work, id: str) -> bool:
    """Whether a young person in the reach of the user at work is tied to `id`, or nobody is and they added it."""
    near = entities.open_to(work.session, work.scope, entities.merges(work.session))
    return near is None or id in near


def opened(work: Work, place: str) -> str:
    """The id of what `place` has become by merging, noted for the audit. Raises NotFound where it is not open."""
    id, kept = entities.merges(work.session).survivor(place), snapshot(work)
    if id not in kept.places or (kept.exposure[id] == Exposure.HOME and not everything(work)):
        raise NotFound(CLOSED)
    work.why = id
    return id


def _refuse_own_windows(filter: Filter, hide: bool) -> None:
    windows = place_rules().windows
    if hide and filter.months not in (None, *windows):
        raise Faults([f"window: must be all time, or one of {', '.join(map(str, windows))} months"])


def _own(
    place: Place,
    risk: PlaceRisk | None,
    rules: Rules,
    mine: Collection[str],
    events: Sequence[Event],
    ties: Sequence[Relationship],
) -> OwnPlace:
    here = [e for e in events if any(p.party.id == place.id for p in e.participants)]
    tied = [r for r in ties if place.id in (r.one.id, r.other.id)]
    roles: dict[str, set[EventRole]] = {}
    for event in here:
        for p in event.participants:
            if p.party.id in mine:
                roles.setdefault(p.party.id, set()).add(p.role)
    for r in tied:
        for party in (r.one, r.other):
            if party.id in mine:
                roles.setdefault(party.id, set())
    return OwnPlace(
        place=place,
        risk=risk,
        why=why(risk, rules) if risk else "",
        young_people={id: frozenset(found) for id, found in sorted(roles.items())},
        home=place.place_kind in HOMES or any(r.kind == LIVES_AT for r in tied),
        protects=Influence.PROTECTIVE in [*(e.influence for e in here), *(r.influence for r in tied)],
        events=tuple(sorted(here, key=lambda e: (e.start or date.min, e.id), reverse=True)),
    )


def _reported(e: Event) -> Reported:
    named = tuple((p.party.id, p.role.value) for p in e.participants)
    said = e.source
    return Reported(e.id, e.kind, e.start, e.at, e.influence.value, said.confidence.value, said.agency, named)


def _tied(r: Relationship) -> Iterator[Tied]:
    for place, other in ((r.one, r.other), (r.other, r.one)):
        if place.kind == "place":
            said = (r.kind, r.start, r.end, r.influence.value, r.source.confidence.value, r.source.agency)
            yield Tied(place.id, other.id, *said)
