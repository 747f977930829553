"""A small office on a fresh database, on Monday 23 November 2026 at noon."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chm import store
from chm.assessments import Answers, Draft
from chm.casework import desk, drafts, frameworks, place_snapshot
from chm.casework.desk import Desk
from chm.framework import Framework
from chm.meetings.records import InMeeting, Meeting
from chm.records import Role, User, YoungPerson
from chm.store import meetings, people, users

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
USERS = {
    "jo": User("u-jo", "Jo Placeholder", "Early Help", frozenset({Role.PRACTITIONER})),
    "sam": User("u-sam", "Sam Invented", "Youth Justice", frozenset({Role.PRACTITIONER})),
    "chair": User("u-chair", "Cass Invented", "Police", frozenset({Role.CHAIR})),
    "both": User("u-both", "Bo Placeholder", "Police", frozenset({Role.PRACTITIONER, Role.CHAIR})),
    "analyst": User("u-analyst", "Ana Invented", "Community Safety", frozenset({Role.LOCATION_ANALYST})),
    "partner": User("u-partner", "Pat Placeholder", "Housing", frozenset({Role.PARTNER})),
    "admin": User("u-admin", "Ada Invented", "ICT", frozenset({Role.ADMINISTRATOR})),
    "auditor": User("u-auditor", "Aud Placeholder", "Audit", frozenset({Role.AUDITOR})),
    "lead": User("u-lead", "Lee Invented", "Children's Social Care", frozenset({Role.SAFEGUARDING_LEAD})),
}
HERON = YoungPerson("YP-0001", "Zoë Heron", "Merton", born=date(2012, 3, 4))
TEAL = YoungPerson("YP-0002", "Teal Madeup", "Sutton", age=15, age_on=date(2026, 6, 1), looked_after=True)
WREN = YoungPerson("YP-0003", "Wren O'Madeup", "Croydon", born=date(2010, 1, 31))


def convene(
    session: store.Session, id: str, title: str, on: date, chair: str, young_people: list[str], invited: list[str]
) -> None:
    """Writes a meeting, the young people it is about and the users invited."""
    meetings.add(session, Meeting(id=id, title=title, purpose="", on=on, chair=chair))
    meetings.include(session, [InMeeting(meeting=id, young_person=y) for y in young_people])
    meetings.invite(session, id, invited)


class Office(dict[str, Desk]):
    """Desks by the user's short name, at one database."""

    engine: store.Engine


@pytest.fixture
def office(engine: store.Engine) -> Office:
    """Heron is Jo's, Teal is Sam's, Wren nobody's any more; Cass and Bo chair a meeting about Teal."""
    with store.transaction(engine) as session:
        for user in USERS.values():
            users.add(session, user)
        for person in (HERON, TEAL, WREN):
            people.add(session, person)
        people.allocate(session, "u-jo", "YP-0001", date(2026, 1, 1))
        people.allocate(session, "u-sam", "YP-0002", date(2026, 1, 1), TODAY)
        people.allocate(session, "u-sam", "YP-0003", date(2026, 1, 1), date(2026, 11, 22))
        people.allocate(session, "u-jo", "YP-0003", date(2026, 11, 24))
        people.allocate(session, "u-both", "YP-0001", date(2026, 1, 1))
        convene(session, "M-1", "Complex strategy", TODAY, "u-chair", ["YP-0002"], ["u-partner"])
        convene(session, "M-2", "Another", TODAY, "u-both", ["YP-0002"], [])
    # At one moment of the clock, two tests' databases of one name may count alike.
    place_snapshot._KEPT.clear()
    desk._SAID.clear()
    desks = Office({name: Desk(engine, user, lambda: NOW) for name, user in USERS.items()})
    desks.engine = engine
    return desks


@pytest.fixture
def framework() -> Framework:
    """The framework that new assessments use."""
    return frameworks.current()


@pytest.fixture
def whole(framework: Framework) -> Answers:
    """All thirteen domains answered, at Emerging."""
    return Answers(levels={d.id: "emerging" for d in framework.domains})


@pytest.fixture
def draft(office: Office, framework: Framework) -> Draft:
    """Jo's draft for Heron, with no answers."""
    return drafts.open(office["jo"], "YP-0001", framework.id, framework.version)


@pytest.fixture
def town(office: Office) -> Office:
    """The office, and a town of places beside it; see `town.fill`."""
    from .town import fill

    return fill(office)


@pytest.fixture
def hall(town: Office) -> Office:
    """The town, and a complex strategy meeting about six of its young people; see `hall.fill`."""
    from .hall import fill

    return fill(town)
