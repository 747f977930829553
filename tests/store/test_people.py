"""Who may be known already: by the words of a name, or by a birth date and a word alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from chm import store
from chm.records import Role, User, YoungPerson
from chm.store import people, users
from chm.store.people import Known

TODAY = date(2026, 11, 23)
BORN = date(2012, 3, 4)
KEPT = [
    YoungPerson("YP-0001", "Zoë Heron", "Merton", born=BORN),
    YoungPerson("YP-0002", "Teal Madeup", "Sutton", age=15, age_on=TODAY),
    YoungPerson("YP-0003", "R. S.", "Merton", born=BORN),
    YoungPerson("YP-0004", "Wren Quillfeather", "Merton", born=date(2010, 1, 31)),
]


@pytest.fixture
def kept(engine: store.Engine) -> store.Engine:
    """An engine on a database with three workers and four young people."""
    with store.transaction(engine) as session:
        for agency in ("Early Help", "Police", "Health"):
            users.add(session, User(f"u-{agency}", "Jo Placeholder", agency, frozenset({Role.PRACTITIONER})))
        for person in KEPT:
            people.add(session, person)
    return engine


def found(kept: store.Engine, name: str, born: date | None) -> list[str]:
    with store.transaction(kept, writing=False) as session:
        return [k.id for k in people.known(session, name, born, TODAY)]


@pytest.mark.parametrize(
    ("name", "born", "ids"),
    [
        ("ZOE HERON", BORN, ["YP-0001"]),
        ("Zoe Heron", None, ["YP-0001"]),
        ("Heron Zoe", BORN, ["YP-0001"]),
        ("Z\u200doe He\u00adron\ufe0f", None, ["YP-0001"]),
        ("Heron, Zoe", None, ["YP-0001"]),
        ("Zoe Heron", date(2012, 4, 3), ["YP-0001"]),  # Day and month swapped.
        ("Madeup Teal", BORN, ["YP-0002"]),  # No birth date is kept.
        ("Zoe Herron", BORN, ["YP-0001"]),
        ("Zoe Marie Heron", BORN, ["YP-0001"]),
        ("Marie Herno", BORN, ["YP-0001"]),  # Two letters swapped are one slip.
        ("Ella Heron", BORN, ["YP-0001"]),  # A twin.
        ("Zoe", BORN, ["YP-0001"]),
        ("Robin Quilfeathers", date(2010, 1, 31), ["YP-0004"]),  # Long words: two letters.
        ("S.R.", BORN, ["YP-0003"]),
        ("R.S.", None, ["YP-0003"]),
    ],
)
def test_who_may_be_known(kept: store.Engine, name: str, born: date | None, ids: list[str]) -> None:
    assert found(kept, name, born) == ids


@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Ella Heron", date(2013, 5, 6)),  # A sibling.
        ("Finch Placeholder", BORN),
        ("Zoe Marie Heron", None),
        ("Zoe Herron", None),
        ("Zoe Herron", date(2012, 4, 3)),
        ("Teal Madeop", BORN),
        ("Zoa Placeholder", BORN),  # Short words: no letter.
        ("Ella Hxrxn", BORN),  # Two letters of a word that may differ by one.
        ("Ella Aheron", BORN),  # Words that begin otherwise.
        ("R. Placeholder", BORN),  # An initial is no word in common.
        ("R. S. T.", BORN),
        ("R.S.", date(2012, 4, 3)),  # Initials are many people's.
        ("", BORN),
    ],
)
def test_who_is_somebody_else(kept: store.Engine, name: str, born: date | None) -> None:
    assert found(kept, name, born) == []


def test_each_is_answered_in_its_place_with_team_and_state(kept: store.Engine) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    with store.transaction(kept) as session:
        people.allocate(session, "u-Health", "YP-0001", date(2026, 1, 1))
        people.allocate(session, "u-Police", "YP-0001", date(2026, 2, 1))
        people.allocate(session, "u-Early Help", "YP-0001", date(2026, 3, 1), date(2026, 11, 1))
        people.allocate(session, "u-Police", "YP-0004", date(2026, 1, 1), date(2026, 5, 1))
        people.allocate(session, "u-Health", "YP-0004", date(2026, 2, 1), date(2026, 4, 1))
        people.allocate(session, "u-Early Help", "YP-0004", date(2026, 12, 1))
        people.set_state(session, "YP-0001", restricted_at=at)
        people.set_state(session, "YP-0004", closed_on=TODAY)
        wanted = [("Heron Zoe", None), ("Nobody Atall", BORN), ("Wren Quillfeather", None), ("Teal Madeup", BORN)]
        heron = Known("YP-0001", "Police", restricted=True, closed=False, born=BORN, named=False)
        wren = Known("YP-0004", "Police", restricted=False, closed=True, born=date(2010, 1, 31), named=True)
        teal = Known("YP-0002", "", restricted=False, closed=False, born=None, named=True)
        assert people.known_each(session, wanted, TODAY) == [[heron], [], [wren], [teal]]


def test_as_many_queries_for_many_as_for_one(kept: store.Engine) -> None:
    asked: list[str] = []
    with store.transaction(kept, writing=False) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        for wanted in ([("Zoe Heron", BORN)], [(p.name, p.born) for p in KEPT] * 50):
            asked.clear()
            assert all(people.known_each(session, wanted, TODAY))
            assert len(asked) == 3


def test_a_name_and_birth_date_that_are_the_very_same_open_a_closed_record() -> None:
    closed = Known("YP-0001", "Police", restricted=False, closed=True, born=BORN, named=True)
    assert closed.reopened_by(BORN)
    assert not closed.reopened_by(None)
    assert not closed.reopened_by(date(2012, 4, 3))
    for other in ({"named": False}, {"closed": False}, {"restricted": True}):
        assert not replace(closed, **other).reopened_by(BORN)
    assert not replace(closed, born=None).reopened_by(None)
