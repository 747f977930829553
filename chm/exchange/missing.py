"""Missing episodes from a CSV file: the SSDA903 return, the Standard Safeguarding Dataset, or times of our own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from chm.assessments import LINE_LENGTH, NOTE_LENGTH
from chm.episodes.overlap import overlap_themselves, spans
from chm.episodes.records import DAYS_CANNOT_SHOW, LONDON, Episode, Kind, Moment, ReturnInterview, local_day, timed
from chm.exchange.connections import unguarded
from chm.exchange.delimited import Refused, Row, read_table
from chm.exchange.missing_formats import ANSWERS, FORMATS, KINDS, SSD, SSDA903, Format, format_of
from chm.exchange.moments import in_utc

MOST_YOUNG_PEOPLE = 5_000
LONG = ("found_at", "with", "returned_how", "reported_by", "travelled")


@dataclass(frozen=True)
class Preview:
    """What a file holds: an episode a row, every fault, and what to know before taking it in.

    Rows are counted as a spreadsheet does, the header being row 1. No message repeats what a row says.
    """

    episodes: list[Episode]
    faults: list[str]
    notes: list[str] = field(default_factory=list)
    format: str = ""


def read_missing(data: bytes, today: date | None = None) -> Preview:
    """Reads a CSV file in one of `FORMATS`, told by its headers, which may stand in any order.

    Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252 (Latin-1); any line ends. Ids match as written. Times
    without an offset are London's; an empty end is an episode still open; rows alike in every cell are read once.
    Beginnings and ends after `today` are noted.
    """
    notes: list[str] = []
    try:
        header, records = read_table(
            data, {c for f in FORMATS for c in f.columns}, " or ".join(f.header for f in FORMATS), notes
        )
    except Refused as refused:
        return Preview([], [str(refused)])
    names = [re.sub(r"[\s_]+", "_", cell.strip().casefold()) for cell in header]
    names = [SSD.earlier.get(name, name) for name in names]
    format = format_of(names)
    if format is None:
        known = "; or ".join(f.header for f in FORMATS)
        return Preview([], [f"row 1: must name the columns of one of these: {known}"])
    faults = list(_column_faults(format, header, names, notes))
    if faults:
        return Preview([], faults, notes, format.name)
    episodes: list[Episode] = []
    for n, cells in _cells(format, header, names, records, faults, notes):
        row = _Row(n, format, cells)
        episode = row.episode()
        faults += [f"row {n}, {fault}" for fault in row.faults]
        notes += [f"row {n}, {note}" for note in row.notes]
        if not row.faults:
            episodes.append(episode)
    if not records:
        faults.append("The file has a header and no rows; add one row for each episode.")
    if len({e.young_person for e in episodes}) > MOST_YOUNG_PEOPLE:
        faults.append(f"The file has more than {MOST_YOUNG_PEOPLE:,} young people; split it by area or time.")
    if format is SSD:
        episodes = _days_where_no_times(episodes)
    return Preview(episodes, faults, [*notes, *_notes(episodes, today)], format.name)


def _column_faults(format: Format, header: Sequence[str], names: Sequence[str], notes: list[str]) -> Iterator[str]:
    shown = {c: c.upper() if format is SSDA903 else c for c in format.columns}
    for column in format.needed:
        if column not in names:
            yield f"row 1: column {shown[column]} is missing; add it"
    for n, name in enumerate(names, start=1):
        if name in shown and names.index(name) != n - 1:
            yield f"row 1: column {shown[name]} is there twice; remove one"
        elif name in shown:
            continue
        elif not format.strict:
            notes.append(f"Column {n} is not one of {format.name} and is not read.")
        elif not name:
            yield f"row 1: column {n} has no name; remove it or name it"
        else:
            what = f"column {header[n - 1][:60]}"
            yield f"row 1: {what} is not known; remove it or use one of {', '.join(format.columns)}"


def _cells(
    format: Format,
    header: Sequence[str],
    names: Sequence[str],
    records: Sequence[Row],
    faults: list[str],
    notes: list[str],
) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each row that is not a repeat, and its cells by column of the format."""
    seen: set[tuple[str, ...]] = set()
    born: dict[str, tuple[str, int]] = {}
    repeats = 0
    for n, record in records:
        if any(cell.strip() for cell in record[len(header) :]):
            faults.append(
                f"row {n}: {len(record)} cells under {len(header)} columns; put quotes round a cell with a comma"
            )
            continue
        every = [unguarded(cell) for cell in record[: len(header)]]
        every += [""] * (len(header) - len(every))
        if format is SSD:
            every = ["" if cell == "NULL" else cell for cell in every]
        if tuple(every) in seen:
            repeats += 1
            continue
        seen.add(tuple(every))
        cells = {name: cell for name, cell in zip(names, every, strict=True) if name in format.columns}
        if dob := cells.get("dob"):
            first = born.setdefault(cells["child"], (dob, n))
            if first[0] != dob:
                notes.append(f"row {n}, DOB: differs from row {first[1]} of the same CHILD; are they one?")
        yield n, cells
    if repeats:
        notes.append(f"Rows alike in every cell: {repeats:,} repeat another and are read once.")


