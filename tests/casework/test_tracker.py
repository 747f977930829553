"""The action tracker: who tracks which action, what they may know of it, and who may close it or hand it on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from chm import store
from chm.casework import people, place_actions, plans, tracker
from chm.casework.desk import Desk
from chm.connections import Participant, Party, Person
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.meetings.records import MeetingAction
from chm.meetings.reminders import reminders, text
from chm.meetings.tracked import DecidedAt, Kind, Tracked, When
from chm.places.records import PlaceAction
from chm.records import Action, ActionStatus, YoungPerson
from chm.store import connections as kept_connections
from chm.store import entities, meetings, places
from chm.store import people as kept_people
from chm.store import plans as kept_plans

from .conftest import NOW, TODAY, Office
from .test_desk import log
from .town import ARCADE, event

DONE, DROPPED, UNDER_WAY = ActionStatus.DONE, ActionStatus.DROPPED, ActionStatus.UNDER_WAY
SOON, LATER, PAST = TODAY + timedelta(days=7), TODAY + timedelta(days=8), TODAY - timedelta(days=1)
GOLF = Participant(Party("vehicle", "VEH-b1"))


def keep(engine: store.Engine, made: Action | MeetingAction | PlaceAction) -> str:
    """Writes an action past the casework, as whatever else there is would."""
    with store.transaction(engine) as session:
        if isinstance(made, MeetingAction):
            meetings.add_action(session, made)
        elif isinstance(made, PlaceAction):
            places.add_action(session, made)
        else:
            kept_plans.add_action(session, made)
    return made.id


def plan(id: str, young_person: str = "YP-0002", **said: Any) -> Action:
    given = {
        "target": f"young_person:{young_person}", "pillar": "support", "text": "Call the school",
        "owner_agency": "Education", "owner_person": "", "due": SOON, **said,
    }  # fmt: skip
    return Action(id=id, young_person=young_person, **given)


def decided(id: str, *young_people: str, meeting: str = "M-1", **said: Any) -> MeetingAction:
    given = {
        "target": "vehicle:VEH-b1", "pillar": "disrupt", "text": "Check the car", "owner_agency": "Police",
        "owner_person": "", "due": SOON, "recorded_by": "u-chair", "recorded_at": NOW, **said,
    }  # fmt: skip
    return MeetingAction(id=id, meeting=meeting, young_people=young_people, **given)


def at_place(id: str, place: str = "PLA-a1", **said: Any) -> PlaceAction:
    given = {
        "pillar": "prevent", "text": "Light the rear exit", "owner_agency": "Community Safety", "owner_person": "",
        "due": SOON, "recorded_by": "u-lead", "recorded_at": NOW, **said,
    }  # fmt: skip
    return PlaceAction(id=id, place=place, **given)


def seen(desk: Desk) -> list[str]:
    return [row.id for row in tracker.read(desk)]


def row(desk: Desk, id: str) -> Tracked:
    return next(r for r in tracker.read(desk) if r.id == id)


class TestScope:
    @pytest.fixture
    def kept(self, town: Office) -> Office:
        for made in (
            plan("ACT-a1", "YP-0001"),  # Heron: Jo's and Bo's.
            plan("ACT-a2", "YP-0002"),  # Teal: Sam's, and of the meetings M-1 and M-2.
            plan("ACT-a3", "YP-0003", owner_agency="Early Help", owner_person="Jo Placeholder"),
            decided("MA-b1", "YP-0001", "YP-0002"),
            decided("MA-b2", "YP-0003", meeting="M-2"),
            decided("MA-b3", "YP-0003", owner_agency="Early Help", owner_person="Jo Placeholder"),
            decided("MA-b4", owner_agency="Housing", owner_person="Pat Placeholder", meeting="M-2"),
            at_place("PAC-c1"),
            at_place("PAC-c2", owner_agency="Youth Justice"),
            at_place("PAC-c3", meeting="M-1"),
            at_place("PAC-c4", "PLA-b1", owner_agency="Early Help"),  # Heron's home.
            at_place("PAC-c5", "PLA-b1", owner_agency="Youth Justice"),
            at_place("PAC-c6", "PLA-b1", owner_agency="Youth Justice", owner_person="Sam Invented"),
        ):
            keep(town.engine, made)
        return town

    @pytest.mark.parametrize(
        ("who", "ids"),
        [
            # Jo: Heron's, own by name, and what Early Help owns at places, at Heron's home too.
            ("jo", ["MA-b1", "MA-b3", "PAC-c4", "ACT-a1", "ACT-a3"]),
            # Sam: Teal's; of places what Youth Justice owns, but at no home except by name.
            ("sam", ["MA-b1", "PAC-c2", "PAC-c6", "ACT-a2"]),
            # Cass chairs M-1, which is about Teal.
            ("chair", ["MA-b1", "MA-b3", "PAC-c3", "ACT-a2"]),
            # Bo chairs M-2, and Heron is on the caseload.
            ("both", ["MA-b1", "MA-b2", "MA-b4", "ACT-a1", "ACT-a2"]),
            # Pat is invited to M-1, and owns one action of M-2.
            ("partner", ["MA-b4"]),
            (
                "lead",
                [
                    "MA-b1", "MA-b2", "MA-b3", "MA-b4", "PAC-c1", "PAC-c2", "PAC-c3", "PAC-c4", "PAC-c5", "PAC-c6",
                    "ACT-a1", "ACT-a2", "ACT-a3",
                ],
            ),
        ],
    )  # fmt: skip
    def test_each_tracks_what_they_have_to_do_with(self, kept: Office, who: str, ids: list[str]) -> None:
        assert seen(kept[who]) == ids

    def test_who_is_invited_tracks_what_the_meeting_decides(self, kept: Office) -> None:
        with store.transaction(kept.engine) as session:
            meetings.invite(session, "M-2", ["u-sam"])
        assert seen(kept["sam"]) == ["MA-b1", "MA-b2", "MA-b4", "PAC-c2", "PAC-c6", "ACT-a2"]
        assert row(kept["sam"], "MA-b2").young_people == (("", "another young person"),)

    @pytest.mark.parametrize("who", ["analyst", "admin", "auditor"])
    def test_other_roles_track_nothing(self, kept: Office, who: str) -> None:
        with pytest.raises(NotPermitted):
            tracker.read(kept[who])

    def test_reading_is_an_entry_in_the_audit_once_an_hour(self, kept: Office) -> None:
        for _ in range(2):
            assert len(tracker.read(kept["lead"])) == 13
        assert log(kept.engine) == [("u-lead", "tracker.read", "", "13 listed")]

    def test_a_young_person_named_since_is_an_entry_more(self, town: Office) -> None:
        keep(town.engine, decided("MA-b1", "YP-0001", "YP-0002"))
        before = row(town["sam"], "MA-b1").young_people
        with store.transaction(town.engine) as session:
            kept_people.allocate(session, "u-sam", "YP-0001", TODAY)
        for _ in range(2):
            assert row(town["sam"], "MA-b1").young_people == (("YP-0001", "Zoë Heron"), ("YP-0002", "Teal Madeup"))
        assert before == (("YP-0002", "Teal Madeup"), ("", "another young person"))
        assert [entry[3] for entry in log(town.engine)] == ["1 listed", "1 listed"]


class TestRow:
    def test_of_a_plan(self, office: Office) -> None:
        keep(office.engine, plan("ACT-a1", text="Call @{young_person:YP-0002} today", why="Because"))
        assert tracker.read(office["sam"]) == [
            Tracked(
                id="ACT-a1",
                kind=Kind.PLAN,
                what="Call Teal Madeup today",
                pillar="support",
                target="young_person:YP-0002",
                about="Teal Madeup",
                young_people=(("YP-0002", "Teal Madeup"),),
                owner_agency="Education",
                owner_person="",
                due=SOON,
                status=ActionStatus.OPEN,
                outcome="",
                closed_on=None,
                meeting=None,
                place=None,
                version=1,
                when=When.SOON,
                mine=False,
                my_agency=False,
                may_update=True,
                may_reassign=True,
                owner_gone=False,
                about_unnamed="a young person",
                agency_unnamed="Education",
                person_unnamed="",
            )
        ]

    def test_of_a_meeting(self, town: Office) -> None:
        with store.transaction(town.engine) as session:
            kept_connections.add_events(session, [event(40, ARCADE, "YP-0002", along=(GOLF,))])
        made = decided(
            "MA-b1", "YP-0002", "YP-0001", owner_person="PC Placeholder", due=PAST, status=UNDER_WAY,
            text="Stop @{vehicle:VEH-b1} at @{place:PLA-a1}",
        )  # fmt: skip
        keep(town.engine, made)
        assert tracker.read(town["chair"]) == [
            Tracked(
                id="MA-b1",
                kind=Kind.MEETING,
                what="Stop Grey Golf at Placeholder Arcade",
                pillar="disrupt",
                target="vehicle:VEH-b1",
                about="Grey Golf",
                young_people=(("YP-0002", "Teal Madeup"), ("", "another young person")),
                owner_agency="Police",
                owner_person="PC Placeholder",
                due=PAST,
                status=UNDER_WAY,
                outcome="",
                closed_on=None,
                meeting=DecidedAt("M-1", "Complex strategy", TODAY),
                place=None,
                version=1,
                when=When.OVERDUE,
                mine=False,
                my_agency=True,
                may_update=True,
                may_reassign=True,
                owner_gone=True,
                about_unnamed="a vehicle",
                agency_unnamed="Police",
                person_unnamed="PC Placeholder",
            )
        ]

    def test_of_a_place(self, town: Office) -> None:
        keep(town.engine, at_place("PAC-c1", meeting="M-1", due=None, owner_agency="Police"))
        found = row(town["chair"], "PAC-c1")
        assert (found.kind, found.target, found.about, found.place) == (
            Kind.PLACE, "place:PLA-a1", "Placeholder Arcade", "Placeholder Arcade",
        )  # fmt: skip
        assert (found.meeting, found.when, found.young_people) == (
            DecidedAt("M-1", "Complex strategy", TODAY), When.UNDATED, (),
        )  # fmt: skip
        assert (found.my_agency, found.mine, found.about_unnamed) == (True, False, "Placeholder Arcade")

    def test_live_ones_first_then_those_ended_in_31_days_newest_first(self, office: Office) -> None:
        ended = {"status": DONE, "closed_on": TODAY - timedelta(days=31)}
        for made in (
            plan("ACT-a1", due=None),
            plan("ACT-a2", due=LATER),
            plan("ACT-a3", due=PAST),
            plan("ACT-a4", **ended),
            plan("ACT-a5", **(ended | {"closed_on": TODAY - timedelta(days=32)})),
            plan("ACT-a6", **(ended | {"status": DROPPED, "closed_on": TODAY})),
            decided("MA-b1", "YP-0002", **ended),
            decided("MA-b2", "YP-0002", **(ended | {"closed_on": date(2026, 1, 1)})),
            decided("MA-b3", "YP-0002", due=TODAY),
        ):
            keep(office.engine, made)
        assert seen(office["sam"]) == ["ACT-a3", "MA-b3", "ACT-a2", "ACT-a1", "ACT-a6", "ACT-a4", "MA-b1"]
        whens = [r.when for r in tracker.read(office["sam"])]
        assert whens == [When.OVERDUE, When.SOON, When.LATER, When.UNDATED, *[When.ENDED] * 3]

    def test_an_owner_without_an_account_is_said_quietly(self, office: Office) -> None:
        for made in (
            plan("ACT-a1", owner_agency="Early Help", owner_person="Jo Placeholder"),
            plan("ACT-a2", owner_agency="Police", owner_person="Jo Placeholder"),
            plan("ACT-a3", owner_agency="Early Help"),
            plan("ACT-a4", owner_agency="Police", owner_person="Gone Madeup", status=DONE, closed_on=TODAY),
        ):
            keep(office.engine, made)
        found = {r.id: r.owner_gone for r in tracker.read(office["sam"])}
        assert found == {"ACT-a1": False, "ACT-a2": True, "ACT-a3": False, "ACT-a4": False}


class TestMasking:
    def test_mentions_and_typed_names_of_others_are_hidden(self, town: Office) -> None:
        said = (
            "Ask @{young_person:YP-0001} and Zoë about @{young_person:YP-0003}, Wren O'Madeup, yp-0003, "
            "@{person:PER-d1}, Danno, @{place:PLA-b1} and @{place:PLA-a1}"
        )
        made = decided("MA-b1", "YP-0001", text=said, owner_agency="Youth Justice", owner_person="Sam Invented")
        keep(town.engine, made)
        assert row(town["sam"], "MA-b1").what == (
            "Ask another young person and another young person about another young person, another young person, "
            "another young person, a person, a person, a home and Placeholder Arcade"
        )
        assert row(town["lead"], "MA-b1").what == (
            "Ask Zoë Heron and Zoë about Wren O'Madeup, Wren O'Madeup, yp-0003, Danno, Danno, Example House and "
            "Placeholder Arcade"
        )
        assert row(town["jo"], "MA-b1").what == (
            "Ask Zoë Heron and Zoë about another young person, another young person, another young person, a person, "
            "a person, Example House and Placeholder Arcade"
        )

    @pytest.mark.parametrize(
        ("said", "read"),
        [
            ("Wren O'Madeup's bus", "Another young person's bus"),
            ("WREN  O’MADEUP", "Another young person"),
            ("To wren o`madeup!", "To another young person!"),
            ("Wren flies", "Wren flies"),  # Nobody whom the action concerns, and a word like others.
            ("Zoe's and ZOË", "Another young person's and another young person"),
            ("Herons", "Herons"),
            ("Ask YP-0003, xYP-0003", "Ask another young person, xYP-0003"),
            ("✶✶ and ✶", "Another young person and ✶"),
            ("✶✶", "Another young person"),
        ],
    )
    def test_names_are_hidden_however_they_are_written(self, office: Office, said: str, read: str) -> None:
        with store.transaction(office.engine) as session:
            kept_people.add(session, YoungPerson("YP-0007", "✶✶", "Merton"))
        keep(office.engine, decided("MA-b1", "YP-0001", "YP-0002", "YP-0007", text=said))
        assert row(office["sam"], "MA-b1").what == read
        assert row(office["lead"], "MA-b1").what == said

    def test_a_chair_knows_what_the_own_meeting_decided_something_about_but_no_home(self, town: Office) -> None:
        said = "Warn @{person:PER-d1} off @{place:PLA-b1}"
        keep(town.engine, decided("MA-b1", "YP-0002", target="account:ACC-none", text=said))
        assert row(town["chair"], "MA-b1").what == "Warn Danno off a home"
        assert row(town["sam"], "MA-b1").what == "Warn a person off a home"
        assert row(town["lead"], "MA-b1").what == "Warn Danno off Example House"

    def test_a_partner_reads_no_name_and_no_id(self, town: Office) -> None:
        with store.transaction(town.engine) as session:
            meetings.edit(session, replace(meetings.get(session, "M-1"), title="About Teal"))
        mine = {"owner_agency": "Housing", "owner_person": "Pat Placeholder"}
        keep(town.engine, decided("MA-b1", "YP-0002", "YP-0001", target="person:PER-d1", text="Move Teal", **mine))
        keep(town.engine, plan("ACT-a1", "YP-0001", text="A flat for Zoë near @{place:PLA-b1}", **mine))
        keep(town.engine, plan("ACT-a2", "YP-0001", target="place:14 Notreal Road", **mine))
        keep(town.engine, at_place("PAC-c1", "PLA-b1", **mine))
        found = tracker.read(town["partner"])
        assert [(r.id, r.what, r.target, r.about, r.young_people) for r in found] == [
            ("MA-b1", "Move a young person", "person:", "a person", (("", "a young person"),)),
            ("PAC-c1", "Light the rear exit", "place:", "a home", ()),
            ("ACT-a1", "A flat for a young person near a home", "young_person:", "a young person",
             (("", "a young person"),)),
            ("ACT-a2", "Call the school", "place:", "a place", (("", "a young person"),)),
        ]  # fmt: skip
        assert found[0].meeting == DecidedAt("M-1", "About a young person", TODAY)
        everything = repr(found)
        assert [n for n in ("Teal", "Zoë", "Heron", "YP-", "PER-", "PLA-", "Danno", "Example") if n in everything] == []

    def test_a_partners_own_go_on_after_the_meeting_until_they_are_done(self, office: Office) -> None:
        partner, mine = office["partner"], {"owner_agency": "Housing", "owner_person": "Pat Placeholder"}
        keep(office.engine, decided("MA-b1", "YP-0002", **mine))
        keep(office.engine, decided("MA-b2", "YP-0002", owner_agency="Housing"))
        later = Desk(partner.engine, partner.user, lambda: NOW + timedelta(days=90))
        assert seen(partner) == seen(later) == ["MA-b1"]
        assert row(later, "MA-b1").when == When.OVERDUE
        assert tracker.update(later, "meeting", "MA-b1", 1, DONE, "Moved").status == DONE
        assert seen(later) == []

    def test_an_owner_who_is_a_young_person_is_masked(self, office: Office) -> None:
        made = decided("MA-b1", "YP-0001", "YP-0002", owner_agency="Zoë Heron's family", owner_person="Zoë Heron")
        keep(office.engine, made)
        found = row(office["sam"], "MA-b1")
        assert (found.owner_agency, found.owner_person) == ("another young person's family", "another young person")
        found = row(office["jo"], "MA-b1")
        assert (found.owner_agency, found.owner_person) == ("Zoë Heron's family", "Zoë Heron")
        assert (found.agency_unnamed, found.person_unnamed) == ("a young person's family", "a young person")

    def test_a_worker_of_the_same_name_keeps_it(self, office: Office) -> None:
        with store.transaction(office.engine) as session:
            kept_people.add(session, YoungPerson("YP-0009", "Invented Sam", "Merton"))
        made = decided("MA-b1", "YP-0009", "YP-0001", owner_agency="Youth Justice", owner_person="Sam Invented")
        keep(office.engine, made)
        assert row(office["jo"], "MA-b1").owner_person == "Sam Invented"

    def test_a_name_that_mentions_itself_is_no_riddle(self, town: Office) -> None:
        with store.transaction(town.engine) as session:
            entities.add(session, [Person(id="PER-e1", name="@{person:PER-e1} <b>", under_18=False)], "u-lead", NOW)
        keep(town.engine, decided("MA-b1", "YP-0002", target="person:PER-e1", text="See @{person:PER-e1} @{x:y} @{"))
        assert row(town["lead"], "MA-b1").what == "See @{person:PER-e1} <b> something else @{"
        assert row(town["sam"], "MA-b1").what == "See a person something else @{"


class TestUpdate:
    def test_an_owner_starts_and_ends_it(self, office: Office) -> None:
        keep(office.engine, decided("MA-b1", "YP-0003", owner_agency="Early Help", owner_person="Jo Placeholder"))
        begun = tracker.update(office["jo"], "meeting", "MA-b1", 1, UNDER_WAY)
        assert (begun.status, begun.version, begun.outcome, begun.closed_on) == (UNDER_WAY, 2, "", None)
        done = tracker.update(office["jo"], "meeting", "MA-b1", 2, DONE, " Seen @{young_person:YP-0003} ")
        assert (done.status, done.version, done.outcome, done.closed_on, done.when) == (
            DONE, 3, "Seen another young person", TODAY, When.ENDED,
        )  # fmt: skip
        assert (done.may_update, done.may_reassign) == (False, False)
        with store.transaction(office.engine) as session:
            assert meetings.action(session, "MA-b1").outcome == "Seen @{young_person:YP-0003}"
            assert meetings.changes(session, "M-1") == 2
        assert log(office.engine) == [("u-jo", "tracker.update", "", "MA-b1")] * 2

    def test_what_came_of_an_action_of_a_plan_is_kept_with_its_why(self, office: Office) -> None:
        keep(office.engine, plan("ACT-a1", why="Missing lessons"))
        done = tracker.update(office["sam"], "plan", "ACT-a1", 1, DONE, "Back in school.\n\nAll week")
        assert done.outcome == row(office["sam"], "ACT-a1").outcome == "Back in school.\n\nAll week"
        (kept,) = people.record_of(office["sam"], "YP-0002").actions
        assert (kept.why, kept.status, kept.closed_on) == (
            "Missing lessons\n\nDone 2026-11-23: Back in school.\n\nAll week", DONE, TODAY,
        )  # fmt: skip
        assert log(office.engine)[0] == ("u-sam", "tracker.update", "YP-0002", "ACT-a1")
        again = plans.set_status(office["sam"], "YP-0002", kept, UNDER_WAY)
        assert row(office["sam"], "ACT-a1").outcome == ""
        dropped = tracker.update(office["sam"], "plan", "ACT-a1", again.version, DROPPED, "Moved")
        assert dropped.outcome == "Moved"

    def test_a_plan_may_be_closed_without_a_word_elsewhere(self, office: Office) -> None:
        keep(office.engine, plan("ACT-a1", why="Done 2026-11-22: not today"))
        (kept,) = people.record_of(office["sam"], "YP-0002").actions
        plans.set_status(office["sam"], "YP-0002", kept, DONE)
        assert row(office["sam"], "ACT-a1").outcome == ""

    def test_an_action_on_a_place_names_no_young_person(self, town: Office) -> None:
        keep(town.engine, at_place("PAC-c1", meeting="M-1"))
        with pytest.raises(Faults) as said:
            tracker.update(town["chair"], "place", "PAC-c1", 1, DONE, "Teal Madeup helped")
        assert said.value.faults == [f"outcome: {place_actions.NAMED}"]
        assert "Teal" not in str(said.value)
        done = tracker.update(town["chair"], "place", "PAC-c1", 1, DONE, "Two lamps")
        assert (done.outcome, done.closed_on, done.version) == ("Two lamps", TODAY, 2)
        (kept,) = place_actions.of_place(town["lead"], "PLA-a1")
        assert (kept.result, kept.status, kept.meeting) == ("Two lamps", DONE, "M-1")
        assert log(town.engine)[-1] == ("u-chair", "tracker.update", "", "PAC-c1")

    @pytest.mark.parametrize(
        ("kind", "made", "may"),
        [
            ("plan", plan("ACT-a1"), ["lead", "sam"]),  # Its chairs may not write in a plan.
            ("meeting", decided("MA-b1", "YP-0002"), ["chair", "lead", "sam"]),  # Bo chairs another meeting.
            ("meeting", decided("MA-b1", "YP-0001", meeting="M-2"), ["both", "jo", "lead"]),
            ("place", at_place("PAC-c1", meeting="M-1", owner_agency="Early Help"), ["chair", "lead"]),
        ],
    )
    def test_only_who_answers_for_it_may(
        self, town: Office, kind: str, made: Action | MeetingAction | PlaceAction, may: list[str]
    ) -> None:
        id = keep(town.engine, made)
        found: dict[str, tuple[bool, bool]] = {}
        for who in ("both", "chair", "jo", "lead", "partner", "sam"):
            for r in (r for r in tracker.read(town[who]) if r.id == id):
                found[who] = (r.may_update, r.may_reassign)
        assert sorted(w for w, both in found.items() if both == (True, True)) == may
        assert {both for w, both in found.items() if w not in may} <= {(False, False)}
        for who in found.keys() - set(may):
            for act in _acts(kind, id):
                with pytest.raises(NotPermitted):
                    act(town[who])
            assert log(town.engine)[-1][1:] == ("tracker.reassign", "", "refused")
        for who in {"both", "chair", "jo", "partner", "sam"} - found.keys():
            for act in _acts(kind, id):
                with pytest.raises(NotFound):
                    act(town[who])

    def test_the_owner_may_close_it_but_not_hand_it_on(self, office: Office) -> None:
        keep(office.engine, plan("ACT-a1", "YP-0003", owner_agency="Housing", owner_person="Pat Placeholder"))
        found = row(office["partner"], "ACT-a1")
        assert (found.mine, found.may_update, found.may_reassign) == (True, True, False)
        with pytest.raises(NotPermitted):
            tracker.reassign(office["partner"], "plan", "ACT-a1", 1, "Police", "", LATER)
        assert tracker.update(office["partner"], "plan", "ACT-a1", 1, DONE, "Housed").status == DONE
        assert log(office.engine)[-1] == ("u-partner", "tracker.update", "YP-0003", "ACT-a1")

    def test_ending_it_says_how(self, office: Office) -> None:
        keep(office.engine, plan("ACT-a1", why="x" * 19_990))
        for status, said, fault in (
            (DONE, " ", "outcome: empty; write something"),
            (DROPPED, "", "reason: empty; write something"),
            (DONE, "y" * 100, "outcome: too long beside why the action is there; shorten it"),
            (ActionStatus.OPEN, "x", "status: must be under_way, done or dropped"),
        ):
            with pytest.raises(Faults) as told:
                tracker.update(office["sam"], "plan", "ACT-a1", 1, status, said)
            assert told.value.faults == [fault]
        assert row(office["sam"], "ACT-a1").version == 1

    @pytest.mark.parametrize(
        ("kind", "made"),
        [
            ("plan", plan("ACT-a1")),
            ("meeting", decided("MA-b1", "YP-0002")),
            ("place", at_place("PAC-c1", meeting="M-1")),
        ],
    )
    def test_changed_or_closed_since_is_a_conflict(
        self, town: Office, kind: str, made: Action | MeetingAction | PlaceAction
    ) -> None:
        id, lead = keep(town.engine, made), town["lead"]
        begun = tracker.update(lead, kind, id, 1, UNDER_WAY)
        before = log(town.engine)
        for act in _acts(kind, id, 1):
            with pytest.raises(Conflict) as said:
                act(lead)
            assert str(said.value).startswith("Somebody else changed this meanwhile")
        tracker.update(lead, kind, id, begun.version, DROPPED, "Moved")
        for act in _acts(kind, id, 3):
            with pytest.raises(Conflict) as said:
                act(lead)
            assert str(said.value).startswith("It is done or dropped already")
        assert len(log(town.engine)) == len(before) + 1

    @pytest.mark.parametrize(("kind", "id"), [("plan", "ACT-0"), ("meeting", "MA-0"), ("place", "PAC-0"), ("x", "x")])
    def test_none_at_all_looks_like_a_closed_one(self, office: Office, kind: str, id: str) -> None:
        for act in _acts(kind, id):
            with pytest.raises(NotFound):
                act(office["lead"])


def _acts(kind: str, id: str, version: int = 1) -> tuple[Callable[[Desk], Tracked], ...]:
    return (
        lambda desk: tracker.update(desk, kind, id, version, DONE, "It went well"),
        lambda desk: tracker.reassign(desk, kind, id, version, "Police", "", LATER),
    )


class TestReassign:
    def test_another_owner_and_day(self, town: Office) -> None:
        keep(town.engine, decided("MA-b1", "YP-0002", due=PAST))
        keep(town.engine, plan("ACT-a1"))
        keep(town.engine, at_place("PAC-c1", meeting="M-1"))
        for who, kind, id, about in (
            ("chair", "meeting", "MA-b1", ""), ("sam", "plan", "ACT-a1", "YP-0002"), ("chair", "place", "PAC-c1", ""),
        ):  # fmt: skip
            given = tracker.reassign(town[who], kind, id, 1, " Early Help ", "Jo Placeholder", LATER)
            assert (given.owner_agency, given.owner_person, given.due, given.version) == (
                "Early Help", "Jo Placeholder", LATER, 2,
            )  # fmt: skip
            assert log(town.engine)[-1] == (town[who].user.id, "tracker.reassign", about, id)
            assert row(town["jo"], id).mine
        assert row(town["lead"], "MA-b1").young_people == (("YP-0002", "Teal Madeup"),)

    def test_all_faults_at_once(self, town: Office) -> None:
        keep(town.engine, at_place("PAC-c1"))
        with pytest.raises(Faults) as said:
            tracker.reassign(town["lead"], "place", "PAC-c1", 1, " ", "Zoë Heron", None)
        assert said.value.faults == [
            "owner's agency: empty; write something",
            f"owner: {place_actions.NAMED}",
            "due: missing; give the day it should be done by",
        ]
        with pytest.raises(Faults) as said:
            tracker.reassign(town["lead"], "place", "PAC-c1", 1, "Police", "", PAST)
        assert said.value.faults == ["due: the date lies in the past; give a later day"]

    def test_a_day_that_has_passed_may_stay_and_a_masked_owner_too(self, office: Office) -> None:
        made = decided("MA-b1", "YP-0001", "YP-0002", owner_agency="Family", owner_person="Zoë Heron", due=PAST)
        keep(office.engine, made)
        shown = row(office["sam"], "MA-b1")
        assert shown.owner_person == "another young person"
        tracker.reassign(office["sam"], "meeting", "MA-b1", 1, shown.owner_agency, shown.owner_person, LATER)
        found = row(office["lead"], "MA-b1")
        assert (found.owner_person, found.due, found.version) == ("Zoë Heron", LATER, 2)
        keep(office.engine, plan("ACT-a1", due=PAST))
        given = tracker.reassign(office["sam"], "plan", "ACT-a1", 1, "Police", "", PAST)
        assert (given.owner_agency, given.due) == ("Police", PAST)


class TestExport:
    def test_the_rows_shown_in_their_order(self, office: Office) -> None:
        keep(office.engine, decided("MA-b1", "YP-0001", "YP-0002", text="See Zoë Heron and Teal"))
        keep(office.engine, plan("ACT-a1"))
        keep(office.engine, plan("ACT-a2", "YP-0001"))
        made = tracker.export(office["sam"], "csv", ["plan:ACT-a1", "meeting:MA-b1", "plan:ACT-a2", "plan:none"])
        assert made.name == "actions-2026-11-23.csv"
        rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
        assert [(r["id"], r["what"], r["young_people"]) for r in rows] == [
            ("ACT-a1", "Call the school", "Teal Madeup"),
            ("MA-b1", "See another young person and Teal", "Teal Madeup, another young person"),
        ]
        assert log(office.engine) == [("u-sam", "tracker.export", "YP-0002", "csv")]

    def test_a_partners_file_names_nobody(self, office: Office) -> None:
        mine = {"owner_agency": "Housing", "owner_person": "Pat Placeholder"}
        keep(office.engine, decided("MA-b1", "YP-0002", text="Move Teal", **mine))
        made = tracker.export(office["partner"], "xlsx", ["meeting:MA-b1"])
        assert made.name == "actions-2026-11-23.xlsx"
        sheet = openpyxl.load_workbook(io.BytesIO(made.data)).active
        assert sheet is not None
        assert [c.value for c in sheet[2]][:6] == [
            "MA-b1", "meeting", "Move a young person", "disrupt", "a vehicle", "a young person",
        ]  # fmt: skip
        assert log(office.engine) == [("u-partner", "tracker.export", "", "xlsx")]

    def test_another_form_is_refused(self, office: Office) -> None:
        with pytest.raises(Faults) as said:
            tracker.export(office["lead"], "pdf", [])
        assert said.value.faults == ["form: must be one of xlsx, csv"]


def test_reminders_name_no_young_person_whoever_makes_them(town: Office) -> None:
    police = {"owner_agency": "Police", "owner_person": "PC Placeholder"}
    for made in (
        plan("ACT-a1", "YP-0001", text="Zoë", due=PAST, **police),
        plan("ACT-a2", "YP-0001", target="place:Zoë's house", due=None, **police),
        decided("MA-b1", "YP-0002", target="person:PER-d1", **police),
        at_place("PAC-c1", **police),
        at_place("PAC-c2", "PLA-b1", **police),
        at_place("PAC-c3", "PLA-c1", due=LATER, **police),
        at_place("PAC-c4", "PLA-c1", **police),  # Zoë Heron's corner
    ):
        keep(town.engine, made)
    (found,) = reminders(tracker.read(town["lead"]))
    assert text(found, TODAY) == (
        "Actions of Police, PC Placeholder, as of 23 Nov 2026\n\n"
        "Overdue:\n- ACT-a1: a young person, due 22 Nov 2026\n\n"
        "Due within 7 days:\n"
        "- MA-b1: a person, due 30 Nov 2026\n"
        "- PAC-c1: Placeholder Arcade, due 30 Nov 2026\n"
        "- PAC-c2: a home, due 30 Nov 2026\n"
        "- PAC-c4: A place in SW19 2, due 30 Nov 2026\n\n"
        "Without a date:\n- ACT-a2: a place, no date yet\n\n"
        "Please note in Actions what came of each. Name no young person in a reply to this message."
    )
