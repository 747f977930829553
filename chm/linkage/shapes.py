"""What each party of a network is drawn as: from the ties in view, never a label for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chm.connections import ENTITY_KINDS, Entity, Person, Place, PlaceKind
from chm.linkage.from_records import SOURCES
from chm.linkage.graph import Network
from chm.linkage.ties import YOUNG_PERSON, Influence, Party, Tie

KIND_OF = {record: kind for kind, record in ENTITY_KINDS.items()}


class Shape(StrEnum):
    """The shapes. A child is a peer under 18 or of unknown age; a safe place has protective ties alone."""

    YOUNG_PERSON = "young_person"
    CHILD = "child"
    PERSON_OF_CONCERN = "person_of_concern"
    PERSON = "person"
    TRUSTED_ADULT = "trusted_adult"
    PLACE = "place"
    SAFE_PLACE = "safe_place"
    ONLINE_PLACE = "online_place"
    VEHICLE = "vehicle"
    ACCOUNT = "account"
    GROUP = "group"


@dataclass(frozen=True)
class Label:
    """What a screen calls a party; of a young person also the combined score, its band and what a person judged."""

    text: str
    score: int | None = None
    band: str | None = None
    judged: str | None = None
    masked: bool = False


NOT_KNOWN = Label("Not known")


@dataclass(frozen=True)
class Known:
    """What the records say of the parties. A person who is not in `adults` is drawn as a child."""

    labels: Mapping[Party, Label] = field(default_factory=dict)
    adults: frozenset[Party] = frozenset()
    online: frozenset[Party] = frozenset()

    @classmethod
    def of(cls, entities: Iterable[Entity], labels: Mapping[Party, Label]) -> Known:
        """From the entities' records; `labels` names the young people, and goes before an entity's own name."""
        records = {Party(KIND_OF[type(e)], e.id): e for e in entities}
        return cls(
            labels={party: Label(e.label) for party, e in records.items()} | dict(labels),
            adults=frozenset(p for p, e in records.items() if isinstance(e, Person) and not e.child),
            online=frozenset(
                p for p, e in records.items() if isinstance(e, Place) and e.place_kind == PlaceKind.ONLINE
            ),
        )


def shapes(network: Network, known: Known) -> dict[Party, Shape]:
    """The shape of every party of `network`.

    A person of concern is an adult alleged to be a source of harm on an event, or tied to a young person by a harmful
    relationship. A trusted adult protects somebody and has no harmful tie or conflict.
    """
    ties = [t for t in (*network.ties, *network.protective, *network.conflicts) if any(p.young for p in t.parties)]
    protects = _parties(t for t in ties if t.protective)
    harms = _parties(t for t in ties if t.conflict or t.influence == Influence.HARMFUL)
    links = _parties(t for t in ties if not t.protective)
    links.update(e for e, k in zip(network.entities, network.popularity.tolist(), strict=True) if k)
    concern = _parties(t for t in ties if t.role in SOURCES or (t.influence == Influence.HARMFUL and not t.event))
    trusted, safe = protects - harms, protects - links
    found = {Party(YOUNG_PERSON, id): Shape.YOUNG_PERSON for id in network.young_people}
    for entity in network.entities:
        if entity.kind == "person" and entity not in known.adults:
            shape = Shape.CHILD
        elif entity.kind == "person" and entity in concern:
            shape = Shape.PERSON_OF_CONCERN
        elif entity.kind == "person" and entity in trusted:
            shape = Shape.TRUSTED_ADULT
        elif entity.kind == "place" and entity in safe:
            shape = Shape.SAFE_PLACE
        elif entity in known.online:
            shape = Shape.ONLINE_PLACE
        else:
            shape = Shape(entity.kind)
        found[entity] = shape
    return found


def _parties(ties: Iterable[Tie]) -> set[Party]:
    return {p for t in ties for p in t.parties}
