"""Connections as a file that reads back as it was, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chm.assessments import plain_text
from chm.exchange.connections import COLUMNS, guarded, read_connections, unguarded
from chm.exchange.connections_out import write_connections
from chm.linkage.ties import KINDS, ONGOING, Confidence, Influence, Party, Tie

WHOLE = Tie(
    id="EV-1",
    one=Party("young_person", "YP-0001"),
    other=Party("account", "+44 7700 900001"),
    relation="uses",
    role="witness",
    start=date(2026, 5, 17),
    end=ONGOING,
    agency="Example Police",
    confidence=Confidence.LIKELY,
    influence=Influence.HARMFUL,
    event="EV-1",
    note="=1+1; said, “by a\nfriend”",
)
BARE = Tie("REL-1", WHOLE.one, Party("place", "x"))


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_as_they_are_written() -> None:
    assert cells(write_connections([WHOLE, BARE])) == [
        list(COLUMNS),
        ["young_person", "YP-0001", "account", "'+44 7700 900001", "uses", "witness", "2026-05-17", "..",
         "Example Police", "likely", "harmful", "EV-1", "'=1+1; said, “by a\nfriend”"],
        ["young_person", "YP-0001", "place", "x", "", "", "", "", "", "unverified", "unclear", "", ""],
    ]  # fmt: skip
    assert write_connections([]).startswith(b"\xef\xbb\xbffrom_kind,from,to_kind,to,")


def test_masked_parties_are_called_otherwise_and_notes_are_left_out() -> None:
    named = {WHOLE.one: "YP-0001", WHOLE.other: "+44 7700 900001"}
    assert cells(write_connections([WHOLE, BARE], named)) == cells(write_connections([WHOLE]))
    masked = write_connections([WHOLE, BARE], {WHOLE.one: "masked-1", WHOLE.other: "+44 7700 900001"})
    assert [row[:4] + row[12:] for row in cells(masked)[1:]] == [
        ["young_person", "masked-1", "account", "'+44 7700 900001", ""]
    ]


TEXT = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]) | st.sampled_from("'=+-@\n\t,;\""), max_size=12).map(
    plain_text
)
PARTIES = st.builds(Party, st.sampled_from(KINDS), TEXT.filter(bool))
DAYS = st.sampled_from([(None, None), (date(2026, 1, 1), ONGOING), (date(2026, 1, 1), date(2026, 2, 1))])


@given(
    st.lists(st.tuples(PARTIES, PARTIES, DAYS, TEXT, TEXT, TEXT, st.sampled_from(Influence)), min_size=1, max_size=5)
)
def test_what_is_written_reads_back_as_it_was(
    rows: list[tuple[Party, Party, tuple[date, date], str, str, str, Influence]],
) -> None:
    ties = [
        Tie(f"row {n}", one, other, relation, event, *days, influence=influence, event=event, note=note)
        for n, (one, other, days, relation, event, note, influence) in enumerate(rows, 2)
        if one != other
    ]
    preview = read_connections(write_connections(ties))
    if ties:
        assert preview.faults == []
    # A row of several lines is one row of the file.
    assert [replace(t, id="") for t in preview.ties] == [replace(t, id="") for t in ties]
    assert not any(
        cell.lstrip().startswith(("=", "+", "-", "@")) for row in cells(write_connections(ties)) for cell in row
    )


@given(st.text("'=+-@\uff1d\uff0b\uff0d\uff20 \tab", max_size=6))
def test_a_guard_comes_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
