"""What links some young people, computed from the records around them under one view; nothing here is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from chm import settings
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.connections import Entity, Event, Relationship
from chm.framework import LEVELS
from chm.linkage import disruption, groups, stability, totals, view
from chm.linkage.disruption import Option
from chm.linkage.from_records import never_ranked, of_concern, ties_of
from chm.linkage.graph import Link, Network, build, links
from chm.linkage.groups import Group, SharedEntity
from chm.linkage.layout import Point, layout
from chm.linkage.picture import Picture, draw
from chm.linkage.rules import Rules
from chm.linkage.shapes import Known, Label, Shape
from chm.linkage.stability import Check
from chm.linkage.ties import YOUNG_PERSON, Party, Tie
from chm.linkage.totals import GroupRow
from chm.linkage.view import View
from chm.linkage.what_if import Behind, Change, behind, compare, resting_on
from chm.target_actions import Sharer, TargetContext

Record = Event | Relationship


@dataclass(frozen=True)
class Look:
    """How the records are looked at.

    Attributes:
        view: which ties. known_by: only what had been recorded by then. new_since: what to mark as new.
        neighbours: whether young people beside the chosen ones count and show too.
    """

    view: View = View()
    known_by: datetime | None = None
    new_since: date | None = None
    neighbours: bool = False


@dataclass(frozen=True, eq=False)
class Linked:
    """What links the young people in the picture.

    Attributes:
        people: those in the picture, by id. ties: those in view. history: those of all time.
        undated: ties that the window leaves out for want of a date.
    """

    records: NetworkRecords
    look: Look
    rules: Rules
    today: date
    people: Mapping[str, NetworkYoungPerson]
    ties: tuple[Tie, ...]
    history: tuple[Tie, ...]
    undated: int
    never: frozenset[Party] = field(default=frozenset())

    @cached_property
    def network(self) -> Network:
        """Everybody in the picture, tied or not."""
        return build(self.ties, self.people)

    @cached_property
    def known(self) -> Known:
        """What to call and how to draw each party."""
        return Known.of(
            self.records.entities.values(), {Party(YOUNG_PERSON, p.id): _label(p) for p in self.people.values()}
        )

    @cached_property
    def picture(self) -> Picture:
        """What to draw of it; of a crowd the most linked, so that what links them has room too."""
        most = self.rules.picture.most_nodes
        chosen = [Party(YOUNG_PERSON, p.id) for p in self.people.values() if p.chosen]
        return draw(
            self.network,
            self.known,
            self.rules.strength,
            most,
            chosen=chosen if len(chosen) <= most // 2 else (),
            new_since=self.look.new_since,
            history=self.history,
        )

    @cached_property
    def shape(self) -> dict[Party, Shape]:
        """What each party of the picture is drawn as."""
        return {n.party: n.shape for n in self.picture.nodes}

    def positions(self, before: Mapping[Party, Point]) -> dict[Party, Point]:
        """Where each node of the picture stands; those of `before` stay."""
        nodes = {n.party: n.label for n in self.picture.nodes}
        return layout(nodes, ((line.one, line.other) for line in self.picture.lines), before)

    @cached_property
    def options(self) -> dict[Party, Option]:
        """What removing each entity would change, most first; no child, home or person nobody alleges anything of."""
        return {o.entity: o for o in disruption.ranked(self.network, self.rules.strength, self.never)}

    @cached_property
    def shared(self) -> dict[Party, SharedEntity]:
        """Entities that two or more share: those whose removal would change most first, those never ranked last."""
        combined = {p.id: p.latest.score.combined.score or 0 for p in self.people.values() if p.latest}
        borough = {p.id: p.borough for p in self.people.values()}
        found = groups.shared_entities(self.network, combined, borough)

        def effect(shared: SharedEntity) -> tuple[bool, int, int, int]:
            option = self.options.get(shared.entity)
            lost, isolated = (option.pairs_lost, option.isolated) if option else (0, 0)
            return option is None, -lost, -isolated, -len(shared.young_people)

        return {s.entity: s for s in sorted(found, key=effect)}

    @cached_property
    def groups(self) -> list[GroupRow]:
        """Groups that are connected at all, largest first."""
        return self._rows(groups.components(self.network))

    @cached_property
    def communities(self) -> list[GroupRow]:
        """Closer communities within them."""
        return self._rows(groups.communities(self.network, self.rules.strength, self.rules.communities))

    def _rows(self, found: Sequence[Group]) -> list[GroupRow]:
        return totals.group_rows(self.network, found, self.known.labels, LEVELS)

    @cached_property
    def pairs(self) -> list[Link]:
        """Linked pairs, strongest first."""
        return links(self.network, self.rules.strength)

    @cached_property
    def checks(self) -> list[Check]:
        """Whether the first answer stands without weak information."""
        return stability.stability(self.ties, self.rules, self.today, never=self.never)

    @cached_property
    def concern(self) -> frozenset[Party]:
        """Persons alleged, on some event or tie, to be a source of harm."""
        return of_concern(self.records.events, self.records.relationships)

    def without(self, removed: Collection[Party]) -> Change:
        """What removing all of `removed` together would change. Raises Faults where a young person is among them."""
        return compare(self.network, removed, self.rules.strength)

    def together(self, k: int) -> disruption.Together:
        """The k entities that would do most together."""
        held = frozenset(e for e in self.network.entities if e not in self.options)
        return disruption.together(self.network, k, held)

    def resting_on(self, entity: Party) -> tuple[Behind, ...]:
        """The young people whom a harmful link joins to `entity`."""
        return resting_on(self.network, entity)

    def behind(self, young_person: str) -> tuple[tuple[Behind, ...], tuple[Behind, ...]]:
        """What a young person's Places and Peers levels may rest on."""
        return behind(self.network, young_person)

    def evidence(self, *parties: Party) -> list[Record]:
        """The records behind what is seen of all `parties`, newest first, undated last."""
        near = {t.id for t in self.ties if any(p in t.parties for p in parties)}
        return self._newest(r for r in self._recorded if r.id in near and _parties(r).issuperset(parties))

    def between(self, one: Party, other: Party) -> list[Record]:
        """The records behind what links two young people, and what else names both, as `evidence` orders them."""
        pair = {one.id, other.id}
        link = next((k for k in self.pairs if pair.issuperset(k.pair)), None)
        ids = {r.id for r in self.evidence(one, other)}.union(link.evidence if link else ())
        return self._newest(r for r in self._recorded if r.id in ids)

    @property
    def _recorded(self) -> tuple[Record, ...]:
        return (*self.records.events, *self.records.relationships)

    def _newest(self, found: Iterable[Record]) -> list[Record]:
        return sorted(found, key=lambda r: (r.start or date.min, r.id), reverse=True)

    def about(self, target: Party) -> TargetContext:
        """What is known of the ties of `target`, for what to recommend about it."""
        near = {p for t in self.ties if target in t.parties for p in t.parties} | {target}
        touched = [p for p in self.people.values() if Party(YOUNG_PERSON, p.id) in near]
        return replace(context(target, self.ties, touched), online=target in self.known.online)

    def entity(self, party: Party) -> Entity | None:
        """The record of an entity; None for a young person."""
        return self.records.entities.get(party)


