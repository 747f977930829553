"""police.uk street-level and stop-and-search CSV files to published events, every row accounted for."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from chm.assessments import LINE_LENGTH, plain_text
from chm.errors import Faults
from chm.exchange.police_files import PoliceFile
from chm.geography.areas import Areas
from chm.geography.coordinates import EAST, NORTH, SOUTH, WEST, shapes_to_national_grid, shapes_to_wgs84
from chm.places.public_events import PublicEvents, joined

STREET = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
    "Crime type", "Last outcome category", "Context",
)  # fmt: skip
SEARCH = (
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender",
    "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
    "Outcome linked to object of search", "Removal of more than just outer clothing",
)  # fmt: skip
OUTCOMES = ("Crime ID", "Month", "Outcome type")
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
DATE = re.compile(r"(20\d\d-(0[1-9]|1[0-2]))-(0[1-9]|[12]\d|3[01])([T ].*)?", re.ASCII)
SEARCH_FORCE = re.compile(r"\d{4}-\d{2}-(.+)-stop-and-search\.csv", re.IGNORECASE)
LATITUDES, LONGITUDES = (SOUTH, NORTH), (WEST, EAST)
NEAR_METRES = 1_000
MOST_RANGES, MOST_COLUMNS = 5, 100
# Whether of searches, force, month, and kind of crime.
Held = tuple[str, str, str, str]


@dataclass(frozen=True)
class FileRows:
    """How the rows of one file went: inside + near + elsewhere + without_point = rows.

    Attributes:
        near: outside the outlines by no more than a kilometre; kept, and listed. elsewhere: further off; counted only.
        without_point: the police give none; counted only.
    """

    file: str
    searches: bool
    rows: int
    inside: int
    near: int
    elsewhere: int
    without_point: int


@dataclass(frozen=True)
class NearPoint:
    """A point just outside the outlines: file, row as a spreadsheet counts it, and where it is."""

    file: str
    row: int
    latitude: float
    longitude: float


@dataclass(frozen=True, eq=False)
class PoliceImport:
    """What the files hold for the areas.

    Attributes:
        street: crimes and disorder; searches: stop and search, always apart, None where not asked for.
        files: a line for each file read. left_out: the others, each as file and why.
        near: every point of a row that is near; it is in `street` or `searches` too, with area -1.
    """

    street: PublicEvents
    searches: PublicEvents | None
    files: tuple[FileRows, ...]
    left_out: tuple[tuple[str, str], ...]
    near: tuple[NearPoint, ...]


@dataclass(frozen=True, eq=False)
class Part:
    """What some files hold, for `whole` to put together with others.

    Attributes:
        street, searches: events in the areas or near. files, left_out, near: as in `PoliceImport`. faults: what is
            wrong. months: what is held, as searches or not, force, month and kind, and by which files.
    """

    street: PublicEvents
    searches: PublicEvents
    files: tuple[FileRows, ...]
    left_out: tuple[tuple[str, str], ...]
    near: tuple[NearPoint, ...]
    faults: tuple[str, ...]
    months: tuple[tuple[Held, tuple[str, ...]], ...]


@dataclass
class _Reading:
    """What has been read so far."""

    areas: Areas
    around: Any
    stop_and_search: bool
    street: list[PublicEvents] = field(default_factory=list)
    searches: list[PublicEvents] = field(default_factory=list)
    files: list[FileRows] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    near: list[NearPoint] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    months: defaultdict[Held, list[str]] = field(default_factory=lambda: defaultdict(list))


def read(files: Iterable[PoliceFile], areas: Areas, *, stop_and_search: bool = False) -> PoliceImport:
    """The events in `files`, placed on `areas`; stop and search only where asked for.

    Of a search nothing is kept but its type, month and point.

    Raises:
        Faults: every fault of every file, each as `file: rows: what is wrong; fix`; then nothing is to be taken in.
    """
    return whole([read_part(files, areas, stop_and_search)], areas, stop_and_search)


def read_part(files: Iterable[PoliceFile], areas: Areas, stop_and_search: bool) -> Part:
    """What `files` hold, faults and all; one part of what `read` gives."""
    outline = shapes_to_national_grid(areas.outline)
    around = shapes_to_wgs84(shapely.buffer(outline, NEAR_METRES))
    shapely.prepare(around)
    reading = _Reading(areas, around, stop_and_search)
    for file in files:
        fault = file.fault or _read_one(file, reading)
        if fault:
            reading.faults.append(f"{file.name}: {fault}")
    return Part(
        joined(reading.street),
        joined(reading.searches),
        tuple(reading.files),
        tuple(reading.left_out),
        tuple(reading.near),
        tuple(reading.faults),
        tuple((held, tuple(names)) for held, names in reading.months.items()),
    )


def whole(parts: Sequence[Part], areas: Areas, stop_and_search: bool) -> PoliceImport:
    """The parts as one, their events placed on `areas`. Raises Faults as `read` does."""
    faults = [fault for part in parts for fault in part.faults]
    months: defaultdict[Held, list[str]] = defaultdict(list)
    for held, names in (each for part in parts for each in part.months):
        months[held] += names
    faults += _twice(months)
    files = tuple(each for part in parts for each in part.files)
    left_out = tuple(each for part in parts for each in part.left_out)
    if not files and not left_out and not faults:
        faults.append("There is no CSV file in this; take the folder or zip that police.uk gives.")
    if faults:
        raise Faults(faults)
    return PoliceImport(
        joined([part.street for part in parts]).placed(areas),
        joined([part.searches for part in parts]).placed(areas) if stop_and_search else None,
        files,
        left_out,
        tuple(each for part in parts for each in part.near),
    )


def _read_one(file: PoliceFile, reading: _Reading) -> str | None:
    """Take one file in; what is wrong with the whole of it, if anything is."""
    table = _table(file.data)
    if isinstance(table, str):
        return table
    columns = set(table.columns)
    if {"Easting", "Northing"} & columns:
        return "row 1: the headers police.uk used in its first years (Easting, Northing); download these months again"
    if "Outcome type" in columns and columns.issuperset(OUTCOMES):
        reading.left_out.append((file.name, "outcomes of crimes are not used"))
        return None
    searches = len(columns.intersection(SEARCH)) > len(columns.intersection(STREET))
    if missing := [name for name in (SEARCH if searches else STREET) if name not in columns]:
        return f"row 1: not the headers of police.uk, missing: {', '.join(missing)}; download the file again"
    if searches and not reading.stop_and_search:
        reading.left_out.append((file.name, "stop and search is off; switch it on to take it in"))
        return None
    if table.empty:
        reading.files.append(FileRows(file.name, searches, 0, 0, 0, 0, 0))
        return None
    _rows_of(file, table, searches, reading)
    return None


def _table(data: bytes) -> pd.DataFrame | str:
    """The rows of a CSV as text, or what is wrong with it."""
    if data.startswith(b"PK"):
        return "a spreadsheet or zip, not CSV; take the CSV that police.uk gives"
    try:
        text, encoding = data.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text, encoding = data.decode("cp1252", errors="replace"), "cp1252"
    if not text.strip():
        return "empty; download it again"
    if text.lstrip().partition("\n")[0].count(",") > MOST_COLUMNS:
        return f"row 1: more than {MOST_COLUMNS} columns; download the file again"
    del text
    try:
        table = pd.read_csv(
            io.BytesIO(data), dtype=str, keep_default_na=False, encoding=encoding, encoding_errors="replace"
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        if "out of memory" in str(error):
            raise MemoryError from None
        line = re.search(r"line (\d+)", str(error))
        return f"{f'row {line[1]}' if line else 'the file'}: not CSV as police.uk gives it; download it again"
    if not isinstance(table.index, pd.RangeIndex):
        return "its rows have more cells than row 1 has headers; download it again"
    table.columns = table.columns.str.strip()
    return table.fillna("")


def _rows_of(file: PoliceFile, table: pd.DataFrame, searches: bool, reading: _Reading) -> None:
    latitude, longitude, without, faults = _points(table)
    month, said = _months(table["Date" if searches else "Month"], DATE if searches else MONTH)
    faults += said
    kind_name = "Type" if searches else "Crime type"
    kind, names = pd.factorize(_plain(table[kind_name]))
    kinds = tuple(names.tolist())
    if blank := [n for n, name in enumerate(kinds) if not name]:
        faults.append(f"{_told(np.isin(kind, blank))}: {kind_name} is blank; download the file again")
    if faults:
        reading.faults += [f"{file.name}: {fault}" for fault in faults]
        return
    force, named = _forces(file, table, searches)
    area = reading.areas.holding(longitude, latitude)
    outside = (area < 0) & ~without
    near = outside.copy()
    near[outside] = shapely.intersects_xy(reading.around, longitude[outside], latitude[outside])
    kept = (area >= 0) | near
    events = PublicEvents(kinds, kind, named, force, month, longitude, latitude, area)
    (reading.searches if searches else reading.street).append(events.only(kept))
    reading.files.append(
        FileRows(
            file.name, searches, len(table), int((area >= 0).sum()), int(near.sum()),
            int((outside & ~near).sum()), int(without.sum()),
        )
    )  # fmt: skip
    at = np.flatnonzero(near)
    reading.near += [NearPoint(file.name, n + 2, float(latitude[n]), float(longitude[n])) for n in at.tolist()]
    _note_months(file, force, named, month, kind, kinds, searches, reading)


def _forces(file: PoliceFile, table: pd.DataFrame, searches: bool) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """The force of each row; of searches only the file's name says it."""
    if searches:
        found = SEARCH_FORCE.search(file.name)
        return np.zeros(len(table), np.intp), (found[1].casefold() if found else "",)
    force, names = pd.factorize(_plain(table["Reported by"]))
    return force, tuple(names.tolist())


