"""Closing a meeting: its minutes, their versions, their signature, and what is put right afterwards."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chm import store
from chm.casework import guarded, live_record, meetings, minutes, network, papers, plans, room, tracker
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.minutes import SaidThen, Version
from chm.casework.room import Shown
from chm.connections import Event, EventRole, Influence
from chm.errors import Conflict, Faults, NotFound
from chm.meetings.minutes import Minutes, extract, of_json
from chm.meetings.records import EntryKind, Meeting, MeetingStatus
from chm.privacy import SOMEBODY
from chm.records import YoungPerson
from chm.store import connections as kept_connections
from chm.store import meetings as kept
from chm.store import people, places
from chm.store.tables import CorrectionRow, MinutesRow

from .conftest import NOW, TODAY, Office
from .hall import BAD, HOUSE, INSIDE, SKY, SNAP, TYPED, VAN, assess, at, write
from .test_desk import log
from .town import ARCADE, event

DUE = TODAY + timedelta(days=7)
ZOE, TEAL, DAN = "young_person:YP-0001", "young_person:YP-0002", f"person:{BAD.id}"
OUT = YoungPerson("YP-0301", "Juno Elsewhere", "Merton", age=15, age_on=TODAY)


class Held:
    """M-3 as it is held: things said and agreed with its slots."""

    def __init__(self, office: Office):
        self.office, self.engine = office, office.engine
        room.open(office["chair"], "M-3")
        with store.transaction(office.engine) as session:
            people.add(session, OUT)
            self.slots = {
                party: f"{party.partition(':')[0]}:{slot}" for party, (_, slot) in kept.aliases(session, "M-3").items()
            }

    def at(self, party: str) -> str:
        return f"@{{{self.slots[party]}}}"

    def say(self, text: str, kind: EntryKind = EntryKind.VIEW, minute: int = 0, **more: Any) -> str:
        given = {"item": "people", "agency": "Police", **more}
        desk = at(self.office["chair"], minutes=minute)
        return live_record.say(desk, "M-3", NewEntry(kind=kind, text=text, **given)).id

    def agree(self, text: str, target: str, **more: Any) -> str:
        given = {"pillar": "support", "owner_agency": "Police", "due": DUE, **more}
        new = NewAction(text=text, target=self.slots[target], **given)
        return live_record.agree(self.office["chair"], "M-3", new).id

    def meeting(self, id: str = "M-3") -> Meeting:
        with store.transaction(self.engine) as session:
            return kept.get(session, id)

    def close(self, who: str = "chair", on: date | None = DUE, minute: int = 30) -> Version:
        return minutes.close(at(self.office[who], minutes=minute), self.meeting(), on)

    def sign(self, number: int = 1, version: int = 1, minute: int = 40) -> Version:
        return minutes.sign(at(self.office["chair"], minutes=minute), "M-3", number, version)

    def read(self, number: int = 1) -> Minutes:
        return minutes.read(self.office["chair"], "M-3", number)

    def stored(self, number: int = 1) -> Minutes:
        with store.transaction(self.engine) as session:
            return of_json(kept.minutes(session, "M-3")[number - 1].content)


@pytest.fixture
def here(hall: Office) -> Held:
    return Held(hall)


def faults(write_: Callable[[], object]) -> list[str]:
    with pytest.raises(Faults) as said:
        write_()
    return said.value.faults


class TestClose:
    def test_it_is_closed_and_drafted(self, here: Held) -> None:
        made = here.close()
        assert made == Version(1, "", "Cass Invented", NOW + timedelta(minutes=30), None, None, 1)
        assert minutes.versions(here.office["chair"], "M-3") == [made]
        closed = here.meeting()
        assert (closed.status, closed.next_review, closed.closed_by, closed.closed_at) == (
            MeetingStatus.CLOSED, DUE, "u-chair", NOW + timedelta(minutes=30),
        )  # fmt: skip
        assert {e[2] for e in log(here.engine) if e[1] == "minutes.close"} == set(INSIDE)

    def test_two_chairs_at_once_the_second_is_told_who_was_first(self, here: Held) -> None:
        before = here.meeting()

        def close(who: str) -> str:
            try:
                minutes.close(here.office[who], before, None)
            except Conflict as conflict:
                return str(conflict)
            return who

        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(close, ("chair", "lead"))
        first, said = (one, other) if one in ("chair", "lead") else (other, one)
        name = {"chair": "Cass Invented", "lead": "Lee Invented"}[first]
        assert said == f"It was closed meanwhile by {name}; nothing was changed. Their minutes stand as the draft"
        with store.transaction(here.engine) as session:
            assert [m.number for m in session.scalars(select(MinutesRow))] == [1]
            assert kept.get(session, "M-3").closed_by == f"u-{first}"

    def test_one_after_the_other_likewise(self, here: Held) -> None:
        before = here.meeting()
        here.close()
        with pytest.raises(Conflict) as conflict:
            minutes.close(here.office["lead"], before, None)
        assert "by Cass Invented" in str(conflict.value)
        assert len(minutes.versions(here.office["chair"], "M-3")) == 1

    def test_not_over_a_plan_that_changed_since(self, here: Held) -> None:
        before = here.meeting()
        meetings.edit(here.office["lead"], replace(before, title="Other"))
        with pytest.raises(Conflict):
            minutes.close(here.office["chair"], before, None)
        assert here.meeting().status == MeetingStatus.PLANNED

    def test_nor_more_than_a_year_ahead(self, here: Held) -> None:
        assert faults(lambda: here.close(on=TODAY + timedelta(days=367))) == [
            "next review: lies more than a year ahead; give a nearer day"
        ]

    @pytest.mark.parametrize("days", [-400, -1])
    def test_the_next_review_is_not_past(self, here: Held, days: int) -> None:
        assert faults(lambda: here.close(on=TODAY + timedelta(days=days))) == [
            "next review: lies before today; give a later day"
        ]
        assert here.meeting().status == MeetingStatus.PLANNED

    def test_what_is_written_while_it_closes_is_in_the_minutes_or_refused(self, here: Held) -> None:
        said: list[str] = []

        def write_() -> None:
            for n in range(12):
                try:
                    said.append(here.say(f"said {n}"))
                except Conflict:
                    return

        with ThreadPoolExecutor(2) as pool:
            writing = pool.submit(write_)
            here.close(minute=0)
            writing.result()
        assert len(here.stored().said) == len(said)


class TestComposed:
    def test_all_that_was_said_and_agreed(self, here: Held) -> None:
        assess(here.office["lead"], "YP-0001", judged="significant", places="significant")
        here.say(f"{here.at(ZOE)} was with {here.at(DAN)}", EntryKind.INFORMATION, 1, first_hand=True)
        here.say(f"{here.at(TEAL)} should move", EntryKind.DECISION, 2, reason=f"{here.at(DAN)} knows")
        for n, kind in enumerate((EntryKind.VOICE, EntryKind.PARENT, EntryKind.TELLS), 3):
            here.say(f"{here.at(ZOE)}: {kind}", kind, n)
        action = here.agree("Ask first", "young_person:YP-0001", owner_person="Ana Example")
        place = here.agree("Light it", f"place:{ARCADE.id}", pillar="prevent")
        here.close()
        found = here.read()
        assert (found.meeting, found.title, found.purpose, found.on, found.chair, found.next_review) == (
            "M-3", "About Zoë", TYPED.replace("Wren O'Madeup", SOMEBODY), TODAY, "Cass Invented", DUE,
        )  # fmt: skip
        assert [(p.agency, p.name, p.status) for p in found.attendance] == [
            ("Police", "Sergeant Specimen", "Present"), ("Zoë Heron's nan", "Zoë's nan", "Present"),
        ]  # fmt: skip
        assert [y.id for y in found.young_people] == list(here_order(here))
        zoe = next(y for y in found.young_people if y.id == "YP-0001")
        assert (zoe.name, zoe.born, zoe.why, zoe.judged, zoe.judged_why, zoe.assessed_on) == (
            "Zoë Heron", "4 March 2012", "Why-text", "Significant", "Secretword", TODAY,
        )  # fmt: skip
        assert [t.title for t in zoe.totals] == ["Experiences of harm", "Contexts", "Combined"]
        assert zoe.significant == ("Places and spaces",)
        assert (zoe.voice, zoe.parent, zoe.tells) == (
            (f"@{{{ZOE}}}: voice",), (f"@{{{ZOE}}}: parent",), (f"@{{{ZOE}}}: tells",),
        )  # fmt: skip
        teal = next(y for y in found.young_people if y.id == "YP-0002")
        assert (teal.born, teal.totals, teal.judged, teal.review_by) == ("Not known; aged 15", (), "", None)
        assert [(s.kind, found.words(s.text), found.words(s.reason), s.first_hand) for s in found.said] == [
            ("information", "Zoë Heron was with Falsely Bad", "", True),
            ("decision", "Teal Madeup should move", "Falsely Bad knows", None),
        ]  # fmt: skip
        assert [(a.id, a.target, a.status, a.young_people) for a in found.actions] == [
            (action, ZOE, "Not begun", ("YP-0001",)), (place, f"place:{ARCADE.id}", "Not begun", ()),
        ]  # fmt: skip
        assert found.changes == ()
        assert any(gap.startswith("Zoë Heron: nobody acts on") for gap in found.gaps) is False
        assert "Zoë Heron: no action to protect or disrupt" in found.gaps
        links = {found.what(k.target): k for k in found.links}
        assert len(links["Falsely Bad"].young_people) == 6
        assert links["Falsely Bad"].agencies == ("Police", "Zoë Heron's nan")
        assert links["Falsely Bad"].confidence == "Likely"
        assert f"place:{HOUSE.id}" in found.homes
        assert found.next_review_why.startswith("The earliest review due among them is ")

    def test_the_chairs_copy_notes_nobody_who_is_not_in_it(self, here: Held) -> None:
        here.say("Juno was there", minute=1)
        here.close()
        assert "Elsewhere" in repr(here.stored())
        assert "Elsewhere" not in repr(here.read())

    def test_what_a_plan_and_a_place_do_answers(self, here: Held) -> None:
        for id in ("YP-0001", SKY.id):
            assess(here.office["lead"], id, places="significant", self="moderate")
        plans.add_action(
            here.office["lead"], "YP-0001", target=ZOE, pillar="protect", text="x", owner_agency="Police",
            domain="self",
        )  # fmt: skip
        here.agree("Light it", f"place:{ARCADE.id}", pillar="disrupt")
        here.close()
        assert here.read().gaps[0] == f"{SKY.name}: nobody acts on Self, identity and isolation (Moderate)"
        assert not any("Places and spaces" in gap for gap in here.read().gaps)
        shared = next(gap for gap in here.read().gaps if gap.startswith("Shared by two or more and not disrupted"))
        assert "Falsely Bad" in shared
        assert "Placeholder Arcade" not in shared

    def test_a_dropped_action_answers_nothing(self, here: Held) -> None:
        assess(here.office["lead"], "YP-0001", places="significant")
        made = here.agree("Light it", f"place:{ARCADE.id}")
        live_record.drop(here.office["chair"], "M-3", made, 1, "No need")
        here.close()
        assert "Zoë Heron: nobody acts on Places and spaces (Significant)" in here.read().gaps
        assert [(a.status, a.outcome) for a in here.read().actions] == [("Dropped", "No need")]

    def test_they_say_what_was_known_when_it_was_closed(self, here: Held) -> None:
        assess(here.office["lead"], "YP-0001", places="emerging")
        here.close()
        before = here.stored()
        assess(at(here.office["lead"], days=2), "YP-0001", judged="significant", places="significant")
        with store.transaction(here.engine) as session:
            kept_connections.add_events(
                session, [replace(event(0x77, ARCADE, "YP-0001", "YP-0002"), recorded_at=NOW + timedelta(days=1))]
            )
        minutes.draft(at(here.office["chair"], days=3), "M-3")
        assert here.stored() == before

    def test_a_restricted_record_is_not_opened_by_minutes(self, here: Held) -> None:
        here.say(f"{here.at(ZOE)} and {here.at(TEAL)}", minute=1)
        guarded.restrict(here.office["lead"], "YP-0001", "A relative works for the council")
        here.close()
        found = here.read()
        assert "YP-0001" not in [y.id for y in found.young_people]
        assert found.words(found.said[0].text) == "another young person and Teal Madeup"
        assert [s.text for s in minutes.said(here.office["chair"], "M-3")] == ["another young person and Teal Madeup"]

    def test_since_the_last_and_what_was_carried_over(self, here: Held) -> None:
        here.agree("Ask first", "young_person:YP-0001")
        here.close()
        write(here.office, "M-4", ("YP-0001",), review_of="M-3", on=TODAY + timedelta(days=9), purpose="Second look")
        total = assess(at(here.office["lead"], days=5), "YP-0001").score.combined.score
        later = at(here.office["chair"], days=9)
        minutes.close(later, here.meeting("M-4"), None)
        found = minutes.read(later, "M-4", 1)
        assert found.changes == (
            f"Zoë Heron: assessed for the first time, combined {total}",
            "Of 1 action agreed then: 1 not begun; 1 overdue",
        )  # fmt: skip
        assert [(a.text, a.meeting_on) for a in found.carried] == [("Ask first", TODAY)]
        assert found.next_review is None

    def test_the_meeting_of_nobody_has_minutes_too(self, here: Held) -> None:
        made = meetings.create(here.office["chair"], meetings.NewMeeting(title="x", purpose="For nobody yet", on=TODAY))
        minutes.close(here.office["chair"], made, None)
        found = minutes.read(here.office["chair"], made.id, 1)
        assert (found.young_people, found.links, found.said, found.gaps) == ((), (), (), ())


def here_order(here: Held) -> list[str]:
    with store.transaction(here.engine) as session:
        return [y.young_person for y in kept.young_people(session, ["M-3"])["M-3"]]


class TestLeftOut:
    """Once a record is restricted, or its case closed, a chair who may not open it reads nothing of it here either."""

    @pytest.fixture
    def since(self, here: Held, state: str) -> Held:
        here.say(f"{here.at(ZOE)} alone, Zoë Heron", minute=1)
        here.say(f"{here.at(ZOE)} with {here.at(TEAL)}; zoe heron again, YP-0001", minute=2)
        here.agree("Ask Zoë", ZOE)
        here.agree("Ask both", TEAL)
        assess(here.office["lead"], "YP-0001", places="significant")
        here.close()
        here.sign()
        lead = here.office["lead"]
        if state == "restricted":
            guarded.restrict(lead, "YP-0001", "A relative works here, and would read it")
        else:
            guarded.close(lead, "YP-0001", "Moved to another borough for good")
        return here

    @pytest.mark.parametrize("state", ["restricted", "closed"])
    def test_a_copy_names_them_nowhere(self, since: Held) -> None:
        found = since.read()
        assert found.left_out == 1
        assert [y.id for y in found.young_people] == [y.id for y in since.stored().young_people if y.id != "YP-0001"]
        told = repr(found).casefold()
        assert [t for t in ("zoë", "zoe", "heron", "yp-0001", "2012-03-04") if t in told] == []
        assert [found.words(s.text) for s in found.said] == [
            "another young person with Teal Madeup; another young person again, another young person"
        ]
        assert [a.text for a in found.actions] == ["Ask both"]
        assert [line for line in (*found.changes, *found.gaps) if "young person" in line] == []
        assert log(since.engine)[-1][2] != "YP-0001"
        whole = minutes.read(since.office["lead"], "M-3", 1)
        assert (whole.left_out, len(whole.said), len(whole.actions)) == (0, 2, 2)
        assert [gap for gap in whole.gaps if gap.startswith("Zoë Heron: nobody acts on")] != []

    @pytest.mark.parametrize("state", ["restricted", "closed"])
    def test_nor_does_whatever_else_their_chair_opens(self, since: Held) -> None:
        chair = since.office["chair"]
        again = replace(since.meeting(), title="Again about Zoë", purpose="Zoë Heron once more", venue="At Zoë's")
        minutes.draft(chair, "M-3", "Brought up to date")
        with store.transaction(since.engine) as session:
            kept.edit(session, again)
        plan = meetings.plan(chair, "M-3")
        opened = {
            "drafted anew": since.read(2),
            "said": minutes.said(chair, "M-3"),
            "plan": (plan.meeting, plan.carried, plan.reviewed, [y.why for y in plan.young_people]),
            "events": [e.source for e in plan.records.events],
            "listed": meetings.mine(chair),
            "meetings": network.meetings(chair),
            "room": room.open(chair, "M-3"),
            "named": room.named(chair, "M-3", "people", Shown.NAMES),
            "record": room.record(chair, "M-3"),
            "tracked": tracker.read(chair),
        }
        for what, found in opened.items():
            assert (what, [t for t in ("zoë", "zoe", "heron") if t in repr(found).casefold()]) == (what, [])
        assert plan.meeting.title == "Again about another young person"

    @pytest.mark.parametrize("state", ["restricted"])
    def test_what_comes_back_as_it_was_shown_stays_as_it_is_stored(self, since: Held) -> None:
        chair, at_nine = since.office["chair"], time(9)
        with store.transaction(since.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), status=MeetingStatus.PLANNED))
        shown = meetings.plan(chair, "M-3").meeting
        assert shown.title == "About another young person"
        edited = meetings.edit(chair, replace(shown, at=at_nine, venue="Room 2"), shown)
        assert (edited.title, edited.venue) == (shown.title, "Room 2")
        stored = since.meeting()
        assert (stored.title, stored.at, stored.venue) == ("About Zoë", at_nine, "Room 2")
        assert "zoe heron" in stored.purpose

    @pytest.mark.parametrize("state", ["restricted"])
    def test_nor_does_a_file(self, since: Held) -> None:
        chair = since.office["chair"]
        with pytest.raises(NotFound):
            papers.extract_file(chair, "M-3", 1, "YP-0001", "docx")
        for made in (
            papers.minutes_file(chair, "M-3", 1, "docx"),
            papers.extract_file(chair, "M-3", 1, "YP-0002", "docx"),
            papers.agency_file(chair, "M-3", 1, "Police"),
        ):
            assert told_in_word(made.data, "Zoë", "Heron", "YP-0001") == []
        assert told_in_word(papers.minutes_file(chair, "M-3", 1, "docx").data, "leaves out 1 young person")


def told_in_word(data: bytes, *names: str) -> list[str]:
    """Which of `names` stand anywhere in a Word document."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        whole = "".join(parts.read(n).decode("utf-8", "replace") for n in parts.namelist() if n.endswith(".xml"))
    return [n for n in names if n.casefold() in whole.casefold()]


