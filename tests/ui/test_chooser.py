"""Finding, choosing and adding a young person."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import pytest

from chm.casework import guarded, people
from chm.casework.desk import Desk
from pages.parts.navigation import SCORE, YOUNG_PERSON

NAME, BORN, AGE, BOROUGH = "Initials or name", "Date of birth", "or age, if that is all you know", "Home borough"
ADD = "Add and score"


def _choices(here: Any) -> list[str]:
    return [str(b.key).removeprefix("choose-") for b in here.at.button if str(b.key).startswith("choose-")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wren", ["YP-0003"]),
        ("  wREN ", ["YP-0003"]),
        ("YP-0003", ["YP-0003"]),
        ("yp-0003", ["YP-0003"]),
        ("Avocet", []),  # Somebody else's.
        ("YP-0019", []),
        ("nobody at all", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
@pytest.mark.parametrize("screen", [SCORE, YOUNG_PERSON], ids=["score", "young-people"])
def test_find_by_name_or_id(screen: Any, text: str, found: list[str], visit: Any) -> None:
    here = visit().to(screen)
    here.field("Find by name or id").set_value(text).run()
    assert not here.at.exception
    assert _choices(here) == found
    nobody = [i.value for i in here.at.info]
    assert nobody == ([] if found else ["Nobody by that name or id is open to you. Check the spelling, or add them."])


def test_drafts_come_first_and_then_everybody_else_by_name(visit: Any) -> None:
    here = visit().to(SCORE)
    assert [s.value for s in here.at.header] == ["Drafts to go on with · 3", "My young people · 11", "Somebody new"]
    assert _choices(here)[:3] == ["YP-0002", "YP-0013", "YP-0004"]
    assert len(_choices(here)) == 14
    assert [here.at.button(key=f"choose-{id}").label for id in ("YP-0002", "YP-0001")] == ["Go on", "Score"]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, ["Name: empty; write something", "Birth date or age: both are missing; give one of them"]),
        ({NAME: "  ", AGE: 14}, ["Name: empty; write something"]),
        ({NAME: "New One"}, ["Birth date or age: both are missing; give one of them"]),
        ({NAME: "New One", AGE: 14, BOROUGH: ""}, ["Home borough: empty; write something"]),
        ({NAME: "\x00\x07", AGE: 14}, ["Name: empty; write something"]),
        ({NAME: "New One", BORN: date(1998, 1, 1)}, ["Age: must be 0 to 25 years"]),
    ],
)
def test_faults_are_all_shown_and_nobody_is_added(
    fields: dict[str, Any], faults: list[str], visit: Any, lead: Desk
) -> None:
    here = visit().to(SCORE)
    for label, value in fields.items():
        here.field(label).set_value(value)
    here.press(ADD)
    assert not here.at.exception
    (said,) = here.errors
    head, _, listed = said.partition("\n\n")
    assert head == "**Nobody was added**"
    assert [line.replace("\\", "") for line in listed.split("\n")] == [f"- {fault}" for fault in faults]
    assert len(people.mine(lead)) == 40
    assert "matrix_open" not in here.at.session_state


def test_adding_opens_the_new_draft(visit: Any, lead: Desk) -> None:
    here = visit().to(SCORE)
    here.field(NAME).set_value("New Madeup")
    here.field(BORN).set_value(date(2012, 5, 17))
    here.field("In care (looked after)?").set_value(True)
    here.press(ADD)
    assert not here.at.exception
    assert "<h1>Score New Madeup</h1>" in here.everything
    (new,) = [r.young_person for r in people.mine(lead) if r.young_person.name == "New Madeup"]
    assert (new.id, new.born, new.age, new.home_borough, new.looked_after) == (
        "YP-0041", date(2012, 5, 17), None, "Merton", True,
    )  # fmt: skip
    assert here.draft.person == new
    assert here.draft.answers.levels == {}
    assert people.record_of(lead, new.id).workers == ("Jo Placeholder",)


def test_a_birth_date_can_neither_be_in_the_future_nor_before_1998(visit: Any) -> None:
    field = visit().to(SCORE).field(BORN)
    assert (field.min, field.max) == (date(1998, 1, 1), date.today())


def test_somebody_perhaps_known_is_asked_about_first(visit: Any, lead: Desk) -> None:
    """Avocet is on another team's list: that there is such a person is said, and no more."""
    avocet = next(r.young_person for r in people.mine(lead) if r.young_person.id == "YP-0019")
    here = visit().to(SCORE)
    here.field(NAME).set_value(avocet.name.upper())
    here.field(BORN).set_value(avocet.born)
    here.press(ADD)
    (said,) = [w.value for w in here.at.warning]
    assert said.startswith("Known already\\: contact Early Help. Press")
    assert "YP-0019" not in here.everything
    assert len(people.mine(lead)) == 40
    here.press(ADD)
    assert here.draft.person.id == "YP-0041"
    assert len(people.mine(lead)) == 41


