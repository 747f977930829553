"""Connections from CSV: exact ties, exact faults."""

from __future__ import annotations

from datetime import date

import pytest

from chm.exchange.connections import COLUMNS, MOST_ON_EVENT, MOST_YOUNG_PEOPLE, read_connections
from chm.exchange.delimited import MOST_BYTES, MOST_ROWS
from chm.linkage.ties import ONGOING, Confidence, Influence, Party, Tie

HEADER = ",".join(COLUMNS)
KINDS = "young_person, person, place, vehicle, account, group"
A, B, PARK = Party("young_person", "A"), Party("young_person", "B"), Party("place", "Park")


def faults(*lines: str, header: str = HEADER) -> list[str]:
    return read_connections("\n".join([header, *lines]).encode()).faults


def ties(*lines: str, header: str = HEADER) -> list[Tie]:
    found = read_connections("\n".join([header, *lines]).encode())
    assert found.faults == []
    return found.ties


def test_a_full_row_and_a_bare_one() -> None:
    full = "Young Person,A,place, Park ,seen at,witness,2026-01-02,2026-01-03,Police,Likely,HARMFUL,E1,by the gate"
    assert ties(full, "young_person,A,young_person,B") == [
        Tie("row 2", A, PARK, "seen at", "witness", date(2026, 1, 2), date(2026, 1, 3), "Police", Confidence.LIKELY,
            Influence.HARMFUL, "E1", "by the gate"),
        Tie("row 3", A, B),
    ]  # fmt: skip


def test_four_columns_in_any_order_are_enough() -> None:
    assert ties("Park,A,young_person,place", header="TO,from,From Kind,to_kind,,") == [Tie("row 2", A, PARK)]


@pytest.mark.parametrize(
    ("days", "start", "end"),
    [
        (",", None, None),
        ("2026-01-02,", date(2026, 1, 2), date(2026, 1, 2)),
        ("2026-01-02,..", date(2026, 1, 2), ONGOING),
        (",2026-01-02", date(2026, 1, 2), date(2026, 1, 2)),
        ("2024-02-29,2026-01-02", date(2024, 2, 29), date(2026, 1, 2)),
    ],
)
def test_days(days: str, start: date | None, end: date | None) -> None:
    (tie,) = ties(f"young_person,A,place,Park,,,{days}")
    assert (tie.start, tie.end) == (start, end)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (",A,place,Park", [f"row 2, from_kind: is empty; use one of {KINDS}"]),
        ("young_person,A,alien,Park", [f"row 2, to_kind: is not a kind; use one of {KINDS}"]),
        ("young_person,,place,", ["row 2, from: is empty; fill it in", "row 2, to: is empty; fill it in"]),
        ("young_person,A", [f"row 2, to_kind: is empty; use one of {KINDS}", "row 2, to: is empty; fill it in"]),
        ("place,Park,place,Park", ["row 2, to: is the same as from; name two different parties, or remove the row"]),
        ("young_person,A,place,Park,,,02/01/2026", ["row 2, start: is not a date; write it as 2026-05-17"]),
        ("young_person,A,place,Park,,,20260102", ["row 2, start: is not a date; write it as 2026-05-17"]),
        ("young_person,A,place,Park,,,..", ["row 2, start: is not a date; write it as 2026-05-17"]),
        (
            "young_person,A,place,Park,,,2026-01-02,now",
            ["row 2, end: is not a date; write it as 2026-05-17, or .. where it goes on"],
        ),
        ("young_person,A,place,Park,,,2026-02-30", ["row 2, start: is not a day of the calendar; correct it"]),
        (
            "young_person,A,place,Park,,,2026-01-02,2026-01-01",
            ["row 2, end: lies before start; swap the two or correct one"],
        ),
        (
            "young_person,A,place,Park,,,,..",
            ["row 2, start: is empty though the end is ..; give the first day it is known"],
        ),
        (
            "young_person,A,place,Park,,,,,,sure,bad",
            [
                "row 2, confidence: is not known; use one of unverified, possible, likely, confirmed, "
                "or leave it empty",
                "row 2, influence: is not known; use one of harmful, protective, unclear, or leave it empty",
            ],
        ),
        (
            "young_person,A,place,Park,,,,,,,,,note,extra",
            ["row 2: 14 cells under 13 columns; put quotes round a cell with a comma"],
        ),
        (f"young_person,{'A' * 201},place,Park", ["row 2, from: is longer than 200 characters; shorten it"]),
    ],
)
def test_each_fault_says_row_column_what_and_fix(line: str, found: list[str]) -> None:
    assert faults(line) == found