class TestExtract:
    """What the minutes as they are composed leave of everybody else, however they were named."""

    TEXT = (
        f"{TYPED}. Juno's aunt, juno elsewhere, YP-0301, the grey golf ZZ99ZZZ; sky-ann o'nowhere at "
        "Flat 77, 12 Nowhere Road, Mitcham"
    )
    # Whatever of others stands in that text.
    OTHERS = (
        "teal", "madeup", "sky-ann", "o'nowhere", "nowhere", "a.b.", "wren", "juno", "elsewhere", "yp-0301", "yp 2",
        "falsely", "big foo", "tall one", "snapper", "07700", "zz99", "flat 77", "cr4 9zz", "sept 1 2011", "why-text",
    )  # fmt: skip

    def test_nobody_else_is_in_it(self, here: Held) -> None:
        assess(here.office["lead"], "YP-0001")
        for n, kind in enumerate(EntryKind, 1):
            here.say(f"{here.at(ZOE)} {self.TEXT} {here.at(TEAL)}", kind, n, reason=self.TEXT, agency="Teal's nan")
        here.agree(f"{self.TEXT} {here.at(DAN)}", ZOE, owner_person="Teal's aunt")
        here.close()
        whole = here.stored()
        own = extract(whole, "YP-0001")
        assert len(own.said) == 4
        assert (len(own.actions), len(own.young_people[0].voice)) == (1, 1)
        said, held = repr(whole).casefold(), repr(own).casefold()
        assert [o for o in self.OTHERS if o not in said] == []
        assert [o for o in self.OTHERS if o in held] == []
        assert "Zoë Heron" in repr(own)

    def test_an_event_shared_with_others_shows_that_there_are_some(self, here: Held) -> None:
        here.close()
        own = extract(here.stored(), "YP-0002")
        assert {own.who(k.young_people) for k in own.links} == {"Teal Madeup, another young person"}
        assert {own.what(k.target) for k in own.links} >= {"somebody else", "a home", "Placeholder Arcade"}
        assert [n for n in (BAD.name, SNAP.name, VAN.name, HOUSE.name) if n in repr(own)] == []

    def test_none_for_one_who_is_not_in_it(self, here: Held) -> None:
        here.close()
        with pytest.raises(KeyError):
            extract(here.stored(), "YP-0003")


