"""Small invented files, read once before a hostile one so that all that is loaded late is loaded by then."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from chm.geography.areas import Areas

ENCODINGS = ("utf-8", "utf-16", "cp1252")
CORNER = (-0.20, 51.40)


def young_people() -> Sequence[bytes]:
    """Right and wrong rows."""
    head = "name,born,age,home_borough,looked_after\n"
    return [
        f"{head}Heron Madeup,2012-05-17,,Merton,no\nWren Madeup,,14,Sutton,yes\n".encode(),
        f"{head}Heron Madeup,17/05/2012,,Merton,perhaps\n".encode(),
        b"name;age\n\xff\n",
    ]


def connections() -> Sequence[bytes]:
    """Each encoding, and a wrong row."""
    text = (
        "from_kind,from,to_kind,to,relation,role,start,end,agency,confidence,influence,event,note\n"
        "young_person,YP-0001,place,Café Madeup,sighting,,2026-05-17,..,Police,likely,unclear,E1,seen\n"
        "young_person,YP-0001,young_person,YP-0001,,,2026-31-31,,,sure,,,\n"
    )
    return [text.encode(encoding) for encoding in ENCODINGS] + [text.encode("cp1252") + b"\x81"]


def missing() -> Sequence[bytes]:
    """Each of the three formats, each encoding."""
    timed = (
        "young_person,start,end,found_at\nYP-0001,2026-10-25T01:30,2026-10-25T03:30+00:00,Café\n"
        "YP-0001,2026-03-29 01:30,,\nYP-0001,2026-13-01,,\n"
    )
    return [timed.encode(encoding) for encoding in ENCODINGS] + [
        b"CHILD,DOB,MISSING,MIS_START,MIS_END\nYP-0001,04/03/2012,M,01/10/2026,02/10/2026\n",
        b"miss_person_id,miss_missing_episode_start_date,miss_missing_episode_end_date\n7,01/10/2026 10:00:00,NULL\n",
    ]


def annex_a() -> Sequence[bytes]:
    """A workbook with two lists."""
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "List 3"
    sheet.append(["Child Unique ID", "Date of Birth", "Age", "Date of Referral"])
    sheet.append([7, datetime(2012, 5, 17), 14.5, "01/03/2026"])
    other = book.create_sheet("List 8")
    other.append(["Child Unique ID", "Number of Episodes the Child has been Missing"])
    other.append(["8", "three"])
    file = io.BytesIO()
    book.save(file)
    return [file.getvalue(), file.getvalue()[:-40], b"PK"]


def police() -> Sequence[bytes]:
    """Street level with points inside and near, a search, damage, and both in a zip."""
    street = (
        b"Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
        b"Last outcome category,Context\n"
        b",2024-06,Example Police,Example Police,-0.195,51.405,On or near,,,Drugs,,\n"
        b",2024-06,Example Police,Example Police,-0.205,51.405,On or near,,,Drugs,,\n"
    )
    search = (
        b"Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
        b"Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
        b"Outcome linked to object of search,Removal of more than just outer clothing\n"
        b"Person search,2024-06-01T13:45:00+00:00,,,51.405,-0.195,,,,,,,,,\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2024-06/2024-06-example-street.csv", street)
        archive.writestr("2024-06/2024-06-example-stop-and-search.csv", search)
    return [street, street + b"\xff,\n", search, packed.getvalue(), packed.getvalue()[:-30]]


def square() -> Areas:
    """One square of a hundredth of a degree."""
    import numpy as np
    import shapely

    from chm.geography.areas import AreaKind, Areas

    west, south = CORNER
    shape = shapely.box(west, south, west + 0.01, south + 0.01)
    return Areas(AreaKind.SECTOR, ("ZZ1 1",), ("ZZ1 1",), np.array([shape], dtype=object), "Invented")


def geojson() -> Sequence[bytes]:
    """One ward, and one whose outline crosses itself."""
    west, south = CORNER
    rings = (
        ((0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)),
        ((0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01), (0, 0)),
    )
    return [
        orjson.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"WD24CD": "E05009999", "WD24NM": "Madeup"},
                        "geometry": {"type": "Polygon", "coordinates": [[(west + x, south + y) for x, y in ring]]},
                    }
                ],
            }
        )
        for ring in rings
    ]