def test_all_faults_come_at_once_and_rows_are_counted_as_a_spreadsheet_counts() -> None:
    found = faults('young_person,"two\nlines",place,Park', "", ",A,place,Park", "young_person,A,place,")
    assert [fault.partition(":")[0] for fault in found] == ["row 4, from_kind", "row 5, to"]


def test_no_message_repeats_what_a_row_says() -> None:
    found = read_connections(f"{HEADER}\nsecret,secret,person,Secret,,,secret,secret,,secret,secret\n".encode())
    assert len(found.faults) == 5
    assert not any("ecret" in message for message in found.faults + found.notes)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", f"The file is empty; the first row must be {HEADER}."),
        (b"\xef\xbb\xbf\r\n", f"The file is empty; the first row must be {HEADER}."),
        (b"PK\x03\x04", "This is a spreadsheet, not CSV; save it as “CSV UTF-8 (comma delimited)”."),
        (HEADER.encode(), "The file has a header and no rows; add one row for each connection."),
        (b"young_person,A,place,Park\n", f"row 1: must name the columns: {', '.join(COLUMNS)}"),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 20 MB; split it."),
        (
            HEADER.encode() + b'\nyoung_person,"A,place,Park\n',
            "row 2: a quotation mark is not closed or stands alone; inside quotes write it twice",
        ),
        (
            HEADER.encode() + b"\nyoung_person,A,place,Park" * (MOST_ROWS + 1),
            f"The file has more than {MOST_ROWS:,} rows; split it.",
        ),
    ],
)
def test_a_file_refused_as_a_whole_says_why_and_what_to_do(data: bytes, fault: str) -> None:
    assert read_connections(data).faults == [fault]


def test_columns_missing_unknown_twice_and_unnamed_are_all_named() -> None:
    assert faults("x", header="from,from_kind,,colour,from,to") == [
        "row 1: column to_kind is missing; add it",
        "row 1: column 3 has no name; remove it or name it",
        f"row 1: column colour is not known; remove it or use one of {', '.join(COLUMNS)}",
        "row 1: column from is there twice; remove one",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_separators_line_ends_and_encodings(separator: str, ends: str, encoding: str) -> None:
    lines = ["from_kind,from,to_kind,to", 'young_person,"Zoë, <b>",place,Café'.replace(",", "\0", 1)]
    text = ends.join(lines).replace(", <b>", "\1").replace(",", separator).replace("\1", ", <b>")
    found = read_connections(text.replace("\0", separator).encode(encoding))
    assert found.faults == []
    assert found.ties == [Tie("row 2", Party("young_person", "Zoë, <b>"), Party("place", "Café"))]
    assert bool(found.notes) == (encoding in ("cp1252", "latin-1"))


def test_ids_that_differ_by_capitals_are_kept_apart_and_said() -> None:
    lines = ["young_person,A,place,Park", "young_person,a,place,PARK", "young_person,a,person,Park"]
    found = read_connections("\n".join([HEADER, *lines]).encode())
    assert found.notes == [
        "row 3, from: differs from row 2 by capitals alone and is kept apart; are they one?",
        "row 3, to: differs from row 2 by capitals alone and is kept apart; are they one?",
    ]
    assert len({p for t in found.ties for p in t.parties}) == 5


def test_repeated_and_reversed_rows_are_all_kept_as_evidence() -> None:
    lines = ["young_person,A,place,Park", "place,Park,young_person,A", "young_person,A,place,Park,,,2026-01-02"]
    found = read_connections("\n".join([HEADER, *lines]).encode())
    assert [t.id for t in found.ties] == ["row 2", "row 3", "row 4"]
    assert found.notes == [
        "Rows that repeat or reverse a pair: 2. A pair is linked once; each row is kept as its evidence."
    ]


def test_what_would_be_too_much_to_link_is_refused_where_it_starts() -> None:
    crowd = [f"young_person,Y{n},place,Park,,,,,,,,," for n in range(MOST_YOUNG_PEOPLE + 1)]
    assert faults(*crowd) == ["row 5002, from: more than 5,000 young people so far; split the file by area or time"]
    event = [f"young_person,Y{n},place,Park,,,,,,,,party," for n in range(MOST_ON_EVENT + 5)]
    assert faults(*event) == ["row 1001, event: more than 1,000 on one event so far; split it into several events"]
    assert faults(*event[: MOST_ON_EVENT - 1]) == []