def _ask(here: Any, name: str, born: date) -> list[str]:
    here.field(NAME).set_value(name)
    here.field(BORN).set_value(born)
    here.press(ADD)
    assert not here.at.exception
    return [w.value.partition(" Press")[0].replace("\\", "") for w in here.at.warning]


def test_who_came_to_be_known_since_is_asked_about_too(visit: Any, lead: Desk) -> None:
    known, here = "Known already: contact ", visit().to(SCORE)
    avocet = next(r.young_person for r in people.mine(lead) if r.young_person.id == "YP-0019")
    assert _ask(here, avocet.name, avocet.born) == [f"{known}Early Help."]
    people.add(lead, avocet.name, born=avocet.born, age=None, home_borough="Merton", others=["YP-0019"])
    assert _ask(here, avocet.name, avocet.born) == [f"{known}Early Help; contact Children's Social Care."]
    assert len(people.mine(lead)) == 41
    _ask(here, avocet.name, avocet.born)
    assert here.draft.person.id == "YP-0042"


@pytest.mark.parametrize("meanwhile", ["another page", "another name"])
def test_who_is_known_is_asked_about_anew_after_something_else(meanwhile: str, visit: Any, lead: Desk) -> None:
    here = visit().to(SCORE)
    avocet = next(r.young_person for r in people.mine(lead) if r.young_person.id == "YP-0019")
    (said,) = _ask(here, avocet.name, avocet.born)
    if meanwhile == "another page":
        here.to(YOUNG_PERSON).to(SCORE)
        assert [w.value for w in here.at.warning] == []
    else:
        here.field(AGE).set_value(3)
        assert _ask(here, "New Madeup", date(2012, 5, 17)) == []
        assert here.errors == ["**Nobody was added**\n\n- Age: does not agree with the birth date; give one of them"]
        here.field(AGE).set_value(None)
    assert _ask(here, avocet.name, avocet.born) == [said]
    assert len(people.mine(lead)) == 40


def test_a_new_referral_opens_a_closed_record(visit: Any, lead: Desk) -> None:
    avocet = next(r.young_person for r in people.mine(lead) if r.young_person.id == "YP-0019")
    guarded.close(lead, avocet.id, "Nothing more to do")
    here = visit().to(SCORE)
    here.field(NAME).set_value(avocet.name)
    here.field(BORN).set_value(avocet.born)
    here.press(ADD)
    assert "contact Early Help \\(closed\\). Press" in here.at.warning[0].value
    here.press("Open their record again")
    assert here.errors == [
        "**Nothing was opened**\n\n- Agency: empty; write something\n- Reason: empty; write something"
    ]
    here.field("Referring agency").set_value("Police")
    here.field("Reason").set_value("Found at a station at night")
    here.press("Open their record again")
    assert here.draft.person.id == avocet.id
    assert [r.reason for r in people.record_of(lead, avocet.id).referrals][-1] == "Found at a station at night"


def test_a_name_alone_offers_no_closed_record(visit: Any, lead: Desk) -> None:
    avocet = next(r.young_person for r in people.mine(lead) if r.young_person.id == "YP-0019")
    guarded.close(lead, avocet.id, "Nothing more to do")
    here = visit().to(SCORE)
    here.field(NAME).set_value(avocet.name)
    here.field(AGE).set_value(14)
    here.press(ADD)
    assert "contact Early Help \\(closed\\). Press" in here.at.warning[0].value
    assert [b.label for b in here.at.button if b.label == "Open their record again"] == []


def test_a_draft_that_cannot_be_opened_says_why(visit: Any, demo: Any) -> None:
    here = visit().to(SCORE)
    with sqlite3.connect(demo) as database:
        database.execute("UPDATE framework_used SET fingerprint = 'edited'")
    database.close()
    here.at.button(key="choose-YP-0003").click().run()
    assert not here.at.exception
    assert "matrix_open" not in here.at.session_state
    assert len(here.errors) == 1
    assert "has since been edited" in here.errors[0]


@pytest.mark.parametrize("home", ["Not known", "not known", "Unknown"])
def test_a_home_borough_that_is_not_known_is_no_place(home: str, visit: Any, lead: Desk) -> None:
    person = people.add(lead, "Child 41", born=date(2012, 5, 17), age=None, home_borough=home)
    here = visit("U-chris").to(YOUNG_PERSON)
    assert f"{person.id}, aged {person.age_at(date.today())} · home borough not known" in here.said
    said = here.young_person(person.id).said
    assert f"aged {person.age_at(date.today())} · home borough not known" in said
    assert "lives in" not in said