def _plain(column: pd.Series) -> pd.Series:
    """Texts without control characters, on one line; the same few come again and again."""
    code, texts = pd.factorize(column)
    return pd.Series([" ".join(plain_text(text).split())[:LINE_LENGTH] for text in texts], dtype=object).take(code)


def _points(
    table: pd.DataFrame,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], list[str]]:
    """Latitudes and longitudes, nan where there is no point; which rows have none; faults."""
    text = [table[name].str.strip() for name in ("Latitude", "Longitude")]
    blank = [(t == "").to_numpy() for t in text]
    latitude, longitude = (pd.to_numeric(t, errors="coerce").to_numpy(dtype=np.float64) for t in text)
    without: NDArray[np.bool_] = blank[0] & blank[1]
    half = blank[0] ^ blank[1]
    known = np.isfinite(latitude) & np.isfinite(longitude)
    unread = ~known & ~without & ~half
    right = _between(latitude, LATITUDES) & _between(longitude, LONGITUDES)
    swapped = known & _between(longitude, LATITUDES) & _between(latitude, LONGITUDES)
    away = known & ~right & ~swapped
    faults = [
        f"{_told(rows)}: {what}"
        for rows, what in (
            (half, "only one of Latitude and Longitude; download the file again"),
            (unread, "Latitude or Longitude is not a number; download the file again"),
            (swapped, "Latitude and Longitude are swapped; put each under its own header"),
            (away, "the point is not in the United Kingdom; download the file again"),
        )
        if rows.any()
    ]
    return latitude, longitude, without, faults


