"""A complex strategy meeting in the town, M-3: whom it is about, what links them, what no shared screen may hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chm import store
from chm.assessments import Answers, Assessment, Judgement
from chm.casework import assessments, drafts, frameworks
from chm.casework.desk import Desk
from chm.connections import (
    Account,
    AccountKind,
    EventRole,
    Influence,
    Participant,
    Party,
    Person,
    Place,
    PlaceKind,
    Vehicle,
)
from chm.meetings.records import Attendance, Attending, InMeeting, Meeting
from chm.records import YoungPerson
from chm.store import connections as kept_connections
from chm.store import entities, meetings, people

from .conftest import NOW, TODAY, Office
from .town import ARCADE, MANY, event, tie, young

BAD = Person(
    id="PER-b9", name="Falsely Bad", other_names=("Big Foo", "the tall one"), under_18=False, description="Secretword",
)  # fmt: skip
SNAP = Account(id="ACC-a1", name="snapper99", platform="Pretendgram")
PHONE = Account(id="ACC-a2", name="07700 900123", account_kind=AccountKind.PHONE)
VAN = Vehicle(id="VEH-p1", name="Blue van ZZ99 ZZZ", plate="ZZ99 ZZZ")
HOUSE = Place(
    id="PLA-h9", name="Nowhere Villa", address="Flat 77, 12 Nowhere Road, Mitcham", postcode="CR4 9ZZ",
    place_kind=PlaceKind.HOME, latitude=51.45, longitude=-0.18, description="Secretword",
)  # fmt: skip
SKY = YoungPerson("YP-0201", "Sky-Ann O'Nowhere", "Merton", born=date(2011, 9, 1))
ALI = YoungPerson("YP-0202", "A.B.", "Merton", age=14, age_on=TODAY)
INSIDE = ("YP-0001", "YP-0002", MANY[0], MANY[1], SKY.id, ALI.id)
TYPED = (
    "Zoë's phone, zoe heron, HERON; O'Nowhere’s mum; Sky-Ann, sky ann; A.B. came; Teal Madeup; Wren "
    "O'Madeup; YP-0001, yp 2; Falsely Bad, Big Foo and the tall one; snapper99, 07700900123; ZZ99ZZZ; Flat 77, "
    "12 nowhere road, NOWHERE VILLA, CR4 9ZZ; born 4/3/2012, 04-03-12, 2012-03-04, 4th March 2012, Sept 1 2011"
)
RUN_TOGETHER = "As xX_zoeheron_Xx"
# None of these may stand anywhere in what a shared screen is sent, in any case.
TOLD = (
    *("zoë", "zoe", "heron", "teal", "madeup", "unreal", "sky-ann", "o'nowhere", "nowhere", "a.b.", "wren"),
    *("yp-0", "yp 2", "per-b9", "per-d", "acc-a", "veh-", "pla-", "mac-m", "ev-5a"),
    *("falsely", "big foo", "tall one", "danno", "kip", "drew pretend", "notreal", "flat 9", "flat 77"),
    *("example house", "snapper", "07700", "zz99", "cr4 9zz", "cr4 3zz", "sm4 5zz", "sw19 2zz"),
    *("secretword", "reference-9", "why-text"),
    *("4/3/2012", "04-03-12", "2012-03-04", "march 2012", "date(2012, 3, 4)", "2011, 9, 1", "sept 1 2011"),
)  # fmt: skip


def told_in(found: object) -> list[str]:
    """Which of `TOLD` stand in any part of `found`."""
    said = repr(found).casefold()
    assert len(said) > 100
    return [t for t in TOLD if t in said]


def at(desk: Desk, *, days: int = 0, minutes: int = 0) -> Desk:
    """The same desk, later."""
    moment = NOW + timedelta(days=days, minutes=minutes)
    return replace(desk, clock=lambda: moment)


def write(office: Office, meeting: str, young_people: tuple[str, ...], **more: Any) -> Meeting:
    """Writes a meeting past the casework."""
    given = {"title": "About Zoë", "purpose": TYPED, "on": TODAY, "chair": "u-chair", **more}
    made = Meeting(id=meeting, **given)
    with store.transaction(office.engine) as session:
        meetings.add(session, made)
        meetings.include(session, [InMeeting(meeting=meeting, young_person=y, why="Why-text") for y in young_people])
    return made


def fill(office: Office) -> Office:
    """M-3, chaired by Cass, about six young people whom a man, two accounts, a van and a home link; Pat is invited."""
    named = [
        Participant(Party("person", BAD.id), EventRole.ALLEGED_SOURCE),
        *(Participant(Party("account", account.id)) for account in (SNAP, PHONE)),
        Participant(Party("vehicle", VAN.id)),
    ]  # fmt: skip
    source = replace(
        event(1, ARCADE, "x").source, reference="Reference-9", agency="Zoë Heron's nan", grade="Secretword"
    )
    events = [
        event(0x5A, HOUSE, "YP-0001", "YP-0002", along=tuple(named), what=TYPED),
        event(0x5B, ARCADE, *INSIDE, along=tuple(named[:1]), source=source, kind="incident"),
        event(0x5C, ARCADE, "YP-0003", SKY.id, influence=Influence.HARMFUL),
    ]
    with store.transaction(office.engine) as session:
        for person in (SKY, ALI):
            people.add(session, person)
        for id in INSIDE:
            people.allocate(session, "u-lead", id, date(2026, 1, 1))
        entities.add(session, [BAD, SNAP, PHONE, VAN, HOUSE], "u-lead", NOW)
        kept_connections.add_events(session, events)
        home = tie(0x5D, young("YP-0002"), HOUSE, "lives_at", Influence.UNCLEAR)
        kept_connections.add_relationships(session, [replace(home, note=TYPED)])
    write(office, "M-3", INSIDE)
    with store.transaction(office.engine) as session:
        meetings.invite(session, "M-3", ["u-partner"])
        for agency, name in (("Police", "Sergeant Specimen"), ("Zoë Heron's nan", "Zoë's nan")):
            meetings.attend(
                session, Attendance(meeting="M-3", agency=agency, name=name, status=Attending.CONFIRMED, version=0)
            )
    return office


def assess(desk: Desk, young_person: str, judged: str = "moderate", **levels: str) -> Assessment:
    """Records an assessment at Emerging but for `levels`."""
    framework = frameworks.current()
    draft = drafts.open(desk, young_person, framework.id, framework.version)
    said = Answers(levels={**{d.id: "emerging" for d in framework.domains}, **levels})
    return assessments.record(
        desk, young_person, draft.model_copy(update={"answers": said}), Judgement(level=judged, reason="Secretword")
    )