class TestVersions:
    def test_a_draft_is_brought_up_to_date_until_it_is_signed(self, here: Held) -> None:
        here.say("First", minute=1)
        here.close()
        with store.transaction(here.engine) as session:
            (entry,) = kept.entries(session, ["M-3"])
            kept.edit_entry(session, replace(entry, text="Second"), "", "u-chair", NOW, "COR-x")
        draft = minutes.draft(here.office["chair"], "M-3")
        assert (draft.number, draft.version, draft.why) == (1, 2, "")
        assert [s.text for s in here.read().said] == ["Second"]

    def test_what_is_signed_never_changes(self, here: Held) -> None:
        here.say("First", minute=1)
        here.close()
        signed = here.sign()
        assert (signed.number, signed.signed_by, signed.signed_at) == (1, "Cass Invented", NOW + timedelta(minutes=40))
        before = here.stored()
        assert faults(lambda: minutes.draft(here.office["chair"], "M-3")) == [
            "why: empty; say what the new version corrects"
        ]
        second = minutes.draft(here.office["chair"], "M-3", " A name was misspelt ")
        assert (second.number, second.why, second.signed_by) == (2, "A name was misspelt", None)
        assert [v.number for v in minutes.versions(here.office["chair"], "M-3")] == [1, 2]
        assert here.stored() == before

    def test_only_the_chair_signs_as_it_was_read_and_once(self, here: Held) -> None:
        here.close()
        with pytest.raises(NotFound) as said:
            minutes.sign(here.office["lead"], "M-3", 1, 1)
        assert str(said.value) == "Only the chair of the meeting signs its minutes"
        minutes.draft(here.office["lead"], "M-3")
        with pytest.raises(Conflict):
            here.sign(version=1)
        here.sign(version=2)
        for version in (2, 3):
            with pytest.raises(Conflict) as conflict:
                here.sign(version=version)
            assert str(conflict.value).startswith("These minutes are signed; nothing was saved.")
        for number in (0, 2, -1):
            with pytest.raises(NotFound):
                here.sign(number=number)

    def test_before_it_is_closed_there_are_none(self, here: Held) -> None:
        for look in (
            lambda: minutes.draft(here.office["chair"], "M-3"),
            lambda: minutes.sign(here.office["chair"], "M-3", 1, 1),
            lambda: minutes.read(here.office["chair"], "M-3", 1),
        ):
            with pytest.raises(NotFound):
                look()
        assert minutes.versions(here.office["chair"], "M-3") == []

    @pytest.mark.parametrize(("why", "fault"), [("x" * 20_001, "why: 20,001 characters; at most 20,000 fit")])
    def test_why_is_a_text_that_fits(self, here: Held, why: str, fault: str) -> None:
        here.close()
        here.sign()
        assert faults(lambda: minutes.draft(here.office["chair"], "M-3", why)) == [fault]
        assert minutes.draft(here.office["chair"], "M-3", "a\x00b").why == "ab"

    def test_two_corrections_at_once_are_one_version_or_refused(self, here: Held) -> None:
        here.close()
        here.sign()

        def draft(who: str) -> int:
            return minutes.draft(here.office[who], "M-3", f"Because {who}").number

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(draft, ("chair", "lead"))) == [2, 2]
        (_, second) = minutes.versions(here.office["chair"], "M-3")
        assert sorted(second.why.splitlines()) == ["Because chair", "Because lead"]


