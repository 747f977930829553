"""What may be known of a place itself: public ones by point, dwellings by postcode sector, homes not at all."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from chm.connections import Place, PlaceKind
from chm.linkage.from_records import HOMES
from chm.places.risk import PlaceRisk, SafePlace
from chm.places.rules import Dwellings

SECTOR = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d)(?:[A-Z]{2})?\b")


class Exposure(StrEnum):
    """How much of a place may be shown to those who know nobody there."""

    PUBLIC = "public"
    ONLINE = "online"
    DWELLING = "dwelling"
    HOME = "home"


@dataclass(frozen=True, kw_only=True)
class ShownPlace:
    """A place as a reader may know it. `sector` is that of its postcode, empty where that is not known.

    A point and an address are there for public places only, unless the reader may see everything.
    """

    id: str
    name: str
    kind: PlaceKind
    exposure: Exposure
    sector: str
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    version: int = 1


@dataclass(frozen=True)
class PlaceRow:
    """A place in the ranking.

    `why` says what earned the rank. `level` is that of its latest assessment, None where there is none; `actions` is
    how many are still to be done.
    """

    place: ShownPlace
    risk: PlaceRisk
    why: str
    level: str | None
    actions: int


@dataclass(frozen=True)
class SafeRow:
    """A place that keeps young people safe."""

    place: ShownPlace
    safe: SafePlace


def sector(postcode: str) -> str:
    """The sector of a postcode, whole or cut short: "CR4 3" of "cr4 3ab"; empty where there is none in it."""
    found = SECTOR.search(postcode.upper())
    return f"{found[1]} {found[2]}" if found else ""


def exposure(place: Place, lived_in: bool | None, sort: str | None, rule: Dwellings) -> Exposure:
    """How much of `place` may be shown.

    Args:
        lived_in: whether a young person, or somebody who may be a child, lives there; False where only grown-ups are
            known to, None where nobody is.
        sort: what sort of place its last assessment found.
    """
    if place.place_kind in HOMES or lived_in:
        return Exposure.HOME
    if place.place_kind == PlaceKind.ONLINE:
        return Exposure.ONLINE
    said = f"{place.name} {place.description} {place.address}".casefold()
    dwelling = lived_in is False or sort in rule.answers or _holds(said, rule.words)
    return Exposure.DWELLING if dwelling else Exposure.PUBLIC


def shown(place: Place, exposure: Exposure, *, all: bool = False, nameless: bool = False) -> ShownPlace:
    """`place` for those who know nobody there, as it is where `all`.

    Args:
        nameless: its name would tell who goes there, so that it is not given.
    """
    public = exposure in (Exposure.PUBLIC, Exposure.ONLINE)
    point = all or exposure == Exposure.PUBLIC
    where = sector(place.postcode) or sector(place.address)
    generic = f"{'A place' if public else 'A dwelling'}{f' in {where}' if where else ''}"
    # A description is free text: it stands for a name only where everything may be seen.
    name = place.label if all else place.name if public and not nameless else ""
    return ShownPlace(
        id=place.id,
        name=name or generic,
        kind=place.place_kind,
        exposure=exposure,
        sector=where,
        address=place.address if all or (point and not nameless) else "",
        postcode=place.postcode if point else "",
        latitude=place.latitude if point else None,
        longitude=place.longitude if point else None,
        version=place.version,
    )


def _holds(text: str, words: Collection[str]) -> bool:
    return bool(words) and re.search(rf"\b(?:{'|'.join(map(re.escape, words))})\b", text) is not None
