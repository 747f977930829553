"""Missing episodes from CSV: three formats, exact episodes, exact faults."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chm.episodes.overlap import overlap
from chm.episodes.records import DAYS_CANNOT_SHOW, Episode, Kind, ReturnInterview
from chm.episodes.summary import summary
from chm.exchange.missing import MOST_YOUNG_PEOPLE, Preview, read_missing
from chm.exchange.missing_formats import FORMATS, OWN, SSD, SSDA903, TIMED

OURS = ",".join(OWN)
SHORT = "young_person,start,end"
STATUTORY = "CHILD,DOB,MISSING,MIS_START,MIS_END"
EITHER = " or ".join(f.header for f in FORMATS)
QUOTES = "a quotation mark is not closed or stands alone; inside quotes write it twice"
OPEN = "Open episodes: 1. They are measured to the last that the file knows of any."


def read(header: str, *lines: str, end: str = "\n") -> Preview:
    return read_missing(end.join([header, *lines, ""]).encode())


def episodes(header: str, *lines: str) -> list[Episode]:
    found = read(header, *lines)
    assert found.faults == []
    return found.episodes


def faults(header: str, *lines: str) -> list[str]:
    found = read(header, *lines)
    assert found.faults != []
    return found.faults


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


class TestTimed:
    def test_a_full_row_and_a_bare_one(self) -> None:
        full = (
            "YP-1,2026-07-01T22:30,2026-07-02T02:15+01:00,Notreal Park,a friend,police car,carer,train,Yes,no,"
            "2026-07-03T10:00"
        )
        assert episodes(OURS, full, "YP-2,2026-07-01,") == [
            Episode(
                id="row 2", young_person="YP-1", start=at(2026, 7, 1, 21, 30), end=at(2026, 7, 2, 1, 15),
                found_at="Notreal Park", companions="a friend", returned_how="police car", reported_by="carer",
                travelled="train", interview=ReturnInterview(True, False, True, at(2026, 7, 3, 9)),
            ),
            Episode(id="row 3", young_person="YP-2", start=date(2026, 7, 1), end=None),
        ]  # fmt: skip

    def test_columns_in_any_order_and_capitals(self) -> None:
        found = read("End;Young Person;START", "2026-01-02;A;2026-01-01")
        assert found.format == TIMED.name
        assert found.episodes == [Episode(id="row 2", young_person="A", start=date(2026, 1, 1), end=date(2026, 1, 2))]

    @pytest.mark.parametrize(
        ("cell", "interview"),
        [
            ("yes", ReturnInterview(held=True)),
            ("No", ReturnInterview(held=False)),
            ("", ReturnInterview()),
            ("2026-01-05", ReturnInterview(held=True, held_at=date(2026, 1, 5))),
        ],
    )
    def test_whether_the_interview_was_held_and_when(self, cell: str, interview: ReturnInterview) -> None:
        (found,) = episodes(f"{SHORT},rhi_held", f"A,2026-01-01,2026-01-02,{cell}")
        assert found.interview == interview

    def test_all_faults_at_once_and_nothing_typed_comes_back(self) -> None:
        assert faults(
            f"{SHORT},rhi_offered,rhi_held,found_at",
            "A,2026-01-02T10:00,2026-01-01T10:00,,,",
            ",,2026-01-01,perhaps,,",
            "B,01/02/2026,2026-02-30,,sometime,",
            "C,2026-01-01,2026-01-03,,2026-01-02,",
            "D,2026-01-02,2026-01-01,,,",
            f"E,2026-01-02,,,,{'x' * 20_001}",
            "F,2026-01-02,,,,park,gate",
        ) == [
            "row 2, end: lies before start; swap the two or correct one",
            "row 3, young_person: is empty; fill it in",
            "row 3, start: is empty; give when the episode began",
            "row 3, rhi_offered: must be yes or no, or empty where not known",
            "row 4, start: is not a date or time; write it as 2026-05-17 or 2026-05-17T22:30",
            "row 4, end: is not a day of the calendar; correct it",
            "row 4, rhi_held: is not a date or time; write it as 2026-05-17 or 2026-05-17T22:30",
            "row 5, rhi_held: lies before the end of the episode; correct one",
            "row 6, end: lies before start; swap the two or correct one",
            "row 7, found_at: is longer than 20,000 characters; shorten it",
            "row 8: 7 cells under 6 columns; put quotes round a cell with a comma",
        ]

    def test_clocks_that_go_back_and_forward(self) -> None:
        found = read(
            SHORT,
            "A,2026-10-25T00:30,2026-10-25T02:30",
            "B,2026-03-29T00:30,2026-03-29T02:30",
            "C,2026-10-25T01:50,2026-10-25T01:10",
        )
        assert found.faults == []
        assert [(e.end - e.start).total_seconds() / 3600 for e in found.episodes] == [3, 1, 20 / 60]  # type: ignore[operator]
        assert found.notes == [
            "row 4, start: the clocks went back and this time came twice; the first is taken",
            "row 4, end: the clocks went back and this time came twice; the second is taken",
        ]

    def test_mixed_offsets_meet_on_one_clock(self) -> None:
        found = summary(
            episodes(
                SHORT,
                "A,2026-07-01T22:00,2026-07-02T00:00",
                "B,2026-07-01T21:00Z,2026-07-01T22:30Z",
                "C,2026-07-01T18:00-05:00,2026-07-01T19:00-05:00",
            )
        )
        assert found["hours_together"] == [{"a": "A", "b": "B", "hours": 1.5, "episodes": 1}]

    def test_a_day_alone_beside_times_is_that_whole_day(self) -> None:
        found = read(SHORT, "A,2026-07-01,2026-07-01", "B,2026-06-30T22:00,2026-07-01T06:00")
        assert [(t.amount, t.episodes) for t in overlap(found.episodes).together] == [(6.0, 1)]
        assert found.notes == ["Days without a time: 2. Beside times, each is read as the whole of that day."]

    def test_days_alone_are_counted_in_days(self) -> None:
        found = read(SHORT, "A,2026-01-01,2026-01-05", "B,2026-01-05,2026-01-08")
        assert summary(found.episodes)["hours_together"] == [{"a": "A", "b": "B", "days": 1, "episodes": 1}]
        assert found.notes == [DAYS_CANNOT_SHOW]

    def test_a_cell_behind_an_apostrophe_is_no_formula(self) -> None:
        (found,) = episodes(f"{SHORT},found_at", "A,2026-01-01,,'=park")
        assert found.found_at == "=park"


class TestStatutory:
    def test_rows(self) -> None:
        found = read(STATUTORY, "104,12/03/2012,A,13/11/2025,25/11/2025", "92,19/05/2010,M,21/11/2025,")
        assert found.faults == []
        assert found.episodes == [
            Episode(id="row 2", young_person="104", start=date(2025, 11, 13), end=date(2025, 11, 25), kind=Kind.AWAY),
            Episode(id="row 3", young_person="92", start=date(2025, 11, 21), end=None, kind=Kind.MISSING),
        ]
        assert found.notes == [DAYS_CANNOT_SHOW, OPEN]
        assert summary(found.episodes) == {
            "young_people": 2,
            "episodes": 2,
            "open": 1,
            "overlapping_pairs": 1,
            "groups": [2],
            "hours_together": [{"a": "104", "b": "92", "days": 5, "episodes": 1}],
        }

    def test_faults_name_the_columns_as_the_file_does(self) -> None:
        assert faults(
            STATUTORY,
            "1,,X,2025-11-13,25/11/2025",
            "2,,M,25/11/2025,13/11/2025",
            ",,M,11/25/2025,",
        ) == [
            "row 2, MIS_START: is not a date; write it day/month/year, as 17/05/2026",
            "row 2, MISSING: is not known; use M (missing) or A (away without authorisation)",
            "row 3, MIS_END: lies before MIS_START; swap the two or correct one",
            "row 4, CHILD: is empty; fill it in",
            "row 4, MIS_START: is not a day of the calendar (day before month); correct it",
        ]
        assert faults("CHILD,DOB,MISSING,MIS_START", "1,,M,01/01/2026") == ["row 1: column MIS_END is missing; add it"]

    def test_a_child_with_two_birth_dates_is_asked_about(self) -> None:
        found = read(STATUTORY, "1,01/01/2010,M,01/01/2025,02/01/2025", "1,02/01/2010,M,05/01/2025,06/01/2025")
        assert found.notes[0] == "row 3, DOB: differs from row 2 of the same CHILD; are they one?"

    def test_other_columns_are_passed_over_and_said(self) -> None:
        found = read(f"{STATUTORY},LA", "1,,M,01/01/2025,02/01/2025,Merton")
        assert len(found.episodes) == 1
        assert found.notes == ["Column 6 is not one of SSDA903 missing and is not read.", DAYS_CANNOT_SHOW]


class TestStandardSafeguardingDataset:
    HEADER = ",".join(SSD.columns)

    def test_times(self) -> None:
        found = read(
            self.HEADER,
            "7,P1,2025-07-01 22:15:00.000,M,2025-07-02 03:00:00.000,Y,N",
            "8,P2,01/07/2025 23:00,Absent,NULL,NA,",
        )
        assert found.faults == []
        assert found.episodes == [
            Episode(
                id="row 2", young_person="P1", start=at(2025, 7, 1, 21, 15), end=at(2025, 7, 2, 2), kind=Kind.MISSING,
                interview=ReturnInterview(True, False),
            ),
            Episode(id="row 3", young_person="P2", start=at(2025, 7, 1, 22), end=None, kind=Kind.AWAY),
        ]  # fmt: skip

    def test_midnights_alone_are_days(self) -> None:
        found = read(
            self.HEADER, "7,P1,2025-07-01 00:00:00,M,2025-07-02 00:00:00,,", "8,P2,2025-07-02T00:00:00,M,02/07/2025,,"
        )
        assert [(e.start, e.end) for e in found.episodes] == [
            (date(2025, 7, 1), date(2025, 7, 2)),
            (date(2025, 7, 2), date(2025, 7, 2)),
        ]
        assert summary(found.episodes)["hours_together"] == [{"a": "P1", "b": "P2", "days": 1, "episodes": 1}]

    def test_names_of_earlier_releases(self) -> None:
        header = "miss_person_id,miss_missing_episode_start,miss_missing_episode_end"
        (found,) = episodes(header, "P1,2025-07-01,2025-07-02")
        assert (found.start, found.end) == (date(2025, 7, 1), date(2025, 7, 2))

    def test_a_kind_nobody_knows_is_left_out_and_said(self) -> None:
        found = read(self.HEADER, "7,P1,2025-07-01,Q,2025-07-02,,")
        assert found.episodes[0].kind is None
        assert found.notes[0] == "row 2, miss_missing_episode_type: is not known and is left out"


class TestFiles:
    @pytest.mark.parametrize(
        ("encoded", "noted"),
        [
            (lambda text: text.encode("utf-8-sig"), False),
            (lambda text: text.encode("utf-16"), False),
            (lambda text: text.encode("cp1252"), True),
            (lambda text: text.replace("\n", "\r\n").encode(), False),
            (lambda text: text.replace("\n", "\r").encode(), False),
            (lambda text: text.replace(",", ";").encode(), False),
            (lambda text: text.replace(",", "\t").encode(), False),
        ],
        ids=["BOM", "UTF-16", "Latin-1", "CRLF", "CR", "semicolons", "tabs"],
    )
    def test_as_excel_may_leave_it(self, encoded, noted: bool) -> None:  # type: ignore[no-untyped-def]
        found = read_missing(encoded(f"{SHORT},found_at\nA,2026-01-01T10:00,2026-01-01T11:00,Café Notreal\n\n"))
        assert found.faults == []
        assert [(e.young_person, e.found_at) for e in found.episodes] == [("A", "Café Notreal")]
        assert len(found.notes) == noted

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", f"The file is empty; the first row must be {EITHER}."),
            (b"\xef\xbb\xbf \r\n,,,\r\n", f"The file is empty; the first row must be {EITHER}."),
            (b"PK\x03\x04", "This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”."),
            (b"name,age\nA,3\n", f"row 1: must name the columns of one of these: {EITHER.replace(' or ', '; or ')}"),
            (b"young_person,start,end\n", "The file has a header and no rows; add one row for each episode."),
            (b'young_person,start,end\n"A,,\n', f"row 2: {QUOTES}"),
        ],
        ids=["empty", "only commas", "xlsx", "unknown headers", "no rows", "quotes"],
    )  # fmt: skip
    def test_what_is_no_such_file(self, data: bytes, words: str) -> None:
        assert read_missing(data).faults == [words]

    def test_headers(self) -> None:
        assert SSDA903.header == STATUTORY
        assert faults("young_person,start,finish,start,", "A,2026-01-01,,,") == [
            "row 1: column end is missing; add it",
            f"row 1: column finish is not known; remove it or use one of {', '.join(OWN)}",
            "row 1: column start is there twice; remove one",
        ]
        assert faults("young_person,,start,end", "A,,2026-01-01,") == [
            "row 1: column 2 has no name; remove it or name it"
        ]

    def test_rows_alike_are_read_once(self) -> None:
        row = "A,2026-01-01T10:00,2026-01-01T11:00"
        found = read(SHORT, row, row, row, "A,2026-01-01T10:00,2026-01-01T12:00")
        assert [e.id for e in found.episodes] == ["row 2", "row 5"]
        assert found.notes == [
            "Rows alike in every cell: 2 repeat another and are read once.",
            "Young people with overlapping episodes of their own: 1. No time is counted twice.",
        ]

    def test_ids_that_differ_by_capitals_are_kept_apart_and_asked_about(self) -> None:
        found = read(SHORT, "A,2026-01-01T10:00,", "a,2026-01-02T10:00,", "A,2026-01-03T10:00,", "a,2026-01-04T10:00,")
        assert summary(found.episodes)["young_people"] == 2
        assert [n for n in found.notes if "capitals" in n] == [
            "row 3: the id differs from that of row 2 by capitals alone and is kept apart; are they one?"
        ]

    def test_what_lies_after_today_is_noted(self) -> None:
        data = f"{SHORT}\nA,2026-01-01T10:00,2036-01-02T10:00\nB,2026-01-01T10:00,2026-01-02T10:00\n".encode()
        assert read_missing(data, date(2026, 2, 1)).notes == ["row 2: lies after today; correct it if it should not"]

    def test_more_young_people_than_can_be_shown(self) -> None:
        rows = [f"{n},2026-01-01,2026-01-01" for n in range(MOST_YOUNG_PEOPLE + 1)]
        assert faults(SHORT, *rows) == ["The file has more than 5,000 young people; split it by area or time."]

    def test_three_hundred_at_once(self) -> None:
        found = summary(episodes(SHORT, *(f"{n},2026-01-01T10:00,2026-01-01T11:00" for n in range(300))))
        assert (found["overlapping_pairs"], found["groups"]) == (44_850, [300])
