"""What links some young people: the records around them, and whom to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chm.access import Permission
from chm.casework.desk import Work, intention
from chm.casework.sight import Sight
from chm.connections import Entity, Event, Party, Relationship
from chm.records import YoungPerson
from chm.store import assessments, network, people, shared_actions
from chm.store.assessments import Latest
from chm.store.network import ChairedMeeting

MASKED = "Another young person"


@dataclass(frozen=True)
class NetworkYoungPerson:
    """A young person in the picture; `age` in whole years today. One who is `masked` has a made-up id and name only."""

    id: str
    name: str
    age: int | None = None
    borough: str = ""
    latest: Latest | None = None
    chosen: bool = False
    masked: bool = False


@dataclass(frozen=True)
class NetworkRecords:
    """What is recorded around the chosen young people, who come first; then their neighbours, masked ones last.

    `events` and `relationships` name entities by what merged ones have become, and the masked by their made-up ids.
    """

    young_people: tuple[NetworkYoungPerson, ...]
    entities: Mapping[Party, Entity]
    events: tuple[Event, ...]
    relationships: tuple[Relationship, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Ids of the young people whose names are given."""
        return tuple(p.id for p in self.young_people if not p.masked)


@intention(Permission.READ_NETWORK, about="young_people")
def read(work: Work, young_people: tuple[str, ...]) -> NetworkRecords:
    """The records around `young_people`, and the neighbours who share an event, a relationship or an entity with them.

    A neighbour outside the user's scope is masked, numbered anew at each call, and what would name them is withheld.
    Each young person whose name is given out has an entry in the audit.
    """
    return around(work, young_people)


@intention(Permission.READ_NETWORK, about="young_people", audited=False, passive=True)
def still_open(work: Work, young_people: tuple[str, ...]) -> None:
    """Raises NotFound where one of the young people that were shown may be shown no more."""


def around(work: Work, young_people: tuple[str, ...], *more: Permission) -> NetworkRecords:
    """As `read`, within the work of another intention; the reach of `more` counts besides that of the work."""
    return told(work, unmasked(work, young_people), *more)


def told(work: Work, found: NetworkRecords, *more: Permission) -> NetworkRecords:
    """What `unmasked` gave, as the user may know it: without the whole name of anybody outside their reach."""
    return Sight(work, *more).around(found)


def unmasked(work: Work, young_people: tuple[str, ...]) -> NetworkRecords:
    """The records around `young_people` whose texts hide masked neighbours alone: for what finds names in them."""
    session, scope = work.session, work.scope
    found = network.around(session, scope, frozenset(young_people))
    work.opened(p.id for p in found.young_people)
    latest = assessments.latest(session, scope, [p.id for p in found.young_people])
    order = {id: n for n, id in enumerate(young_people)}
    seen = [_shown(work, p, latest.get(p.id), p.id in order) for p in found.young_people]
    masked = [NetworkYoungPerson(id, f"{MASKED} {id.partition('-')[2]}", masked=True) for id in found.masked]
    chosen = sorted((p for p in seen if p.chosen), key=lambda p: order[p.id])
    return NetworkRecords(
        (*chosen, *(p for p in seen if not p.chosen), *masked), found.entities, found.events, found.relationships
    )


@intention(Permission.READ_NETWORK, hourly=True)
def mine(work: Work) -> list[NetworkYoungPerson]:
    """Everybody in the user's reach, by name, to choose from."""
    latest = assessments.latest(work.session, work.scope)
    found = people.everyone(work.session, work.scope)
    work.listed(p.id for p in found)
    return [_shown(work, p, latest.get(p.id), False) for p in found]


@intention(Permission.READ_NETWORK, hourly=True)
def meetings(work: Work) -> list[ChairedMeeting]:
    """The meetings that the user chairs and still sees the young people of, newest first."""
    found = network.chaired(work.session, work.scope)
    near = {p.id for p in people.everyone(work.session, work.scope)}
    unseen = shared_actions.names(work.session, {y for m in found for y in m.young_people} - near)
    sight = Sight(work, Permission.READ_CHILD)
    shown = [
        replace(m, title=sight.hide(m.title, unseen), young_people=tuple(y for y in m.young_people if y in near))
        for m in found
    ]
    work.listed((m.id, *m.young_people) for m in shown)
    return shown


def _shown(work: Work, person: YoungPerson, latest: Latest | None, chosen: bool) -> NetworkYoungPerson:
    return NetworkYoungPerson(
        person.id, person.name, person.age_at(work.today), person.home_borough, latest, chosen=chosen
    )
