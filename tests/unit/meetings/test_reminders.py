"""Reminders: whose, which, and nothing in them that names a young person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chm.meetings.reminders import reminders, text
from chm.meetings.tracked import DecidedAt, Kind, Tracked, When, when
from chm.records import ActionStatus

TODAY = date(2026, 11, 23)
ROW = Tracked(
    id="MA-b1",
    kind=Kind.MEETING,
    what="Move Teal Madeup",
    pillar="protect",
    target="young_person:YP-0002",
    about="Teal Madeup",
    young_people=(("YP-0002", "Teal Madeup"),),
    owner_agency="Teal's family",
    owner_person="Teal Madeup",
    due=date(2026, 11, 22),
    status=ActionStatus.OPEN,
    outcome="",
    closed_on=None,
    meeting=DecidedAt("M-1", "About Teal", TODAY),
    place="Teal's house",
    version=1,
    when=When.OVERDUE,
    mine=False,
    my_agency=False,
    may_update=True,
    may_reassign=True,
    owner_gone=False,
    about_unnamed="a young person",
    agency_unnamed="a family",
    person_unnamed="a young person",
)


def of(agency: str, person: str = "", **said: Any) -> Tracked:
    due = said.get("due", ROW.due)
    status = said.get("status", ActionStatus.OPEN)
    return replace(ROW, agency_unnamed=agency, person_unnamed=person, when=when(status, due, TODAY), **said)


@pytest.mark.parametrize(
    ("days", "found"),
    [(-1, When.OVERDUE), (0, When.SOON), (7, When.SOON), (8, When.LATER), (None, When.UNDATED)],
)
def test_how_soon_an_action_is_due(days: int | None, found: When) -> None:
    due = None if days is None else TODAY + timedelta(days=days)
    assert when(ActionStatus.OPEN, due, TODAY) == when(ActionStatus.UNDER_WAY, due, TODAY) == found
    assert when(ActionStatus.DONE, due, TODAY) == when(ActionStatus.DROPPED, due, TODAY) == When.ENDED


def test_one_for_each_owner_by_agency_and_person() -> None:
    rows = [
        of("police", "Zed Placeholder", id="MA-1"),
        of("Police", "", id="MA-2", due=TODAY),
        of("Police", "", id="MA-4", due=date(2026, 11, 20)),
        of("Police", "", id="MA-3", due=date(2026, 11, 20)),
        of("Housing", "Pat Placeholder", id="MA-5", due=None),
        of("Housing", "Pat Placeholder", id="MA-6", status=ActionStatus.DONE),
        of("Education", "", id="MA-7", due=date(2026, 12, 24)),
    ]
    found = reminders(rows)
    assert [(r.owner, r.count) for r in found] == [
        ("Housing, Pat Placeholder", 1),
        ("Police", 3),
        ("police, Zed Placeholder", 1),
    ]
    _, police, _ = found
    assert [[r.id for r in part] for part in (police.overdue, police.soon, police.undated)] == [
        ["MA-3", "MA-4"],
        ["MA-2"],
        [],
    ]
    assert reminders([]) == ()


def test_the_text_to_the_letter() -> None:
    rows = [
        of("Police", "PC Placeholder", id="MA-1", about_unnamed="Placeholder Arcade"),
        of("Police", "PC Placeholder", id="PAC-2", due=TODAY, about_unnamed="a home"),
        of("Police", "PC Placeholder", id="ACT-3", due=None),
    ]
    (found,) = reminders(rows)
    assert text(found, TODAY) == (
        "Actions of Police, PC Placeholder, as of 23 Nov 2026\n"
        "\n"
        "Overdue:\n"
        "- MA-1: Placeholder Arcade, due 22 Nov 2026\n"
        "\n"
        "Due within 7 days:\n"
        "- PAC-2: a home, due 23 Nov 2026\n"
        "\n"
        "Without a date:\n"
        "- ACT-3: a young person, no date yet\n"
        "\n"
        "Please note in Actions what came of each. Name no young person in a reply to this message."
    )


def test_a_head_without_actions_is_left_out() -> None:
    (found,) = reminders([of("Police")])
    assert "Due within" not in text(found, TODAY)
    assert "Without" not in text(found, TODAY)


def test_nothing_that_could_name_a_young_person_is_in_it() -> None:
    (found,) = reminders([ROW])
    said = found.owner + text(found, TODAY)
    assert "a family, a young person" in said
    assert [word for word in ("Teal", "Madeup", "YP-", "Move", "About", "house") if word in said] == []
