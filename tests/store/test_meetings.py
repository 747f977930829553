"""What is kept of meetings: read back whole, over the version it was read as, and nothing of another meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from chm import store
from chm.access import Reach, Scope
from chm.errors import Conflict, NotFound
from chm.meetings.records import (
    Attendance,
    Attending,
    Entry,
    EntryKind,
    InMeeting,
    Meeting,
    MeetingAction,
    MeetingStatus,
    MinutesVersion,
)
from chm.records import ActionStatus, Reply, Role, User, YoungPerson
from chm.store import meetings, network, people, users
from chm.store.tables import CorrectionRow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
CLOSED, CHANGED = "No such record", "Somebody else changed this meanwhile"
FULL = Meeting(
    id="M-1", title="Title", purpose="Purpose", on=DAY, at=time(10, 30), venue="Room", chair="u-1", review_of="M-0",
    status=MeetingStatus.PLANNED, next_review=DAY,
)  # fmt: skip
ENTRY = Entry(
    id="ENT-1", meeting="M-1", kind=EntryKind.INFORMATION, item="people", young_people=("YP-2", "YP-1"),
    target="person:PER-1", text="Zoë said 🦉", agency="Police", confidence="likely", first_hand=True, reason="Why",
    record="EV-1", by="u-1", at=NOW,
)  # fmt: skip
ACTION = MeetingAction(
    id="MAC-1", meeting="M-1", target="person:PER-1", pillar="disrupt", text="Ask", owner_agency="Police",
    owner_person="Ana", due=DAY, young_people=("YP-2", "YP-1"), domain="peers", step="x",
    asked={"q": Reply("yes", "n")}, recorded_by="u-1", recorded_at=NOW,
)  # fmt: skip
MINUTES = MinutesVersion(meeting="M-1", number=1, content={"a": [1, "ß"]}, made_by="u-1", made_at=NOW)


@pytest.fixture
def kept(engine: store.Engine) -> store.Engine:
    """Two users, three young people, meeting M-1 that follows M-0."""
    with store.transaction(engine) as session:
        for n in (1, 2):
            users.add(session, User(f"u-{n}", f"User {n}", "Police", frozenset({Role.CHAIR})))
        for n in (1, 2, 3):
            people.add(session, YoungPerson(f"YP-{n}", f"Example {n}", "Merton", age=14, age_on=DAY))
        meetings.add(session, replace(FULL, id="M-0", review_of=None, on=DAY - timedelta(days=40)))
        meetings.add(session, FULL)
        meetings.include(
            session, [InMeeting(meeting="M-1", young_person="YP-2", why="w", added_by="u-1", added_at=NOW)]
        )
        meetings.include(session, [InMeeting(meeting="M-1", young_person="YP-1", added_at=NOW + timedelta(seconds=1))])
    return engine


def missing(engine: store.Engine, write: Callable[[store.Session], object]) -> None:
    with pytest.raises(NotFound, match=CLOSED), store.transaction(engine) as session:
        write(session)


def conflict(engine: store.Engine, write: Callable[[store.Session], object], said: str = CHANGED) -> None:
    with pytest.raises(Conflict, match=said), store.transaction(engine) as session:
        write(session)


def since(user: str, on: date = DAY) -> Scope:
    """A chair's scope on a day, of the meetings of ninety days."""
    return Scope(user, frozenset({Reach.MEETINGS}), on, meetings_since=on - timedelta(days=90))


