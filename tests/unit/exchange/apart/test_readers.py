"""Each reader apart gives what it gives in this process, in every form its files have."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import shapely

from chm.errors import Faults
from chm.exchange import geojson, uploads
from chm.exchange.annex_a import read_annex_a
from chm.exchange.apart import readers, run, samples
from chm.exchange.apart.areas_form import AreasForm
from chm.exchange.apart.police_form import PoliceForm
from chm.exchange.apart.reader import Reader
from chm.exchange.connections import read_connections
from chm.exchange.missing import read_missing
from chm.exchange.police_files import from_upload
from chm.exchange.police_uk import PoliceImport, read
from chm.exchange.young_people import read_young_people
from chm.geography import rules
from chm.geography.areas import Borough
from chm.places.public_events import PublicEvents

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("data", samples.young_people())
def test_young_people(data: bytes) -> None:
    assert uploads.read_young_people(data, TODAY) == read_young_people(data, TODAY)


@pytest.mark.parametrize("data", samples.connections())
def test_connections(data: bytes) -> None:
    assert uploads.read_connections(data) == read_connections(data)


@pytest.mark.parametrize("data", samples.missing())
def test_missing(data: bytes) -> None:
    found = uploads.read_missing(data, TODAY)
    assert found == read_missing(data, TODAY)


def test_a_day_and_a_midnight_stay_apart() -> None:
    file = b"young_person,start,end\nA,2026-01-02,2026-01-03T00:00Z\n"
    (episode,) = uploads.read_missing(file, TODAY).episodes
    assert (type(episode.start), episode.start) == (date, date(2026, 1, 2))
    assert (type(episode.end), episode.end) == (datetime, datetime(2026, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize("data", samples.annex_a())
def test_annex_a(data: bytes) -> None:
    assert uploads.read_annex_a(data, TODAY) == read_annex_a(data, TODAY)


@pytest.mark.parametrize("stop_and_search", [False, True])
@pytest.mark.parametrize("data", samples.police())
def test_police(data: bytes, stop_and_search: bool) -> None:
    square = samples.square()
    try:
        here: Any = read(from_upload("a", data), square, stop_and_search=stop_and_search)
    except Faults as faults:
        here = faults.faults
    try:
        apart: Any = uploads.read_police([("a", data)], square, stop_and_search)
    except Faults as faults:
        apart = faults.faults
    assert plain(apart) == plain(here)


def test_several_uploads_are_one_import_and_a_month_twice_is_told() -> None:
    street, _, search, packed, _ = samples.police()
    found = uploads.read_police([("a.csv", street), ("b.csv", search)], samples.square(), True)
    assert [(f.file, f.rows, f.inside, f.near) for f in found.files] == [("a.csv", 2, 1, 1), ("b.csv", 1, 1, 0)]
    assert (len(found.street), found.street.area.tolist()) == (2, [0, -1])
    with pytest.raises(Faults) as twice:
        uploads.read_police([("a.csv", street), ("b.zip", packed)], samples.square(), False)
    assert twice.value.faults == [
        "2024-06/2024-06-example-street.csv: holds 2024-06 of the same force as a.csv; leave one of the two out"
    ]


def plain(found: Any) -> Any:
    """Arrays as lists, so that both sides compare."""
    if isinstance(found, PublicEvents | PoliceImport):
        return {f.name: plain(getattr(found, f.name)) for f in dataclasses.fields(found)}
    return found.tolist() if isinstance(found, np.ndarray) else found


@pytest.mark.parametrize("data", samples.geojson())
def test_areas(data: bytes) -> None:
    square = samples.square()
    borough = Borough("E09999999", "Madeup", square.shapes[0], square)
    here = geojson.read_areas(data, borough, rules.load())
    apart = run.read_once(readers.areas, data, borough, rules.load())
    assert shapely.equals_exact(apart.areas.shapes, here.areas.shapes).all()
    assert (apart.notes, apart.areas.codes, apart.areas.names, apart.areas.kind, apart.areas.attribution) == (
        here.notes, here.areas.codes, here.areas.names, here.areas.kind, here.areas.attribution,
    )  # fmt: skip


@pytest.mark.parametrize("make", readers.UPLOADS, ids=lambda make: make.__name__)
def test_what_stops_a_reader_is_a_fault_of_the_file(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TO_WAIT", 0.01)
    monkeypatch.setattr(run, "_TURNS", run.BoundedSemaphore(1))
    run._TURNS.acquire()
    calls: dict[str, Any] = {
        "young_people": lambda: uploads.read_young_people(b"", TODAY).faults,
        "connections": lambda: uploads.read_connections(b"").faults,
        "missing": lambda: uploads.read_missing(b"", TODAY).faults,
        "annex_a": lambda: uploads.read_annex_a(b"", TODAY).faults,
        "police": lambda: faults_of_police(),
    }
    prefix = "a.csv: " if make is readers.police else ""
    assert calls[make.__name__]() == [f"{prefix}{run.BUSY}"]


def faults_of_police() -> list[str]:
    with pytest.raises(Faults) as found:
        uploads.read_police([("a.csv", b"")], samples.square(), False)
    return found.value.faults


WRONG_PARTS = [
    b'{"kinds":["a"],"kind":[1],"forces":["f"],"force":[0],"month":[600],"longitude":[0],"latitude":[51]}',
    b'{"kinds":["a"],"kind":[-1],"forces":["f"],"force":[0],"month":[600],"longitude":[0],"latitude":[51]}',
    b'{"kinds":["a"],"kind":[0],"forces":["f"],"force":[0],"month":[600],"longitude":[0],"latitude":[51,52]}',
    b'{"kinds":["a"],"kind":[0],"forces":["f"],"force":[0],"month":[600],"longitude":["NaN"],"latitude":[51]}',
    b'{"kinds":["a"],"kind":[0],"forces":[],"force":[0],"month":[600],"longitude":[0],"latitude":[51]}',
]


@pytest.mark.parametrize("events", WRONG_PARTS)
def test_events_that_lead_nowhere_are_no_answer(events: bytes) -> None:
    none = b'{"kinds":[],"kind":[],"forces":[],"force":[],"month":[],"longitude":[],"latitude":[]}'
    part = b'{"street":%s,"searches":%s,"files":[],"left_out":[],"near":[],"faults":[],"months":[]}'
    assert len(PoliceForm().decode(part % (none, none)).street) == 0
    with pytest.raises(ValueError):
        PoliceForm().decode(part % (events, none))


@pytest.mark.parametrize("outlines", [b'["00"]', b'["0101000000000000000000F03F000000000000F03F"]', b"[]"])
def test_outlines_that_are_none_are_no_answer(outlines: bytes) -> None:
    with pytest.raises(ValueError):
        AreasForm().decode(
            b'{"kind":"ward","codes":["A"],"names":["A"],"outlines":%s,"attribution":"","notes":[]}' % outlines
        )


def test_no_field_that_a_reader_gives_is_of_any_type() -> None:
    """An answer is only as safe as its types: `Any` would let a lie through."""
    for make in (readers.young_people, readers.connections, readers.missing, readers.annex_a):
        reader: Reader[Any] = make()
        schema = str(reader.form.adapter.core_schema)  # type: ignore[attr-defined]
        assert "'type': 'any'" not in schema