class TestPutRight:
    @pytest.fixture
    def signed(self, here: Held) -> Held:
        here.say(
            f"{here.at(ZOE)} with {here.at(DAN)}", EntryKind.INFORMATION, 1, harm=Influence.HARMFUL, as_="sighting"
        )
        here.close()
        here.sign()
        return here

    def right(self, here: Held, text: str, why: str = "Misheard", version: int = 1) -> Version:
        (said,) = minutes.said(here.office["chair"], "M-3")
        return minutes.put_right(here.office["chair"], "M-3", said.id, version, text, why)

    def test_it_is_read_with_names_and_makes_a_new_version(self, signed: Held) -> None:
        (said,) = minutes.said(signed.office["chair"], "M-3")
        assert said == SaidThen(said.id, EntryKind.INFORMATION, "Zoë Heron with Falsely Bad", "", 1)
        made = self.right(signed, "Teal Madeup with Falsely Bad, by day")
        assert (made.number, made.why, made.signed_by) == (2, "Misheard", None)
        one, two = signed.read(1).said[0], signed.read(2).said[0]
        assert (one.text, one.young_people) == (f"@{{{ZOE}}} with @{{{DAN}}}", ("YP-0001",))
        assert (two.text, two.young_people) == (f"@{{{TEAL}}} with @{{{DAN}}}, by day", ("YP-0002",))
        with store.transaction(signed.engine) as session:
            was = next(c for c in session.scalars(select(CorrectionRow)) if c.record == said.id)
            assert (was.before["text"], was.why, was.by) == (f"@{{{ZOE}}} with @{{{DAN}}}", "Misheard", "u-chair")

    def test_so_is_the_event_that_it_became(self, signed: Held) -> None:
        self.right(signed, "Teal Madeup with Falsely Bad")
        found = self.event(signed)
        assert [(p.party.id, p.role) for p in found.participants] == [
            ("YP-0002", EventRole.EXPERIENCING_HARM), (BAD.id, EventRole.ALLEGED_SOURCE),
        ]  # fmt: skip

    def event(self, here: Held) -> Event:
        with store.transaction(here.engine) as session:
            (entry,) = session.scalars(select(kept.MeetingEntryRow))
            found = kept_connections.get(session, entry.record)
        assert isinstance(found, Event)
        return found

    def test_all_faults_at_once(self, signed: Held) -> None:
        assert faults(lambda: self.right(signed, " ", " ")) == [
            "why: empty; write something", "text: empty; write something",
        ]  # fmt: skip

    def test_not_over_what_somebody_changed_since(self, signed: Held) -> None:
        self.right(signed, "Zoë Heron alone")
        with pytest.raises(Conflict):
            self.right(signed, "Zoë Heron with nobody", version=1)
        assert len(minutes.versions(signed.office["chair"], "M-3")) == 2

    @pytest.mark.parametrize(
        "text", ["@{young_person:YP-0003} too", "@{person:PER-none}", "@{foo:bar}", "@{young_person:@{person:x}}"]
    )
    def test_nobody_comes_in_who_is_not_in_it(self, signed: Held, text: str) -> None:
        with pytest.raises(NotFound):
            self.right(signed, text)
        assert len(minutes.versions(signed.office["chair"], "M-3")) == 1

    def test_two_of_one_name_stay_who_they_were(self, here: Held) -> None:
        with store.transaction(here.engine) as session:
            session.get_one(people.YoungPersonRow, "YP-0002").name = "Zoë Heron"
        here.say(f"{here.at(TEAL)} told {here.at(ZOE)}", minute=1)
        here.close()
        self.right(here, "Zoë Heron told Zoë Heron again")
        assert here.read().said[0].text == f"@{{{TEAL}}} told @{{{ZOE}}} again"

    def test_one_who_was_left_out_is_not_lost(self, here: Held) -> None:
        here.say(f"{here.at(TEAL)} told {here.at(ZOE)}", minute=1)
        meetings.leave_out(here.office["chair"], "M-3", "YP-0002")
        here.close()
        (said,) = minutes.said(here.office["chair"], "M-3")
        assert said.text == "another young person told Zoë Heron"
        self.right(here, f"{said.text} again")
        assert here.read().said[0].text == f"@{{{TEAL}}} told @{{{ZOE}}} again"

    def test_struck_it_is_in_no_new_version_nor_on_the_network(self, signed: Held) -> None:
        (said,) = minutes.said(signed.office["chair"], "M-3")
        assert faults(lambda: minutes.strike(signed.office["chair"], "M-3", said.id, 1, "")) == [
            "why: empty; write something"
        ]
        made = minutes.strike(signed.office["chair"], "M-3", said.id, 1, "Of somebody else")
        assert (made.number, made.why) == (2, "Of somebody else")
        assert (len(signed.read(1).said), len(signed.read(2).said)) == (1, 0)
        with store.transaction(signed.engine) as session:
            assert kept_connections.withdrawn_at(session, self.event(signed).id) is not None
        with pytest.raises(NotFound):
            minutes.strike(signed.office["chair"], "M-3", said.id, 2, "Again")

    def test_of_an_unsigned_draft_each_reason_is_kept(self, signed: Held) -> None:
        self.right(signed, "Zoë Heron alone", "Misheard")
        made = self.right(signed, "Zoë Heron with nobody", "Misspelt", version=2)
        assert (made.number, made.version, made.why) == (2, 2, "Misheard\nMisspelt")

    def test_while_it_is_open_the_room_puts_it_right(self, here: Held) -> None:
        id = here.say("x", minute=1)
        for write_ in (
            lambda: minutes.put_right(here.office["chair"], "M-3", id, 1, "y", "z"),
            lambda: minutes.strike(here.office["chair"], "M-3", id, 1, "z"),
        ):
            with pytest.raises(NotFound):
                write_()

    def test_reading_and_changing_are_audited_by_young_person(self, signed: Held) -> None:
        minutes.said(signed.office["lead"], "M-3")
        minutes.read(signed.office["lead"], "M-3", 1)
        found = [e for e in log(signed.engine) if e[0] == "u-lead"]
        assert {(e[1], e[3]) for e in found} == {("minutes.said", "M-3"), ("minutes.read", "M-3 minutes 1")}
        assert {e[2] for e in found if e[1] == "minutes.said"} == {"YP-0001"}
        assert {e[2] for e in found if e[1] == "minutes.read"} == set(INSIDE)


def test_a_place_action_names_nobody_in_the_minutes_either(here: Held) -> None:
    id = here.agree(f"Ask about {here.at(DAN)}", f"place:{ARCADE.id}")
    here.close()
    with store.transaction(here.engine) as session:
        assert places.action(session, id).text == "Ask about a person"
    assert here.read().actions[0].text == "Ask about a person"