def _between(values: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= limits[0]) & (values <= limits[1])


def _months(column: pd.Series, form: re.Pattern[str]) -> tuple[NDArray[np.datetime64], list[str]]:
    """datetime64[M] of each row; faults."""
    code, texts = pd.factorize(column.str.strip())
    matched = [form.fullmatch(text) for text in texts]
    months = np.array([m[0][:7] if m else "NaT" for m in matched], dtype="datetime64[M]")[code]
    if not np.isnat(months).any():
        return months, []
    example = "2024-06" if form is MONTH else "2024-06-01T13:45:00+00:00"
    return months, [
        f"{_told(np.isnat(months))}: {column.name} must read as in {example}; a spreadsheet may have changed it, so "
        f"download the file again"
    ]


def _note_months(
    file: PoliceFile,
    force: NDArray[np.intp],
    forces: Sequence[str],
    month: NDArray[np.datetime64],
    kind: NDArray[np.intp],
    kinds: Sequence[str],
    searches: bool,
    reading: _Reading,
) -> None:
    """What the file holds, so that another that holds the same is told; files of other kinds of crime are no double."""
    rows = np.unique(np.column_stack((force, month.astype(np.int64), kind)), axis=0).tolist()
    for key in {
        (str(searches), forces[f], str(np.datetime64(m, "M")), "" if searches else kinds[k]) for f, m, k in rows
    }:
        reading.months[key].append(file.name)


def _twice(months: Mapping[Held, list[str]]) -> list[str]:
    """What stands in two files would be counted twice."""
    pairs: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for key, files in months.items():
        for earlier, later in pairwise(files):
            pairs[earlier, later].add(key[2])
    return [
        f"{later}: holds {_few(sorted(held))} of the same force as {earlier}; leave one of the two out"
        for (earlier, later), held in sorted(pairs.items())
    ]


def _few(words: list[str]) -> str:
    shown = words[:3]
    return ", ".join(shown) + (f" and {len(words) - 3} more months" if len(words) > 3 else "")


def _told(rows: NDArray[np.bool_]) -> str:
    """The rows as a spreadsheet counts them, the header being row 1: `rows 2 to 5, 9`."""
    at = np.flatnonzero(rows) + 2
    runs = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
    shown = [str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs[:MOST_RANGES]]
    more = sum(len(r) for r in runs[MOST_RANGES:])
    word = "row" if len(at) == 1 else "rows"
    return f"{word} {', '.join(shown)}" + (f" and {more:,} more" if more else "")