class _Row:
    """One row as it is read; `faults` and `notes` name the column as the file does."""

    def __init__(self, number: int, format: Format, cells: dict[str, str]):
        self.number = number
        self.format = format
        self.column = {own: name.upper() if format is SSDA903 else name for name, own in format.columns.items()}
        self.said = {own: cells.get(name, "") for name, own in format.columns.items() if own}
        self.faults: list[str] = []
        self.notes: list[str] = []

    def episode(self) -> Episode:
        """The row's episode, fit for use only where there are no faults."""
        for own, cell in self.said.items():
            if len(cell) > (most := NOTE_LENGTH if own in LONG else LINE_LENGTH):
                self.fault(own, f"is longer than {most:,} characters; shorten it")
        if not self.said["young_person"]:
            self.fault("young_person", "is empty; fill it in")
        start, end = self.moment("start"), None
        if start is None and not self.said["start"]:
            self.fault("start", "is empty; give when the episode began")
        end = self.moment("end", start)
        if start and end and _before(end, start):
            self.fault("end", f"lies before {self.column['start']}; swap the two or correct one")
        return Episode(
            id=f"row {self.number}",
            young_person=self.said["young_person"],
            start=start or date.min,
            end=end,
            kind=self.kind(),
            found_at=self.said.get("found_at", ""),
            companions=self.said.get("with", ""),
            returned_how=self.said.get("returned_how", ""),
            reported_by=self.said.get("reported_by", ""),
            travelled=self.said.get("travelled", ""),
            interview=self.interview(end),
        )

    def fault(self, own: str, words: str) -> None:
        self.faults.append(f"{self.column[own]}: {words}")

    def moment(self, own: str, not_before: Moment | None = None) -> Moment | None:
        cell = self.said.get(own, "")
        if not cell:
            return None
        try:
            moment, note = in_utc(self.format.read(cell), not_before)
        except ValueError as wrong:
            self.fault(own, str(wrong))
            return None
        if note:
            self.notes.append(f"{self.column[own]}: {note}")
        return moment

    def kind(self) -> Kind | None:
        cell = self.said.get("kind", "").casefold()
        kind = KINDS.get(cell)
        if self.format is SSDA903 and cell not in ("m", "a"):
            self.fault("kind", "is not known; use M (missing) or A (away without authorisation)")
        elif cell and kind is None:
            self.notes.append(f"{self.column['kind']}: is not known and is left out")
        return kind

    def answer(self, own: str) -> bool | None:
        cell = self.said.get(own, "").casefold()
        if cell not in ANSWERS:
            self.fault(own, "must be yes or no, or empty where not known")
        return ANSWERS.get(cell)

    def interview(self, end: Moment | None) -> ReturnInterview:
        offered, accepted = self.answer("rhi_offered"), self.answer("rhi_accepted")
        cell = self.said.get("rhi_held", "").casefold()
        if cell in ANSWERS:
            return ReturnInterview(offered, accepted, ANSWERS[cell])
        held = self.moment("rhi_held", end)
        if held and end and _before(held, end):
            self.fault("rhi_held", "lies before the end of the episode; correct one")
        return ReturnInterview(offered, accepted, held is not None, held)


def _before(one: Moment, other: Moment) -> bool:
    """Whether `one` surely lies before `other`."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return local_day(one) < local_day(other)


def _days_where_no_times(episodes: list[Episode]) -> list[Episode]:
    """Databases write a day alone as its midnight: where no time differs from midnight, all are days."""

    def day(moment: Moment | None) -> Moment | None:
        return moment and local_day(moment)

    every = [m for e in episodes for m in (e.start, e.end) if isinstance(m, datetime)]
    if any(m.astimezone(LONDON).time() != time() for m in every):
        return episodes
    return [replace(e, start=local_day(e.start), end=day(e.end)) for e in episodes]


def _notes(episodes: Sequence[Episode], today: date | None) -> Iterator[str]:
    written: set[str] = set()
    first: dict[str, Episode] = {}
    for e in episodes:
        known = first.setdefault(e.young_person.casefold(), e)
        if known.young_person != e.young_person and e.young_person not in written:
            yield f"{e.id}: the id differs from that of {known.id} by capitals alone and is kept apart; are they one?"
        written.add(e.young_person)
    for e in episodes:
        if today and max(local_day(e.start), local_day(e.end or e.start)) > today:
            yield f"{e.id}: lies after today; correct it if it should not"
    with_time = Counter(timed(m) for e in episodes for m in (e.start, e.end) if m)
    if with_time[True] and with_time[False]:
        yield f"Days without a time: {with_time[False]:,}. Beside times, each is read as the whole of that day."
    elif with_time[False]:
        yield DAYS_CANNOT_SHOW
    if still := sum(e.open for e in episodes):
        yield f"Open episodes: {still:,}. They are measured to the last that the file knows of any."
    if own := overlap_themselves(spans(episodes)):
        yield f"Young people with overlapping episodes of their own: {own:,}. No time is counted twice."
