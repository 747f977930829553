"""A town of invented places: what was reported there, and of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from chm import store
from chm.connections import (
    ONGOING,
    Entity,
    Event,
    EventRole,
    Influence,
    Participant,
    Party,
    Person,
    Place,
    PlaceKind,
    Relationship,
    Source,
    Vehicle,
)
from chm.linkage.ties import Confidence
from chm.records import YoungPerson
from chm.store import connections as kept_connections
from chm.store import entities, people

from .conftest import NOW, TODAY, Office

ARCADE = Place(id="PLA-a1", name="Placeholder Arcade", postcode="CR4 3ZZ", latitude=51.4, longitude=-0.16)
FLAT = Place(id="PLA-f1", name="Flat 9, Notreal Court", address="Flat 9", postcode="CR4 3ZZ", latitude=51.41)
HOME = Place(id="PLA-b1", name="Example House", postcode="SM4 5ZZ", latitude=51.42, longitude=-0.2)
UNIT = Place(id="PLA-c1", name="Zoë Heron's corner", postcode="SW19 2ZZ", latitude=51.43, longitude=-0.19)
CHAT = Place(id="PLA-d1", name="Madeup lobby", place_kind=PlaceKind.ONLINE)
CLUB = Place(id="PLA-e1", name="Lantern Club", postcode="CR4 3ZZ", latitude=51.44, longitude=-0.15)
DANNO = Person(id="PER-d1", name="Danno", under_18=False)
PEER = Person(id="PER-d2", name="Kip")
WORKER = Person(id="PER-d3", name="Drew Pretend", under_18=False)
GOLF = Vehicle(id="VEH-b1", name="Grey Golf")
THINGS: Sequence[Entity] = (ARCADE, replace(FLAT, longitude=-0.17), HOME, UNIT, CHAT, CLUB, DANNO, PEER, WORKER, GOLF)
MANY = [f"YP-01{n:02}" for n in range(12)]


def young(id: str) -> Party:
    return Party("young_person", id)


def source(agency: str = "Police", confidence: Confidence = Confidence.LIKELY) -> Source:
    return Source(agency, confidence)


def event(number: int, place: Place, *who: str, on: date = TODAY, kind: str = "sighting", **more: object) -> Event:
    named = [Participant(young(id), EventRole.EXPERIENCING_HARM) for id in who]
    with_them = more.pop("along", ())
    said = {"influence": Influence.HARMFUL, "source": source(), "what": "Secretword", **more}
    return Event(
        id=f"EV-{number:x}", kind=kind, start=on, end=on, recorded_by="u-lead", recorded_at=NOW,
        participants=(*named, Participant(Party("place", place.id)), *with_them), **said,  # type: ignore[arg-type, misc]
    )  # fmt: skip


def tie(number: int, one: Party, place: Place, kind: str, influence: Influence) -> Relationship:
    return Relationship(
        id=f"REL-{number:x}", one=one, other=Party("place", place.id), kind=kind, source=source(),
        start=date(2026, 1, 1), end=ONGOING, influence=influence, recorded_by="u-lead", recorded_at=NOW,
    )  # fmt: skip


CONCERN = (
    Participant(Party("person", DANNO.id), EventRole.ALLEGED_SOURCE),
    Participant(Party("person", PEER.id), EventRole.ALLEGED_SOURCE),
    Participant(Party("vehicle", GOLF.id)),
)


def fill(office: Office) -> Office:
    """Twelve more young people whom nobody but the lead reaches; Heron, who is Jo's, at the arcade, flat and home."""
    events = [
        *(event(1 + n, ARCADE, id, at=time(16)) for n, id in enumerate([*MANY[:6], "YP-0001"])),
        event(20, ARCADE, MANY[0], along=CONCERN, source=source("Education", Confidence.CONFIRMED)),
        event(21, FLAT, "YP-0001", MANY[7]),
        event(22, HOME, "YP-0001", kind="incident"),
        event(23, UNIT, MANY[8], on=date(2026, 1, 5)),
        event(24, CHAT, MANY[9], kind="online_contact", influence=Influence.UNCLEAR),
    ]
    ties = [
        tie(1, young("YP-0001"), HOME, "lives_at", Influence.UNCLEAR),
        tie(2, young(MANY[10]), CLUB, "safe_place", Influence.PROTECTIVE),
        tie(3, Party("person", WORKER.id), CLUB, "works_at", Influence.PROTECTIVE),
    ]
    with store.transaction(office.engine) as session:
        for id in MANY:
            people.add(session, YoungPerson(id, f"Somebody Unreal {id[-2:]}", "Merton", age=15, age_on=TODAY))
        entities.add(session, THINGS, "u-lead", NOW)
        kept_connections.add_events(session, events)
        kept_connections.add_relationships(session, ties)
    return office
