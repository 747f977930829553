"""Planning a meeting: about whom and why, who should come, what earlier ones left open, what a chair may know."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from chm import store
from chm.casework import guarded, live_record, meetings, minutes, network, notices, room
from chm.casework import people as casework_people
from chm.casework.desk import CLOSED, Desk
from chm.casework.live_record import NewAction
from chm.casework.meetings import ADDED, Listed, MaskedGroup, NewMeeting, Plan
from chm.connections import Place
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.meetings.records import Attendance, Attending, InMeeting, Meeting, MeetingStatus
from chm.places.records import PlaceAction
from chm.privacy import SOMEBODY
from chm.records import ActionStatus, YoungPerson
from chm.store import entities, people, places
from chm.store import meetings as kept

from .conftest import NOW, TODAY, USERS, Office
from .hall import INSIDE, SKY, TYPED, assess, at, told_in, write
from .test_desk import log
from .town import MANY

DUE = TODAY + timedelta(days=7)
NEW = NewMeeting(
    title=" The arcade ", purpose="They are seen together at night", on=DUE, at=time(10, 30), venue=" Room 4 ",
    young_people=("YP-0002", "YP-0001", "YP-0002"),
)  # fmt: skip


def inside(office: Office, meeting: str) -> list[InMeeting]:
    with store.transaction(office.engine) as session:
        return kept.young_people(session, [meeting])[meeting]


def told(desk: Desk) -> list[tuple[str, str]]:
    return sorted((n.record, n.text) for n in notices.mine(desk))


class TestCreate:
    def test_it_is_kept_as_said_and_audited_for_each(self, office: Office) -> None:
        made = meetings.create(office["chair"], NEW)
        assert made == Meeting(
            id=made.id, title="The arcade", purpose="They are seen together at night", on=DUE, at=time(10, 30),
            venue="Room 4", chair="u-chair",
        )  # fmt: skip
        assert [(y.young_person, y.why, y.added_by, y.added_at) for y in inside(office, made.id)] == [
            ("YP-0001", made.purpose, "u-chair", NOW), ("YP-0002", made.purpose, "u-chair", NOW),
        ]  # fmt: skip
        assert log(office.engine) == [("u-chair", "meetings.create", id, made.id) for id in ("YP-0002", "YP-0001")]

    def test_without_young_people_it_is_audited_by_its_own_id(self, office: Office) -> None:
        made = meetings.create(office["chair"], replace(NEW, young_people=(), at=None, venue=""))
        assert inside(office, made.id) == []
        assert log(office.engine) == [("u-chair", "meetings.create", made.id, made.id)]

    def test_each_worker_is_told_once_and_a_lead_where_there_is_none(self, office: Office) -> None:
        made = meetings.create(office["chair"], replace(NEW, young_people=("YP-0001", "YP-0002", "YP-0003")))
        assert told(office["jo"]) == [("YP-0001", ADDED)]
        assert told(office["both"]) == [("YP-0001", ADDED)]
        assert told(office["sam"]) == [("YP-0002", ADDED)]
        assert told(office["lead"]) == [("YP-0003", ADDED)]
        meetings.leave_out(office["chair"], made.id, "YP-0001")
        meetings.include(office["chair"], made.id, ("YP-0001", "YP-0002"), "Seen together again")
        meetings.create(office["chair"], NEW)
        assert told(office["jo"]) == [("YP-0001", ADDED)]
        assert told(office["sam"]) == [("YP-0002", ADDED)]
        assert told(office["chair"]) == []

    def test_a_chair_who_is_their_worker_tells_themselves_nothing(self, office: Office) -> None:
        meetings.create(office["both"], NEW)
        assert told(office["both"]) == []
        assert told(office["jo"]) == [("YP-0001", ADDED)]

    def test_all_faults_at_once(self, office: Office) -> None:
        bad = NewMeeting(
            title=" ", purpose="", on=TODAY - timedelta(days=1), venue="x" * 201,
            young_people=tuple(f"YP-{n:04}" for n in range(61)),
        )  # fmt: skip
        with pytest.raises(Faults) as said:
            meetings.create(office["chair"], bad)
        assert said.value.faults == [
            "date: lies in the past; give a later day",
            "title: empty; write something",
            "purpose: empty; write something",
            "where: 201 characters; at most 200 fit",
            "young people: at most 60 fit in one meeting; plan a second one",
        ]
        assert log(office.engine) == []

    @pytest.mark.parametrize("purpose", ["x", "Arcade", "?", "asdfghjkl"])
    def test_one_word_is_no_purpose(self, office: Office, purpose: str) -> None:
        with pytest.raises(Faults) as said:
            meetings.create(office["chair"], replace(NEW, purpose=purpose))
        assert said.value.faults == ["purpose: say in a few words why they are looked at together"]

    @pytest.mark.parametrize("who", ["YP-9999", "", "Zoë Heron", "YP-0001'--"])
    def test_nobody_who_is_not_there(self, office: Office, who: str) -> None:
        with pytest.raises(NotFound) as said:
            meetings.create(office["chair"], replace(NEW, young_people=("YP-0001", who)))
        assert str(said.value) == CLOSED
        assert [m.meeting.id for m in meetings.mine(office["chair"])] == ["M-1"]

    def test_nobody_whose_record_is_restricted_or_closed(self, office: Office) -> None:
        guarded.restrict(office["lead"], "YP-0001", "A relative works for the council")
        guarded.close(office["sam"], "YP-0002", "Nothing more to do")
        for who in ("YP-0001", "YP-0002"):
            with pytest.raises(NotFound):
                meetings.create(office["chair"], replace(NEW, young_people=(who,)))
            assert [f.id for f in meetings.find(office["chair"], who)] == []

    @pytest.mark.parametrize("who", ["jo", "sam", "partner", "analyst", "admin", "auditor"])
    def test_only_by_a_chair(self, office: Office, who: str) -> None:
        with pytest.raises(NotPermitted):
            meetings.create(office[who], NEW)

    def test_it_follows_one_of_the_chairs_own(self, office: Office) -> None:
        assert meetings.create(office["chair"], replace(NEW, review_of="M-1")).review_of == "M-1"
        for review_of in ("M-2", "M-9"):
            with pytest.raises(NotFound):
                meetings.create(office["chair"], replace(NEW, review_of=review_of))

    def test_today_is_not_past(self, office: Office) -> None:
        assert meetings.create(office["chair"], replace(NEW, on=TODAY)).on == TODAY

    def test_hostile_text_is_only_text(self, office: Office) -> None:
        text = "=cmd() <b>x</b> @{young_person:YP-0003} \x00\x07\u202e**b** " + "x" * 19_000
        made = meetings.create(office["chair"], replace(NEW, title="<b>\x00=x</b>", purpose=text))
        assert (made.title, made.purpose) == ("<b>=x</b>", text.replace("\x00\x07\u202e", ""))
        found = meetings.plan(office["chair"], made.id).meeting
        assert (found.title, found.purpose) == (made.title, made.purpose)


class TestEdit:
    def test_over_the_version_it_was_read_as(self, office: Office) -> None:
        made = meetings.create(office["chair"], NEW)
        later = replace(
            made, title="Other", chair="u-both", status=MeetingStatus.CLOSED, next_review=DUE, review_of="M-2"
        )
        changed = meetings.edit(office["chair"], later)
        assert changed == replace(made, title="Other", version=2)
        with pytest.raises(Conflict):
            meetings.edit(office["lead"], made)
        assert meetings.edit(office["lead"], replace(changed, venue="")).version == 3

    def test_its_faults(self, office: Office) -> None:
        made = meetings.create(office["chair"], NEW)
        with pytest.raises(Faults) as said:
            meetings.edit(office["chair"], replace(made, title="", on=TODAY - timedelta(days=1)))
        assert said.value.faults == ["date: lies in the past; give a later day", "title: empty; write something"]

    def test_no_further_than_a_year_ahead(self, office: Office) -> None:
        with pytest.raises(Faults) as said:
            meetings.create(office["chair"], replace(NEW, on=TODAY + timedelta(days=367)))
        assert said.value.faults == ["date: lies more than a year ahead; give a nearer day"]

    def test_a_day_that_has_passed_may_stay(self, office: Office) -> None:
        made = meetings.create(office["chair"], NEW)
        assert meetings.edit(at(office["chair"], days=20), replace(made, title="Other")).on == DUE

    def test_not_once_it_is_closed(self, office: Office) -> None:
        made = meetings.create(office["chair"], NEW)
        minutes.close(office["chair"], made, None)
        for change in (
            lambda: meetings.edit(office["chair"], replace(made, title="x", version=2)),
            lambda: meetings.include(office["chair"], made.id, ("YP-0003",), "Seen with them"),
            lambda: meetings.leave_out(office["chair"], made.id, "YP-0001"),
            lambda: meetings.invite(office["chair"], made.id, "u-partner"),
            lambda: meetings.attend(
                office["chair"], Attendance(meeting=made.id, agency="x", status=Attending.ASKED, version=0)
            ),
        ):
            with pytest.raises(Conflict) as said:
                change()
            assert str(said.value).startswith("This meeting is closed; nothing was saved.")


class TestInclude:
    @pytest.fixture
    def crowd(self, office: Office) -> tuple[str, ...]:
        ids = tuple(f"YP-1{n:03}" for n in range(61))
        with store.transaction(office.engine) as session:
            for id in ids:
                people.add(session, YoungPerson(id, f"Somebody Unreal {id[-2:]}", "Merton", age=15, age_on=TODAY))
        return ids

    def test_sixty_fit_and_not_one_more(self, office: Office, crowd: tuple[str, ...]) -> None:
        made = meetings.create(office["chair"], replace(NEW, young_people=crowd[:60]))
        seen = room.open(office["chair"], made.id)
        names = [p.name for p in seen.records.young_people]
        assert (len(names), len(set(names))) == (60, 60)
        with pytest.raises(Faults) as said:
            meetings.include(office["chair"], made.id, crowd[60:], "Seen with them")
        assert said.value.faults == ["young people: at most 60 fit in one meeting; plan a second one"]
        meetings.include(office["chair"], made.id, crowd[:5], "Seen with them")
        assert len(inside(office, made.id)) == 60

    def test_two_chairs_cannot_fill_it_over_at_once(self, office: Office, crowd: tuple[str, ...]) -> None:
        made = meetings.create(office["chair"], replace(NEW, young_people=crowd[:59]))

        def add(who: tuple[str, str]) -> str:
            try:
                meetings.include(office[who[0]], made.id, (who[1],), "Seen with them")
            except Faults as error:
                return error.faults[0]
            return ""

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(add, (("chair", crowd[59]), ("lead", crowd[60]))))
        assert said == ["", "young people: at most 60 fit in one meeting; plan a second one"]
        assert len(inside(office, made.id)) == 60

    def test_one_is_a_meeting(self, office: Office) -> None:
        made = meetings.create(office["chair"], replace(NEW, young_people=("YP-0003",)))
        assert len(room.open(office["chair"], made.id).records.young_people) == 1
        minutes.close(office["chair"], made, None)
        assert [y.id for y in minutes.read(office["chair"], made.id, 1).young_people] == ["YP-0003"]

    @pytest.mark.parametrize(
        ("why", "fault"),
        [
            ("", "purpose: empty; write something"),
            (" \x00 ", "purpose: empty; write something"),
            ("because", "purpose: say in a few words why they are looked at together"),
            ("x " * 10_001, "purpose: 20,001 characters; at most 20,000 fit"),
        ],
    )
    def test_for_a_purpose(self, office: Office, why: str, fault: str) -> None:
        with pytest.raises(Faults) as said:
            meetings.include(office["chair"], "M-1", ("YP-0001",), why)
        assert said.value.faults == [fault]
        assert [y.young_person for y in inside(office, "M-1")] == ["YP-0002"]
        assert told(office["jo"]) == []

    def test_each_with_why_and_audited(self, office: Office) -> None:
        meetings.include(office["chair"], "M-1", ("YP-0001", "YP-0002"), "Seen together at the arcade")
        assert [(y.young_person, y.why) for y in inside(office, "M-1")] == [
            ("YP-0002", ""), ("YP-0001", "Seen together at the arcade"),
        ]  # fmt: skip
        assert log(office.engine) == [("u-chair", "meetings.include", "YP-0001", "M-1")]

    def test_left_out_again(self, office: Office) -> None:
        meetings.leave_out(office["chair"], "M-1", "YP-0002")
        assert inside(office, "M-1") == []
        assert log(office.engine) == [("u-chair", "meetings.leave_out", "YP-0002", "M-1")]
        with pytest.raises(NotFound):
            meetings.leave_out(office["chair"], "M-1", "YP-0002")


class TestFind:
    def test_a_chair_finds_anybody_by_name_which_is_audited(self, office: Office) -> None:
        (found,) = meetings.find(office["chair"], "heron")
        assert (found.id, found.name, found.age, found.borough) == ("YP-0001", "Zoë Heron", 14, "Merton")
        assert log(office.engine) == [("u-chair", "meetings.find", "YP-0001", "")]
        assert meetings.find(office["chair"], "") == []
        assert len(meetings.find(office["chair"], "madeup")) == 2

    @pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE meeting; --", "x" * 5000, "\ud800", "@{young_person:x}"])
    def test_whatever_is_typed(self, office: Office, text: str) -> None:
        assert meetings.find(office["chair"], text) == []


class TestGroups:
    def test_they_name_nobody(self, hall: Office) -> None:
        (group,) = meetings.groups(hall["chair"])
        assert group.young_people == tuple(sorted(group.young_people))
        assert set(INSIDE) < set(group.young_people)
        assert group.mine == 6
        assert group.shares == ("Placeholder Arcade", "the same person", "the same account", "the same home")
        assert sum(group.bands.values()) == 0
        assert told_in((group.shares, group.bands, group.mine, "x" * 100)) == []
        assert log(hall.engine) == [("u-chair", "meetings.groups", "", "")]

    def test_a_place_that_is_called_after_one_of_them_is_only_a_place(self, hall: Office) -> None:
        with store.transaction(hall.engine) as session:
            arcade = entities.named(session, ["PLA-a1"])["PLA-a1"]
            assert isinstance(arcade, Place)
            entities.edit(session, replace(arcade, name="Teal's arcade"))
        (group,) = meetings.groups(hall["chair"])
        assert "the same place" in group.shares
        assert told_in((group.shares, "x" * 100)) == []

    def test_bands_of_those_assessed(self, hall: Office) -> None:
        assess(hall["lead"], "YP-0001", places="significant")
        (group,) = meetings.groups(hall["both"])
        assert isinstance(group, MaskedGroup)
        assert sum(group.bands.values()) == 1
        assert group.mine == 1  # Teal, whose meeting Bo chairs; Heron is on Bo's caseload, which no meeting opens.


class TestMine:
    def listed(self, desk: Desk) -> dict[str, Listed]:
        return {found.meeting.id: found for found in meetings.mine(desk)}

    @pytest.mark.parametrize(
        ("who", "as_"),
        [
            ("chair", {"M-1": "chair", "M-3": "chair"}),
            ("both", {"M-2": "chair", "M-3": "worker"}),
            ("lead", {"M-1": "chair", "M-2": "chair", "M-3": "chair"}),
            ("partner", {"M-1": "invited", "M-3": "invited"}),
            ("jo", {"M-3": "worker"}),
            ("sam", {"M-1": "worker", "M-2": "worker", "M-3": "worker"}),
        ],
    )
    def test_what_each_is_in_it(self, hall: Office, who: str, as_: dict[str, str]) -> None:
        assert {id: found.as_ for id, found in self.listed(hall[who]).items()} == as_
        assert log(hall.engine) == [(hall[who].user.id, "meetings.mine", "", f"{len(as_)} listed")]

    def test_another_young_person_of_theirs_in_it_is_an_entry_more(self, office: Office) -> None:
        for young_people in (["YP-0001"], ["YP-0004"], []):
            with store.transaction(office.engine) as session:
                if "YP-0004" in young_people:
                    people.add(session, YoungPerson("YP-0004", "Finch Madeup", "Merton", age=14, age_on=TODAY))
                    people.allocate(session, "u-jo", "YP-0004", TODAY)
                kept.include(session, [InMeeting(meeting="M-1", young_person=y) for y in young_people])
            assert list(self.listed(office["jo"])) == ["M-1"]
        assert [entry[3] for entry in log(office.engine)] == ["1 listed", "1 listed"]

    def test_to_all_but_the_chair_it_names_nobody(self, hall: Office) -> None:
        with store.transaction(hall.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), venue="Teal's school, with Zoë Heron"))
        chairs = self.listed(hall["chair"])["M-3"].meeting
        assert (chairs.title, chairs.purpose, chairs.venue) == (
            "About Zoë",
            TYPED.replace("Wren O'Madeup", SOMEBODY),
            "Teal's school, with Zoë Heron",
        )
        partners, jos = (self.listed(hall[who])["M-3"] for who in ("partner", "jo"))
        assert told_in(partners) == []
        assert partners.meeting.venue == "a young person's school, with a young person"
        assert (jos.own, jos.young_people) == (("YP-0001",), 6)
        assert jos.meeting.venue == "another young person's school, with Zoë Heron"
        assert (jos.meeting.title, jos.meeting.purpose) == ("Complex strategy meeting", "")

    def test_a_partner_no_more_after_the_day_after(self, hall: Office) -> None:
        assert set(self.listed(at(hall["partner"], days=1))) == {"M-1", "M-3"}
        assert self.listed(at(hall["partner"], days=2)) == {}
        assert set(self.listed(at(hall["chair"], days=2))) == {"M-1", "M-3"}

    def test_a_chair_no_more_after_ninety_days_nor_their_young_people(self, hall: Office) -> None:
        desk = {days: at(hall["chair"], days=days) for days in (90, 91)}
        assert {(m.meeting.id, m.as_) for m in meetings.mine(desk[90])} == {("M-1", "chair"), ("M-3", "chair")}
        assert [m.id for m in network.meetings(desk[90])] == ["M-1", "M-3"]
        assert casework_people.record_of(desk[90], "YP-0002").young_person.id == "YP-0002"
        assert (meetings.mine(desk[91]), network.meetings(desk[91]), network.mine(desk[91])) == ([], [], [])
        for closed in (
            lambda: casework_people.record_of(desk[91], "YP-0002"),
            lambda: meetings.plan(desk[91], "M-3"),
            lambda: meetings.create(desk[91], replace(NEW, on=TODAY + timedelta(days=99), review_of="M-3")),
        ):
            with pytest.raises(NotFound):
                closed()
            assert log(hall.engine)[-1][3] == "refused"

    def test_newest_first(self, office: Office) -> None:
        early, late = (meetings.create(office["chair"], replace(NEW, at=time(h))).id for h in (9, 15))
        assert [m.meeting.id for m in meetings.mine(office["chair"])] == [late, early, "M-1"]

    @pytest.mark.parametrize("who", ["analyst", "admin", "auditor"])
    def test_other_roles_have_none(self, hall: Office, who: str) -> None:
        with pytest.raises(NotPermitted):
            meetings.mine(hall[who])


class TestInvite:
    def test_who_may_come_and_who_is_let_in(self, office: Office) -> None:
        able = [u.id for u in meetings.who_may_come(office["chair"])]
        assert sorted(able) == ["u-both", "u-chair", "u-jo", "u-partner", "u-sam"]
        meetings.invite(office["chair"], "M-1", "u-jo")
        meetings.invite(office["chair"], "M-1", "u-jo")
        assert [u.id for u in meetings.plan(office["chair"], "M-1").invited] == ["u-jo", "u-partner"]
        meetings.uninvite(office["chair"], "M-1", "u-jo")
        assert [u.id for u in meetings.plan(office["chair"], "M-1").invited] == ["u-partner"]

    @pytest.mark.parametrize("who", ["u-nobody", "", "u-admin", "u-analyst", "u-auditor"])
    def test_nobody_who_could_not_enter(self, office: Office, who: str) -> None:
        with pytest.raises(NotFound):
            meetings.invite(office["chair"], "M-1", who)


class TestAttend:
    POLICE = Attendance(meeting="M-3", agency=" Health ", name=" Ana Example ", status=Attending.CONFIRMED, version=0)

    def test_by_whoever_is_in_the_room(self, hall: Office) -> None:
        said = meetings.attend(hall["partner"], replace(self.POLICE, agency=" Housing "))
        assert said == replace(self.POLICE, agency="Housing", name="Ana Example", version=1)
        assert meetings.attend(hall["chair"], replace(said, status=Attending.REPORT)).version == 2
        with pytest.raises(Conflict):
            meetings.attend(hall["partner"], replace(said, status=Attending.ABSENT))

    def test_a_partner_notes_the_coming_of_their_own_agency_alone(self, hall: Office) -> None:
        said = meetings.attend(hall["chair"], self.POLICE)
        with pytest.raises(Faults) as refused:
            meetings.attend(hall["partner"], replace(said, status=Attending.ABSENT))
        assert refused.value.faults == [
            "agency: a partner notes the coming of their own agency alone; ask the chair to note this one"
        ]
        assert [room.open(hall[who], "M-3").notes_coming_of for who in ("partner", "chair", "lead")] == [
            "Housing", None, None,
        ]  # fmt: skip

    def test_a_name_that_comes_back_masked_stays_as_it_is_kept(self, hall: Office) -> None:
        room.open(hall["chair"], "M-3")
        shown = next(a for a in room.record(hall["partner"], "M-3").attendance if a.agency != "Police")
        assert told_in((shown, "x" * 100)) == []
        meetings.attend(hall["chair"], replace(shown, status=Attending.ABSENT))
        with store.transaction(hall.engine) as session:
            found = {a.agency: (a.name, a.status, a.version) for a in kept.attendance(session, ["M-3"])["M-3"]}
        assert found["Zoë Heron's nan"] == ("Zoë's nan", Attending.ABSENT, 2)
        assert len(found) == 2

    def test_its_faults(self, hall: Office) -> None:
        with pytest.raises(Faults) as said:
            meetings.attend(hall["partner"], replace(self.POLICE, agency=" \x00", name="x" * 201))
        assert said.value.faults == ["agency: empty; write something", "who comes: 201 characters; at most 200 fit"]

    def test_for_a_user_who_is_there(self, hall: Office) -> None:
        assert meetings.attend(hall["chair"], replace(self.POLICE, user="u-jo")).user == "u-jo"
        with pytest.raises(NotFound):
            meetings.attend(hall["chair"], replace(self.POLICE, agency="x", user="u-nobody"))


class TestPlan:
    def test_all_a_chair_prepares(self, hall: Office) -> None:
        assess(hall["lead"], "YP-0001", places="significant", peers="moderate")
        found = meetings.plan(hall["chair"], "M-3")
        assert isinstance(found, Plan)
        assert (found.chair, found.since, found.reviewed, found.carried) == ("Cass Invented", None, None, ())
        assert {y.young_person for y in found.young_people} == set(INSIDE)
        assert [p.id for p in found.records.young_people if p.chosen] == [y.young_person for y in found.young_people]
        assert [u.id for u in found.invited] == ["u-partner"]
        names = [e.agency for e in found.expected]
        assert names[:3] == ["Children's Social Care", "Police", "Safer Merton"]
        assert "Sutton children's services" in names
        assert "Police" not in [e.agency for e in found.missing]
        assert "Safer Merton" in [e.agency for e in found.missing]

    def test_who_is_not_asked_yet_is_missing(self, hall: Office) -> None:
        meetings.attend(
            hall["chair"], Attendance(meeting="M-3", agency="Education", status=Attending.NOT_ASKED, version=0)
        )
        assert "Education" in [e.agency for e in meetings.plan(hall["chair"], "M-3").missing]
        meetings.attend(hall["chair"], Attendance(meeting="M-3", agency="Education", status=Attending.ASKED, version=1))
        assert "Education" not in [e.agency for e in meetings.plan(hall["chair"], "M-3").missing]

    def test_it_may_be_shown_while_everybody_it_names_may(self, hall: Office) -> None:
        chair, named = hall["chair"], meetings.plan(hall["chair"], "M-3").records.named
        before = log(hall.engine)
        meetings.still_open(chair, "M-3", named)
        assert log(hall.engine) == before
        guarded.restrict(hall["lead"], "YP-0001", "A relative of theirs works for the council")
        with pytest.raises(NotFound):
            meetings.still_open(chair, "M-3", named)
        meetings.still_open(chair, "M-3", meetings.plan(chair, "M-3").records.named)

    def test_reading_it_is_audited_for_each(self, hall: Office) -> None:
        meetings.plan(hall["chair"], "M-3")
        assert {entry[:2] + entry[3:] for entry in log(hall.engine)} == {("u-chair", "meetings.plan", "M-3")}
        assert {entry[2] for entry in log(hall.engine)} == set(INSIDE)


class TestCarriedOver:
    @pytest.fixture
    def chain(self, hall: Office) -> Office:
        """M-3, with two actions on a person and a place; M-4 follows it with one, M-5 follows M-4."""
        write(hall, "M-4", ("YP-0001",), review_of="M-3", on=TODAY + timedelta(days=5), purpose="Second look")
        write(hall, "M-5", ("YP-0001",), review_of="M-4", on=TODAY + timedelta(days=9), purpose="Third look")
        for meeting, days in (("M-3", 3), ("M-4", 2)):
            room.open(hall["chair"], meeting)
            with store.transaction(hall.engine) as session:
                slot = kept.aliases(session, meeting)["young_person:YP-0001"][1]
            self.agree(hall["chair"], meeting, f"young_person:{slot}", TODAY + timedelta(days=days))
        with store.transaction(hall.engine) as session:
            places.add_action(session, PlaceAction(
                id="PAC-1", place="PLA-a1", meeting="M-3", pillar="prevent", text="Light it", owner_agency="Police",
                owner_person="", due=None, recorded_by="u-lead", recorded_at=NOW,
            ))  # fmt: skip
        return hall

    def agree(self, desk: Desk, meeting: str, target: str, due: date) -> None:
        live_record.agree(
            desk, meeting, NewAction(pillar="support", text="Ask", owner_agency="Police", due=due, target=target)
        )

    def test_what_is_still_to_be_done_of_the_whole_chain_soonest_first(self, chain: Office) -> None:
        found = meetings.plan(chain["chair"], "M-5").carried
        assert [(c.meeting.id, c.action.due) for c in found] == [
            ("M-4", TODAY + timedelta(days=2)), ("M-3", TODAY + timedelta(days=3)), ("M-3", None),
        ]  # fmt: skip
        assert [c.meeting.id for c in meetings.plan(chain["chair"], "M-4").carried] == ["M-3", "M-3"]
        assert meetings.plan(chain["chair"], "M-3").carried == ()

    def test_what_is_done_or_dropped_is_not(self, chain: Office) -> None:
        with store.transaction(chain.engine) as session:
            for action in kept.actions(session, ["M-3"]):
                kept.edit_action(session, replace(action, status=ActionStatus.DONE))
            places.edit_action(session, replace(places.action(session, "PAC-1"), status=ActionStatus.DROPPED))
        assert [c.meeting.id for c in meetings.plan(chain["chair"], "M-5").carried] == ["M-4"]

    def test_a_chain_that_bites_its_tail_ends(self, chain: Office) -> None:
        with store.transaction(chain.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), review_of="M-5"))
        assert {c.meeting.id for c in meetings.plan(chain["chair"], "M-5").carried} == {"M-3", "M-4"}

    def test_an_owner_who_left_is_named_still(self, chain: Office) -> None:
        with store.transaction(chain.engine) as session:
            (action,) = kept.actions(session, ["M-4"])
            kept.edit_action(session, replace(action, owner_person="Gone Placeholder"))
        assert meetings.plan(chain["chair"], "M-5").carried[0].action.owner_person == "Gone Placeholder"


class TestSince:
    def test_levels_links_and_actions_since_the_day_of_the_last(self, hall: Office) -> None:
        write(hall, "M-0", ("YP-0001", SKY.id), on=TODAY - timedelta(days=30), purpose="First look")
        write(hall, "M-9", ("YP-0001", SKY.id), review_of="M-0", purpose="Second look")
        assess(at(hall["lead"], days=-40), "YP-0001", places="significant")
        assess(hall["lead"], "YP-0001", judged="significant", places="moderate", peers="moderate")
        assess(hall["lead"], SKY.id)
        found = meetings.plan(hall["chair"], "M-9").since
        assert found is not None
        moved = {m.young_person: m for m in found.moved}
        assert (moved["YP-0001"].more, moved["YP-0001"].less, moved["YP-0001"].judged) == (
            ("peers",), ("places",), ("moderate", "significant"),
        )  # fmt: skip
        assert moved[SKY.id].judged == (None, "moderate")
        assert (found.on, found.assessed, found.new_pairs, found.gone_pairs) == (TODAY - timedelta(days=30), 2, 1, 0)
        assert set(found.new_things) == {"place:PLA-a1", "person:PER-b9"}
        assert found.actions.open == 0

    def test_on_the_very_day_it_counts_as_known_then(self, hall: Office) -> None:
        write(hall, "M-9", ("YP-0001", SKY.id), review_of="M-3", purpose="Second look")
        assess(hall["lead"], "YP-0001")
        found = meetings.plan(hall["chair"], "M-9").since
        assert found is not None
        assert (found.nothing, found.assessed, found.new_pairs) == (True, 0, 0)

    def test_what_was_agreed_then(self, hall: Office) -> None:
        TestCarriedOver().agree(hall["chair"], "M-3", _slot(hall, "M-3", "YP-0001"), DUE)
        write(hall, "M-9", ("YP-0001",), review_of="M-3", purpose="Second look")
        found = meetings.plan(at(hall["chair"], days=30), "M-9").since
        assert found is not None
        assert (found.actions.open, found.actions.overdue, found.actions.done) == (1, 1, 0)


def _slot(office: Office, meeting: str, young_person: str) -> str:
    room.open(office["chair"], meeting)
    with store.transaction(office.engine) as session:
        return f"young_person:{kept.aliases(session, meeting)[f'young_person:{young_person}'][1]}"


def test_nobody_else_reaches_a_meetings_young_people_by_planning(office: Office) -> None:
    for who in ("both", "jo", "sam", "partner"):
        with pytest.raises((NotFound, NotPermitted)):
            meetings.plan(office[who], "M-1")
        record = "M-1" if who == "both" else ""
        assert log(office.engine)[-1] == (USERS[who].id, "meetings.plan", record, "refused")


def test_everybody_of_many_is_there(hall: Office) -> None:
    found: Any = meetings.groups(hall["lead"])
    assert len(found) == 1
    assert set(found[0].young_people) == {"YP-0001", "YP-0002", "YP-0003", *MANY[:6], MANY[7], "YP-0201", "YP-0202"}
