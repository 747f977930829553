from __future__ import annotations

import numpy as np
import pytest

from chm.casework import public_counts
from chm.casework.desk import Desk
from chm.errors import Faults, NotPermitted
from chm.places.hotspots import TooFew

from .conftest import Office

HEAD = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
)
POINT = (-0.1672, 51.4041)


def month(name: str, *kinds: str, force: str = "Madeup Police", point: tuple[float, float] = POINT) -> bytes:
    rows = (f",{name},{force},{force},{point[0]},{point[1]},On or near,,,{kind},,\n" for kind in kinds)
    return (HEAD + "".join(rows)).encode()


@pytest.fixture
def analyst(office: Office) -> Desk:
    return office["analyst"]


def test_a_later_file_of_the_same_force_and_month_takes_its_place(analyst: Desk) -> None:
    assert len(public_counts.kept(analyst)) == 0
    first = [("a.csv", month("2024-06", "Burglary", "Burglary", "Drugs")), ("b.csv", month("2024-07", "Drugs"))]
    found = public_counts.take_in(analyst, first)
    assert [(f.rows, f.inside) for f in found.files] == [(3, 3), (1, 1)]
    assert len(public_counts.kept(analyst)) == 4
    public_counts.take_in(analyst, [("a.csv", month("2024-06", "Burglary"))])
    kept = public_counts.kept(analyst)
    assert (len(kept), kept.kinds, kept.months) == (2, ("Burglary", "Drugs"), ("2024-06", "2024-07"))
    assert public_counts.forget(analyst) == 2
    assert len(public_counts.kept(analyst)) == 0


def test_one_bad_file_keeps_nothing_of_any(analyst: Desk) -> None:
    with pytest.raises(Faults) as faults:
        public_counts.take_in(analyst, [("good.csv", month("2024-06", "Drugs")), ("bad.csv", b"a,b\n1,2\n")])
    assert [f.partition(":")[0] for f in faults.value.faults] == ["bad.csv"]
    assert len(public_counts.kept(analyst)) == 0
    with pytest.raises(Faults):
        public_counts.read(analyst, [])


def test_background_is_counted_by_area_and_too_few_make_no_hotspot(analyst: Desk) -> None:
    public_counts.take_in(analyst, [("a.csv", month("2024-06", "Burglary", "Burglary", "Drugs"))])
    borough, areas = public_counts.outlines()
    events = public_counts.kept(analyst)
    assert public_counts.shade(events, areas, None, False).values.sum() == 3
    assert public_counts.shade(events, areas, ["Drugs"], False).values.max() == 1
    assert np.isclose((public_counts.shade(events, areas, None, True).values * areas.square_kilometres).sum(), 3)
    with pytest.raises(TooFew):
        public_counts.hot(events, borough, None)


def test_only_those_who_may_take_in(office: Office) -> None:
    for role in ("jo", "chair", "partner", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            public_counts.take_in(office[role], [("a.csv", month("2024-06", "Drugs"))])