class TestMeeting:
    def test_it_comes_back_whole(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            assert meetings.get(session, "M-1") == FULL
            assert meetings.changes(session, "M-1") == 0

    def test_an_edit_is_over_the_version_it_was_read_as(self, kept: store.Engine) -> None:
        closed = replace(FULL, status=MeetingStatus.CLOSED, closed_by="u-2", closed_at=NOW, title="New")
        with store.transaction(kept) as session:
            assert meetings.edit(session, closed) == replace(closed, version=2)
        with store.transaction(kept) as session:
            assert meetings.get(session, "M-1") == replace(closed, version=2)
        conflict(kept, lambda session: meetings.edit(session, FULL))

    @pytest.mark.parametrize("id", ["M-9", "", "M-1'; --", "M" * 300, "Ж🦉"])
    def test_there_is_none_of_another_id(self, kept: store.Engine, id: str) -> None:
        missing(kept, lambda session: meetings.get(session, id))
        missing(kept, lambda session: meetings.edit(session, replace(FULL, id=id)))

    def test_get_sees_what_others_wrote_meanwhile(self, kept: store.Engine) -> None:
        if kept.dialect.name == "sqlite":
            pytest.skip("one writer at a time")
        with store.transaction(kept) as session:
            assert meetings.get(session, "M-1").version == 1
            with store.transaction(kept) as other:
                meetings.edit(other, replace(FULL, title="New"))
            assert meetings.get(session, "M-1").version == 2

    def test_of_a_user_are_those_chaired_and_those_invited_to_newest_first(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.add(session, replace(FULL, id="M-2", chair="u-2", on=DAY + timedelta(days=1), review_of=None))
            meetings.invite(session, "M-0", ["u-2"])
            assert [m.id for m in meetings.of_user(session, since("u-2"))] == ["M-2", "M-0"]
            assert [m.id for m in meetings.of_user(session, since("u-1"))] == ["M-1", "M-0"]
            assert [m.id for m in meetings.of_user(session, since("u-9"), every=True)] == ["M-2", "M-1", "M-0"]
            assert meetings.invited(session, "M-0") == {"u-2"}
            meetings.uninvite(session, "M-0", "u-2")
            meetings.uninvite(session, "M-0", "u-2")
            assert meetings.invited(session, "M-0") == frozenset()

    @pytest.mark.parametrize(
        ("review", "days", "seen"),
        [
            (None, 0, True), (None, 90, True), (None, 91, False), (60, 90, True), (60, 91, False), (200, 91, True),
            (200, 200, True), (200, 201, False),
        ],
    )  # fmt: skip
    def test_its_chair_sees_it_ninety_days_or_to_the_review(
        self, kept: store.Engine, review: int | None, days: int, seen: bool
    ) -> None:
        scope = since("u-1", DAY + timedelta(days=days))
        with store.transaction(kept) as session:
            next_review = None if review is None else DAY + timedelta(days=review)
            meeting = meetings.edit(session, replace(FULL, next_review=next_review))
            assert (scope.on <= meeting.seen_until(90)) is seen
            assert ("M-1" in {m.id for m in meetings.of_user(session, scope)}) is seen
            assert ("M-1" in {m.id for m in network.chaired(session, scope)}) is seen
            assert people.is_within(session, scope, "YP-2") is seen
            assert {m.id for m in meetings.of_user(session, scope, every=True)} == {"M-0", "M-1"}

    def test_without_a_first_day_only_a_review_to_come_keeps_it(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for day, seen in ((DAY, True), (DAY + timedelta(days=1), False)):
                assert people.is_within(session, Scope("u-1", frozenset({Reach.MEETINGS}), day), "YP-2") is seen

    def test_those_about_somebody_in_scope(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            people.allocate(session, "u-2", "YP-1", DAY)
            people.allocate(session, "u-1", "YP-3", DAY)
            for user, found in (("u-2", ["M-1"]), ("u-1", [])):
                scope = Scope(user, frozenset({Reach.CASELOAD}), DAY)
                assert [m.id for m in meetings.holding(session, scope)] == found


class TestYoungPeople:
    def test_as_they_were_added(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            found = meetings.young_people(session, ["M-1", "M-0"])
        assert [y.young_person for y in found["M-1"]] == ["YP-2", "YP-1"]
        assert found["M-1"][0] == InMeeting(meeting="M-1", young_person="YP-2", why="w", added_by="u-1", added_at=NOW)
        assert found["M-0"] == []

    def test_nobody_twice(self, kept: store.Engine) -> None:
        conflict(kept, lambda s: meetings.include(s, [InMeeting(meeting="M-1", young_person="YP-1")]))

    def test_left_out(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.leave_out(session, "M-1", "YP-2")
            assert [y.young_person for y in meetings.young_people(session, ["M-1"])["M-1"]] == ["YP-1"]
        missing(kept, lambda session: meetings.leave_out(session, "M-1", "YP-2"))
        missing(kept, lambda session: meetings.leave_out(session, "M-0", "YP-1"))

    def test_one_meetings_reach_opens_its_own_alone(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for meeting, who in (("M-1", ["YP-1", "YP-2"]), ("M-0", []), ("", [])):
                scope = Scope("u-9", frozenset({Reach.ONE_MEETING}), DAY, meeting)
                assert [p.id for p in people.everyone(session, scope)] == who


class TestAliases:
    def test_each_has_a_slot_of_the_meetings_own(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for meeting in ("M-0", "M-1"):
                meetings.name(session, meeting, [("young_person:YP-1", "Alder"), ("place:PLA-1", "")])
            one, other = (meetings.aliases(session, m) for m in ("M-0", "M-1"))
        assert [one["young_person:YP-1"][0], one["place:PLA-1"][0]] == ["Alder", ""]
        slots = [slot for found in (one, other) for _, slot in found.values()]
        assert len(set(slots)) == 4
        assert all(len(slot) == 10 for slot in slots)

    def test_nobody_has_two(self, kept: store.Engine) -> None:
        for _ in range(2):
            write = lambda s: meetings.name(s, "M-1", [("young_person:YP-1", "Alder")])  # noqa: E731
            if _ == 0:
                with store.transaction(kept) as session:
                    write(session)
            else:
                conflict(kept, write)


class TestPulse:
    def test_it_counts(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.moved(session, "M-1")
            meetings.moved(session, "M-1")
            assert (meetings.changes(session, "M-1"), meetings.changes(session, "M-0")) == (2, 0)
            assert meetings.changes(session, "M-9") == 0


class TestAttendance:
    SAID = Attendance(meeting="M-1", agency="Police", name="Ana", status=Attending.CONFIRMED, user="u-2", version=0)

    def test_written_and_changed_over_its_version(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            one = meetings.attend(session, self.SAID)
            assert one == replace(self.SAID, version=1)
            two = meetings.attend(session, replace(one, status=Attending.ABSENT))
            assert two == replace(one, status=Attending.ABSENT, version=2)
            meetings.attend(session, replace(self.SAID, agency="Health"))
            found = meetings.attendance(session, ["M-1", "M-0"])
        assert ([a.agency for a in found["M-1"]], found["M-0"]) == (["Health", "Police"], [])
        conflict(kept, lambda session: meetings.attend(session, one))
        conflict(kept, lambda session: meetings.attend(session, self.SAID))
        conflict(kept, lambda session: meetings.attend(session, replace(self.SAID, agency="Nobody", version=1)))


class TestEntries:
    def test_it_comes_back_whole(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            assert meetings.add_entry(session, ENTRY) == ENTRY
        with store.transaction(kept) as session:
            assert meetings.entry(session, "ENT-1") == ENTRY
            assert meetings.entries(session, ["M-1"]) == [ENTRY]
            assert meetings.entries(session, ["M-0"]) == []
        missing(kept, lambda session: meetings.entry(session, "ENT-9"))

    def test_an_edit_keeps_what_it_said(self, kept: store.Engine) -> None:
        anew = replace(ENTRY, text="New", reason="", young_people=("YP-3",), target="")
        with store.transaction(kept) as session:
            meetings.add_entry(session, ENTRY)
            assert meetings.edit_entry(session, anew, "wrong", "u-2", NOW, "COR-1") == replace(anew, version=2)
            (was,) = session.scalars(select(CorrectionRow))
            assert (was.record, was.version, was.why, was.by, was.before) == (
                "ENT-1", 1, "wrong", "u-2",
                {"text": "Zoë said 🦉", "reason": "Why", "agency": "Police", "withdrawn": False},
            )  # fmt: skip
        conflict(kept, lambda s: meetings.edit_entry(s, anew, "", "u-1", NOW, "COR-2"))
        missing(kept, lambda s: meetings.edit_entry(s, replace(anew, meeting="M-0"), "", "u-1", NOW, "COR-2"))
        missing(kept, lambda s: meetings.edit_entry(s, replace(anew, id="ENT-9"), "", "u-1", NOW, "COR-2"))

    def test_an_edit_that_changes_nothing_is_a_version_too(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.add_entry(session, ENTRY)
            same = meetings.edit_entry(session, ENTRY, "", "u-2", NOW, "COR-1")
            assert meetings.edit_entry(session, same, "", "u-2", NOW, "COR-2") == replace(ENTRY, version=3)

    def test_what_is_taken_back_counts_no_more_and_stays(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.add_entry(session, ENTRY)
            meetings.edit_entry(session, replace(ENTRY, withdrawn_at=NOW), "", "u-1", NOW, "COR-1")
            assert meetings.entries(session, ["M-1"]) == []
            assert meetings.entry(session, "ENT-1").withdrawn_at == NOW

    def test_in_the_order_they_were_said(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for n, minutes in ((1, 5), (2, 1), (3, 1)):
                meetings.add_entry(session, replace(ENTRY, id=f"ENT-{n}", at=NOW + timedelta(minutes=minutes)))
            assert [e.id for e in meetings.entries(session, ["M-1"])] == ["ENT-2", "ENT-3", "ENT-1"]


class TestActions:
    def test_it_comes_back_whole(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.add_action(session, ACTION)
        with store.transaction(kept) as session:
            assert meetings.action(session, "MAC-1") == ACTION
        missing(kept, lambda session: meetings.action(session, "MAC-9"))

    def test_an_edit_leaves_whom_it_concerns(self, kept: store.Engine) -> None:
        done = replace(
            ACTION,
            text="New",
            status=ActionStatus.DONE,
            outcome="Done",
            closed_on=DAY,
            young_people=("YP-3",),
            asked={},
        )
        with store.transaction(kept) as session:
            meetings.add_action(session, ACTION)
            assert meetings.edit_action(session, done).version == 2
        with store.transaction(kept) as session:
            assert meetings.action(session, "MAC-1") == replace(done, young_people=("YP-2", "YP-1"), version=2)
        conflict(kept, lambda session: meetings.edit_action(session, done))
        missing(kept, lambda session: meetings.edit_action(session, replace(done, id="MAC-9")))

    def test_by_meeting_by_whom_and_by_owner_soonest_first(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for n, (meeting, due, who, person, status) in enumerate(
                [
                    ("M-1", None, ("YP-1",), "Ana", ActionStatus.OPEN),
                    ("M-1", DAY, ("YP-2", "YP-1"), "", ActionStatus.UNDER_WAY),
                    ("M-0", DAY - timedelta(days=9), (), "Ana", ActionStatus.DROPPED),
                ]
            ):
                meetings.add_action(
                    session,
                    replace(
                        ACTION, id=f"MAC-{n}", meeting=meeting, due=due, young_people=who, owner_person=person,
                        status=status,
                    ),
                )  # fmt: skip
            everybody, own = Scope("", frozenset({Reach.ALL}), DAY), Scope("u-1", frozenset({Reach.CASELOAD}), DAY)
            people.allocate(session, "u-1", "YP-2", DAY)
            found = {
                "meeting": meetings.actions(session, ["M-1"]),
                "both": meetings.actions(session, ["M-1", "M-0"]),
                "about": meetings.actions_about(session, everybody),
                "own": meetings.actions_about(session, own),
                "hers": meetings.actions_about(session, everybody, ["YP-2"]),
                "none": meetings.actions_about(session, own, ["YP-1", "YP-3"]),
                "agency": meetings.actions_owned(session, "Police"),
                "person": meetings.actions_owned(session, "Police", "Ana", live=False),
                "other": meetings.actions_owned(session, "Health"),
            }
        assert {k: [a.id for a in v] for k, v in found.items()} == {
            "meeting": ["MAC-1", "MAC-0"],
            "both": ["MAC-2", "MAC-1", "MAC-0"],
            "about": ["MAC-1", "MAC-0"],
            "own": ["MAC-1"],
            "hers": ["MAC-1"],
            "none": [],
            "agency": ["MAC-1", "MAC-0"],
            "person": ["MAC-2", "MAC-0"],
            "other": [],
        }


class TestMinutes:
    def test_a_draft_changes_until_it_is_signed_and_never_after(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            meetings.add_minutes(session, MINUTES)
            draft = meetings.edit_minutes(session, replace(MINUTES, content={"b": 2}))
            assert draft == replace(MINUTES, content={"b": 2}, version=2)
            signed = meetings.edit_minutes(session, replace(draft, signed_by="u-1", signed_at=NOW))
        conflict(kept, lambda s: meetings.edit_minutes(s, replace(signed, content={})), "These minutes are signed")
        with store.transaction(kept) as session:
            assert meetings.minutes(session, "M-1") == [signed]
            assert signed == replace(draft, signed_by="u-1", signed_at=NOW, version=3)

    def test_versions_oldest_first_and_no_number_twice(self, kept: store.Engine) -> None:
        with store.transaction(kept) as session:
            for number in (2, 1):
                meetings.add_minutes(session, replace(MINUTES, number=number))
            assert [m.number for m in meetings.minutes(session, "M-1")] == [1, 2]
            assert meetings.minutes(session, "M-0") == []
        conflict(kept, lambda session: meetings.add_minutes(session, MINUTES))
        conflict(kept, lambda session: meetings.edit_minutes(session, replace(MINUTES, version=2)))
        missing(kept, lambda session: meetings.edit_minutes(session, replace(MINUTES, number=3)))


def test_a_note_is_kept_for_each_user_alone_until_it_is_empty(kept: store.Engine) -> None:
    with store.transaction(kept) as session:
        meetings.keep_note(session, "M-1", "u-1", {"text": "half a"}, NOW)
        meetings.keep_note(session, "M-1", "u-1", {"text": "half a sentence"}, NOW)
        assert meetings.note(session, "M-1", "u-1") == {"text": "half a sentence"}
        assert [meetings.note(session, *where) for where in (("M-1", "u-2"), ("M-0", "u-1"))] == [{}, {}]
        for _ in range(2):
            meetings.keep_note(session, "M-1", "u-1", {}, NOW)
            assert meetings.note(session, "M-1", "u-1") == {}
