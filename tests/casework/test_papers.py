"""What everybody leaves a meeting with, each what is theirs and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from icalendar import Calendar

from chm import store
from chm.casework import live_record, meetings, minutes, papers, room
from chm.casework.live_record import NewAction, NewEntry
from chm.errors import NotFound, NotPermitted
from chm.meetings.records import EntryKind
from chm.store import meetings as kept
from tests.unit.exchange.meeting import opened, parts, poppler, words

from .conftest import TODAY, Office
from .hall import BAD, INSIDE, TYPED, assess, at
from .test_desk import log

DUE = TODAY + timedelta(days=7)
ZOE, TEAL, DAN = "young_person:YP-0001", "young_person:YP-0002", f"person:{BAD.id}"
# Of others than Zoë; of her own name and birth date nothing.
OTHERS = (
    "Teal", "Madeup", "Sky-Ann", "O'Nowhere", "A.B.", "Wren", "Falsely", "Big Foo", "tall one", "snapper99", "07700",
    "ZZ99", "Flat 77", "Nowhere", "CR4 9ZZ", "Purpose-text", "Why-text", "Secretplan",
)  # fmt: skip


@pytest.fixture
def closed(hall: Office) -> Office:
    """M-3 closed, with something said of Zoë and of Teal, an action each for two agencies, and a next review."""
    assess(hall["lead"], "YP-0001", places="significant")
    room.open(hall["chair"], "M-3")
    with store.transaction(hall.engine) as session:
        slots = {p: f"{p.partition(':')[0]}:{s}" for p, (_, s) in kept.aliases(session, "M-3").items()}
        meeting = replace(kept.get(session, "M-3"), purpose="Purpose-text", venue="Civic Centre, CR4 3ZZ")
        meeting = kept.edit(session, meeting)
    for n, (text, who) in enumerate(((TYPED, ZOE), ("Secretplan for one alone", TEAL)), 1):
        said = NewEntry(kind=EntryKind.DECISION, item="plan", text=f"@{{{slots[who]}}} {text}", reason=text)
        live_record.say(at(hall["chair"], minutes=n), "M-3", said)
    for agency, target in (("Police", DAN), ("Children's / Care", ZOE)):
        live_record.agree(
            hall["chair"], "M-3",
            NewAction(
                pillar="protect", text=f"Ask about @{{{slots[TEAL]}}}", owner_agency=agency, due=DUE,
                target=slots[target],
            ),
        )  # fmt: skip
    minutes.close(hall["chair"], meeting, DUE)
    return hall


def text_of(data: bytes) -> str:
    return b"\n".join(parts(data).values()).decode(errors="replace")


class TestMinutes:
    @pytest.mark.parametrize("form", ["docx", "pdf"])
    def test_the_chair_has_all_of_it(self, closed: Office, form: Literal["docx", "pdf"], tmp_path: Path) -> None:
        made = papers.minutes_file(closed["chair"], "M-3", 1, form)
        assert made.name == f"M-3-v1-minutes.{form}"
        said = words(opened(made.data)) if form == "docx" else poppler("pdftotext", made.data, tmp_path, "-layout")
        for name in ("Zoë Heron", "Teal Madeup", "Secretplan", "Falsely Bad", "Purpose-text"):
            assert name in said
        found = [e for e in log(closed.engine) if e[1] == "papers.minutes_file"]
        assert {(e[0], e[3]) for e in found} == {("u-chair", "M-3 minutes 1")}
        assert {e[2] for e in found} == set(INSIDE)

    def test_a_draft_says_so_and_a_signed_one_who_signed(self, closed: Office) -> None:
        draft = words(opened(papers.minutes_file(closed["chair"], "M-3", 1, "docx").data))
        assert "This is a draft of version 1." in draft
        minutes.sign(closed["chair"], "M-3", 1, 1)
        signed = words(opened(papers.minutes_file(closed["chair"], "M-3", 1, "docx").data))
        assert "Version 1, signed by Cass Invented on 23 November 2026" in signed

    @pytest.mark.parametrize("number", [0, 2, -1, 10**30])
    def test_there_is_no_other_version(self, closed: Office, number: int) -> None:
        for make in (papers.minutes_file, lambda *a: papers.extract_file(*a[:3], "YP-0001", a[3])):
            with pytest.raises(NotFound):
                make(closed["chair"], "M-3", number, "docx")


class TestExtract:
    @pytest.mark.parametrize("form", ["docx", "pdf"])
    def test_it_holds_what_is_theirs_and_nobody_else(
        self, closed: Office, form: Literal["docx", "pdf"], tmp_path: Path
    ) -> None:
        made = papers.extract_file(closed["chair"], "M-3", 1, "YP-0001", form)
        assert made.name == f"M-3-v1-extract-YP-0001.{form}"
        said = text_of(made.data) if form == "docx" else poppler("pdftotext", made.data, tmp_path, "-raw")
        assert "Zoë Heron" in said
        assert "Civic Centre" in said
        whole = text_of(papers.minutes_file(closed["chair"], "M-3", 1, "docx").data)
        assert [o for o in OTHERS if o not in whole] == ["Wren"]  # Who is not in the meeting.
        assert [o for o in OTHERS if o.casefold() in said.casefold()] == []
        assert log(closed.engine)[-1 - len(INSIDE)] == ("u-chair", "papers.extract_file", "YP-0001", "M-3 extract 1")

    @pytest.mark.parametrize("who", ["YP-0003", "YP-9999", "", "../YP-0001", "Zoë Heron", "young_person:YP-0001"])
    def test_none_for_one_who_is_not_in_the_meeting(self, closed: Office, who: str) -> None:
        with pytest.raises(NotFound):
            papers.extract_file(closed["chair"], "M-3", 1, who, "docx")
        assert log(closed.engine)[-1] == ("u-chair", "papers.extract_file", "M-3", "refused")


class TestOwnExtract:
    def test_a_worker_has_that_of_their_own_once_it_is_signed(self, closed: Office) -> None:
        with pytest.raises(NotFound):
            papers.own_extract_file(closed["jo"], "YP-0001", "M-3", "docx")
        minutes.sign(closed["chair"], "M-3", 1, 1)
        made = papers.own_extract_file(closed["jo"], "YP-0001", "M-3", "docx")
        assert made.name == "M-3-v1-extract-YP-0001.docx"
        assert [o for o in OTHERS if o.casefold() in text_of(made.data).casefold()] == []
        assert log(closed.engine)[-1] == ("u-jo", "papers.own_extract_file", "YP-0001", "M-3 extract 1")

    def test_it_is_of_the_newest_signed_version_and_of_no_draft(self, closed: Office) -> None:
        minutes.sign(closed["chair"], "M-3", 1, 1)
        minutes.draft(closed["chair"], "M-3", "A word")
        assert papers.own_extract_file(closed["jo"], "YP-0001", "M-3", "docx").name == "M-3-v1-extract-YP-0001.docx"
        minutes.sign(closed["chair"], "M-3", 2, 1)
        assert papers.own_extract_file(closed["jo"], "YP-0001", "M-3", "docx").name == "M-3-v2-extract-YP-0001.docx"

    @pytest.mark.parametrize(
        ("who", "young_person", "meeting"),
        [
            ("jo", "YP-0002", "M-3"), ("sam", "YP-0001", "M-3"), ("jo", "YP-0001", "M-1"), ("jo", "YP-0001", "M-9"),
            ("jo", "YP-0001", ""), ("jo", "YP-0001", "M-3'--"), ("sam", "YP-0003", "M-3"), ("jo", "YP-9999", "M-3"),
        ],
    )  # fmt: skip
    def test_of_nobody_elses_and_of_no_other_meeting(
        self, closed: Office, who: str, young_person: str, meeting: str
    ) -> None:
        minutes.sign(closed["chair"], "M-3", 1, 1)
        with pytest.raises(NotFound):
            papers.own_extract_file(closed[who], young_person, meeting, "docx")
        assert log(closed.engine)[-1] == (closed[who].user.id, "papers.own_extract_file", young_person, "refused")

    @pytest.mark.parametrize("who", ["partner", "chair", "analyst", "auditor", "admin"])
    def test_nor_by_who_works_with_no_young_person(self, closed: Office, who: str) -> None:
        minutes.sign(closed["chair"], "M-3", 1, 1)
        with pytest.raises(NotPermitted):
            papers.own_extract_file(closed[who], "YP-0001", "M-3", "docx")


class TestAgency:
    def test_each_leaves_with_its_own(self, closed: Office) -> None:
        made = papers.agency_file(closed["chair"], "M-3", 1, "Police")
        assert made.name == "M-3-v1-actions-Police.docx"
        said = words(opened(made.data))
        assert "Ask about Teal Madeup" in said
        assert "Children's / Care" not in said
        assert log(closed.engine)[-1] == ("u-chair", "papers.agency_file", "YP-0002", "M-3 actions 1")

    def test_a_name_with_slashes_makes_a_plain_file_name(self, closed: Office) -> None:
        made = papers.agency_file(closed["chair"], "M-3", 1, "Children's / Care")
        assert made.name == "M-3-v1-actions-Childrens-Care.docx"
        assert log(closed.engine)[-1][2:] == ("YP-0002", "M-3 actions 1")

    @pytest.mark.parametrize("agency", ["Health", "", "police", "../Police"])
    def test_none_for_who_owns_no_action(self, closed: Office, agency: str) -> None:
        with pytest.raises(NotFound):
            papers.agency_file(closed["chair"], "M-3", 1, agency)


class TestReview:
    def test_a_day_for_a_calendar_that_names_nobody(self, closed: Office) -> None:
        made = papers.review_file(closed["chair"], "M-3")
        (event,) = Calendar.from_ical(made.data).walk("VEVENT")
        assert (made.name, event.decoded("dtstart"), str(event["location"])) == (
            "M-3-v1-review.ics", DUE, "Civic Centre, CR4 3ZZ",
        )  # fmt: skip
        assert [o for o in ("Zoë", "Heron", *OTHERS) if o.encode() in made.data] == []
        assert log(closed.engine)[-1] == ("u-chair", "papers.review_file", "M-3", "M-3 calendar")

    @pytest.mark.parametrize("venue", ["Zoë's school", "zoe heron's nan", "At Teal Madeup's", "Heron House"])
    def test_a_place_named_after_one_of_them_is_left_out(self, closed: Office, venue: str) -> None:
        with store.transaction(closed.engine) as session:
            kept.edit(session, replace(kept.get(session, "M-3"), venue=venue))
        (event,) = Calendar.from_ical(papers.review_file(closed["chair"], "M-3").data).walk("VEVENT")
        assert "location" not in event

    def test_none_where_no_day_is_decided(self, hall: Office) -> None:
        with pytest.raises(NotFound) as said:
            papers.review_file(hall["chair"], "M-3")
        assert str(said.value) == "No day for the next review is decided"


class TestBriefing:
    @pytest.mark.parametrize("form", ["docx", "pdf"])
    def test_what_is_known_before_it(self, hall: Office, form: Literal["docx", "pdf"], tmp_path: Path) -> None:
        assess(hall["lead"], "YP-0001", places="significant")
        made = papers.briefing_file(hall["chair"], "M-3", form)
        assert made.name == f"M-3-briefing.{form}"
        said = words(opened(made.data)) if form == "docx" else poppler("pdftotext", made.data, tmp_path, "-layout")
        for told in ("Safer Merton", "Zoë Heron (YP-0001)", "V · Young people experiencing harm", "Falsely Bad"):
            assert told in said
        assert "Decisions" not in said.splitlines()
        found = [e for e in log(hall.engine) if e[1] == "papers.briefing_file"]
        assert {(e[0], e[3]) for e in found} == {("u-chair", "M-3 briefing")}
        assert {e[2] for e in found} == set(INSIDE)

    def test_nothing_is_written_by_it(self, hall: Office) -> None:
        papers.briefing_file(hall["chair"], "M-3", "docx")
        assert minutes.versions(hall["chair"], "M-3") == []
        assert room.changes(hall["chair"], "M-3") == 0

    def test_of_a_meeting_about_nobody(self, hall: Office) -> None:
        made = meetings.create(hall["chair"], meetings.NewMeeting(title="/", purpose="For nobody yet", on=TODAY))
        assert papers.briefing_file(hall["chair"], made.id, "docx").name == f"{made.id}-briefing.docx"