def linked(records: NetworkRecords, look: Look, rules: Rules, today: date | None = None) -> Linked:
    """What links the young people of `records`, seen by `look`."""
    people = {p.id: p for p in records.young_people if p.chosen or look.neighbours}
    events: Sequence[Event] = records.events
    relationships: Sequence[Relationship] = records.relationships
    if look.known_by:
        events, relationships = view.known_by(events, look.known_by), view.known_by(relationships, look.known_by)
    history = [t for t in ties_of(events, relationships) if all(not p.young or p.id in people for p in t.parties)]
    ties, undated = view.seen(history, look.view)
    return Linked(
        records=records,
        look=look,
        rules=rules,
        today=today or settings.today(),
        people=people,
        ties=tuple(ties),
        history=tuple(history),
        undated=undated,
        never=never_ranked(records.entities.values(), records.events, records.relationships),
    )


def shows(record: Record, look: Look) -> bool:
    """Whether `look` takes in what `record` ties."""
    if look.known_by and not view.known_by([record], look.known_by):
        return False
    ties = ties_of([record], ()) if isinstance(record, Event) else ties_of((), [record])
    return bool(view.seen(ties, look.view)[0])


def _label(person: NetworkYoungPerson) -> Label:
    latest = person.latest
    return Label(
        text=person.name,
        score=latest.score.combined.score if latest else None,
        band=latest.score.combined.band if latest else None,
        judged=latest.judged if latest else None,
        masked=person.masked,
    )


def context(target: Party, ties: Iterable[Tie], people: Iterable[NetworkYoungPerson]) -> TargetContext:
    """What `ties` say of `target` and of the young people it touches, `people`, for what to recommend about it."""
    near = [t for t in ties if target in t.parties]
    return TargetContext(
        sharers=tuple(_sharer(p, [t for t in near if Party(YOUNG_PERSON, p.id) in t.parties]) for p in people),
        agencies=len({t.agency for t in near if t.agency}),
        relations=frozenset(t.relation for t in near),
        latest=max((t.start for t in near if t.start), default=None),
    )


def _sharer(person: NetworkYoungPerson, mine: Collection[Tie]) -> Sharer:
    return Sharer(
        levels={p.domain: p.level for p in person.latest.score.points} if person.latest else {},
        age=person.age,
        borough=person.borough,
        harmed=not mine or any(t.harmful for t in mine),
        protected=any(t.protective for t in mine),
    )


def _parties(record: Record) -> set[Party]:
    if isinstance(record, Event):
        return {p.party for p in record.participants}
    return {record.one, record.other}
