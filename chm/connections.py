"""What people said about who met whom, where and when: entities, events, relationships and their source.

Nothing here is a link: `chm.linkage` computes links from it. A role belongs to one event, never to a person for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from chm.linkage.ties import ONGOING, Confidence, Influence, Party

__all__ = ["ONGOING", "Confidence", "Influence", "Party"]


class PlaceKind(StrEnum):
    """What sort of place; `home` and `placement` are where somebody lives and are never mapped for analysts."""

    PHYSICAL = "physical"
    ONLINE = "online"
    TRANSPORT = "transport"
    SCHOOL = "school"
    HOME = "home"
    PLACEMENT = "placement"


class AccountKind(StrEnum):
    """A phone number or a name used online."""

    PHONE = "phone"
    ONLINE = "online"


@dataclass(frozen=True, kw_only=True)
class Entity:
    """Something or somebody that information is about.

    Attributes:
        id: such as `PER-3f2a9c81d04b`. name: as people call it; empty where it is only described.
        description: what is known where the name is not, such as "tall, grey Golf". version: rises with each edit.
        merged_into: id of the entity of the same kind that a person decided this is, None where it stands alone.
    """

    id: str
    name: str = ""
    description: str = ""
    merged_into: str | None = None
    version: int = 1

    @property
    def label(self) -> str:
        """What to call it on a screen: its name, else its description in quotes, else that it is not known."""
        return self.name or (f"“{self.description}”" if self.description else "Not known")


@dataclass(frozen=True, kw_only=True)
class Person(Entity):
    """Anyone but the young people assessed: a peer, a relative, a trusted adult, somebody not yet named.

    `under_18` is None where nobody knows; until somebody does, the person is treated as a child.
    """

    other_names: tuple[str, ...] = ()
    under_18: bool | None = None

    @property
    def child(self) -> bool:
        """Whether to treat them as a child: known or thought to be under 18, or of unknown age."""
        return self.under_18 is not False


@dataclass(frozen=True, kw_only=True)
class Place(Entity):
    """A place, online ones included. `latitude` and `longitude` are WGS 84 degrees, both or neither."""

    place_kind: PlaceKind = PlaceKind.PHYSICAL
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Vehicle(Entity):
    """A vehicle; `plate` as it was read, perhaps in part."""

    plate: str = ""


@dataclass(frozen=True, kw_only=True)
class Account(Entity):
    """A phone number or an online name, which stands in `name`; `platform` is where an online name is used."""

    account_kind: AccountKind = AccountKind.ONLINE
    platform: str = ""


@dataclass(frozen=True, kw_only=True)
class NamedGroup(Entity):
    """A group known by a name, such as what a chat or a crowd calls itself. Its members may be children."""


ENTITY_KINDS: Mapping[str, type[Entity]] = {
    "person": Person,
    "place": Place,
    "vehicle": Vehicle,
    "account": Account,
    "group": NamedGroup,
}
PREFIX: Mapping[str, str] = {"person": "PER", "place": "PLA", "vehicle": "VEH", "account": "ACC", "group": "GRP"}


class EventRole(StrEnum):
    """What somebody was on one event; alleged and unproven."""

    EXPERIENCING_HARM = "experiencing_harm"
    ALLEGED_SOURCE = "alleged_source"
    BOTH = "both"
    WITNESS = "witness"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Source:
    """Who said it and how sure they were. `first_hand` None: not known. `grade`: a police grade, only as supplied."""

    agency: str
    confidence: Confidence = Confidence.UNVERIFIED
    reference: str = ""
    first_hand: bool | None = None
    grade: str = ""


@dataclass(frozen=True)
class Participant:
    """A young person or an entity on an event; places, vehicles, accounts and groups keep the role `unknown`."""

    party: Party
    role: EventRole = EventRole.UNKNOWN


@dataclass(frozen=True)
class Event:
    """Something dated that somebody reported.

    Attributes:
        id: `EV-...`. kind: an id of `data/connections.yaml`, such as `sighting`.
        start, end: its days, both or neither; `end` equals `start` for one day and is `ONGOING` where it goes on.
        at: time of day at the start, None where not known.
    """

    id: str
    kind: str
    participants: tuple[Participant, ...]
    source: Source
    start: date | None = None
    end: date | None = None
    at: time | None = None
    influence: Influence = Influence.UNCLEAR
    what: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True)
class Relationship:
    """A standing tie between two parties. `kind` is an id of `data/connections.yaml`, such as `friend` or `conflict`.

    `id` is `REL-...`; days as for `Event`.
    """

    id: str
    one: Party
    other: Party
    kind: str
    source: Source
    start: date | None = None
    end: date | None = None
    influence: Influence = Influence.UNCLEAR
    note: str = ""
    recorded_by: str = ""
    recorded_at: datetime | None = None
    version: int = 1
