"""The readers that run apart. Each is loaded when first asked for: a program that reads one file needs only one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from chm.exchange.apart import samples
from chm.exchange.apart.reader import Plain, Reader

if TYPE_CHECKING:
    from chm.exchange.annex_a import AnnexA
    from chm.exchange.connections import Preview as Connections
    from chm.exchange.geojson import SuppliedAreas
    from chm.exchange.missing import Preview as Missing
    from chm.exchange.police_uk import Part
    from chm.exchange.young_people import Preview as YoungPeople
    from chm.geography.areas import Areas

TODAY = date(2026, 11, 23)


@cache
def young_people() -> Reader[YoungPeople]:
    """Young people from a CSV file; is given the day it is."""
    from chm.exchange.young_people import Preview, read_young_people

    return Reader(read_young_people, Plain(Preview), lambda: ((data, TODAY) for data in samples.young_people()))


@cache
def connections() -> Reader[Connections]:
    """Connections from a CSV file."""
    from chm.exchange.connections import Preview, read_connections

    return Reader(read_connections, Plain(Preview), lambda: ((data,) for data in samples.connections()))


@cache
def missing() -> Reader[Missing]:
    """Missing episodes from a CSV file; is given the day it is."""
    from chm.exchange.missing import Preview, read_missing

    return Reader(read_missing, Plain(Preview), lambda: ((data, TODAY) for data in samples.missing()))


@cache
def annex_a() -> Reader[AnnexA]:
    """Young people from an Annex A workbook; is given the day it is."""
    from chm.exchange.annex_a import AnnexA, read_annex_a

    return Reader(read_annex_a, Plain(AnnexA), lambda: ((data, TODAY) for data in samples.annex_a()))


@cache
def police() -> Reader[Part]:
    """Published events from one upload; is given its name, the areas, and whether stop and search is wanted."""
    from chm.exchange.apart.police_form import PoliceForm
    from chm.exchange.police_files import from_upload
    from chm.exchange.police_uk import read_part

    def read(data: bytes, name: str, areas: Areas, stop_and_search: bool) -> Part:
        return read_part(from_upload(name, data), areas, stop_and_search)

    return Reader(read, PoliceForm(), lambda: ((data, "a", samples.square(), True) for data in samples.police()))


@cache
def areas() -> Reader[SuppliedAreas]:
    """Outlines of wards or LSOAs; is given the borough and its rules."""
    from chm.exchange.apart.areas_form import AreasForm
    from chm.exchange.geojson import read_areas
    from chm.geography.areas import Borough
    from chm.geography.rules import load

    def read_first() -> Iterable[tuple[Any, ...]]:
        square = samples.square()
        borough = Borough("E09999999", "Madeup", square.shapes[0], square)
        return [(data, borough, load()) for data in samples.geojson()]

    return Reader(read_areas, AreasForm(), read_first)


# Those that people upload to the server; outlines are read by a command.
UPLOADS: tuple[Callable[[], Reader[Any]], ...] = (young_people, connections, missing, annex_a, police)
