from __future__ import annotations

from datetime import date

import pytest

from chm.casework import episodes, episodes_import
from chm.errors import Faults, NotPermitted

from .conftest import Office

TIMED = (
    b"young_person,start,end,found_at\nYP-0001,2026-11-01T21:00,2026-11-02T06:00,Tinsel Arcade\n"
    b"YP-0002,2026-11-03T20:00,,\n"
)
DAYS = b"CHILD,DOB,MISSING,MIS_START,MIS_END\nYP-0001,04/03/2012,M,01/10/2026,02/10/2026\n"


def test_a_file_is_seen_then_taken_in_and_the_same_one_adds_nothing(office: Office) -> None:
    seen = episodes_import.preview(office["lead"], TIMED)
    assert (len(seen.new), seen.already, seen.faults) == (2, 0, ())
    assert episodes.of(office["lead"], ("YP-0001", "YP-0002")) == []
    assert episodes_import.take_in(office["lead"], TIMED) == 2
    assert episodes_import.take_in(office["lead"], TIMED) == 0
    assert episodes_import.preview(office["lead"], TIMED).already == 2
    first, second = (k.episode for k in episodes.of(office["lead"], ("YP-0001", "YP-0002")))
    assert (first.found_at, second.open) == ("Tinsel Arcade", True)
    assert episodes_import.take_in(office["lead"], DAYS) == 1
    assert episodes.of(office["lead"], ("YP-0001",))[0].episode.start == date(2026, 10, 1)


def test_one_fault_keeps_everything_out(office: Office) -> None:
    unknown = TIMED + b"YP-9999,2026-11-01T21:00,,\n"
    with pytest.raises(Faults) as faults:
        episodes_import.take_in(office["lead"], unknown)
    assert faults.value.faults == [f"1 of 3 rows: {episodes_import.UNKNOWN}"]
    with pytest.raises(Faults):
        episodes_import.take_in(office["lead"], TIMED + b"YP-0001,yesterday,,\n")
    assert episodes.of(office["lead"], ("YP-0001", "YP-0002")) == []


def test_only_the_lead_takes_in(office: Office) -> None:
    for name in ("jo", "chair", "analyst", "partner", "auditor", "admin"):
        with pytest.raises(NotPermitted):
            episodes_import.take_in(office[name], TIMED)
