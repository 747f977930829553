from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chm.casework import episodes
from chm.episodes.records import Episode, Kind, ReturnInterview
from chm.errors import Conflict, Faults, NotFound, NotPermitted

from .conftest import NOW, Office

START = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
OPEN = Episode(id="", young_person="YP-0001", start=START, end=None)
BACK = replace(
    OPEN,
    end=START + timedelta(hours=9),
    kind=Kind.AWAY,
    found_at="Tinsel Arcade",
    reported_by="Placement",
    interview=ReturnInterview(True, True, True, date(2026, 11, 23)),
)


def test_what_is_recorded_is_read_back_with_times_and_days_as_given(office: Office) -> None:
    made = episodes.record(office["jo"], "YP-0001", BACK)
    days = replace(OPEN, start=date(2026, 11, 1), end=date(2026, 11, 2))
    episodes.record(office["jo"], "YP-0001", days)
    first, second = episodes.of(office["jo"], ("YP-0001",))
    assert first.episode == replace(days, id=first.episode.id)
    assert second.episode == made == replace(BACK, id=made.id)
    assert (second.recorded_by, second.recorded_at, second.version) == ("u-jo", NOW, 1)


def test_somebody_comes_back(office: Office) -> None:
    made = episodes.record(office["jo"], "YP-0001", OPEN)
    assert made.open
    back = episodes.correct(office["jo"], "YP-0001", replace(BACK, id=made.id), 1)
    (kept,) = episodes.of(office["jo"], ("YP-0001",))
    assert (kept.episode, kept.version) == (back, 2)
    with pytest.raises(Conflict):
        episodes.correct(office["jo"], "YP-0001", replace(BACK, id=made.id), 1)
    with pytest.raises(NotFound):
        episodes.correct(office["jo"], "YP-0001", replace(BACK, id="MIS-none"), 1)


def test_every_fault_at_once_and_nothing_kept(office: Office) -> None:
    wrong = replace(
        OPEN,
        start=date(2026, 11, 24),
        end=date(2026, 11, 22),
        found_at="x" * 201,
        interview=ReturnInterview(False, None, False, date(2026, 11, 1)),
    )
    with pytest.raises(Faults) as faults:
        episodes.record(office["jo"], "YP-0001", wrong)
    assert faults.value.faults == [
        "missing from: the date lies in the future; give a day up to today",
        "back: before they went missing; give a later day or time",
        "interview held: before they went missing; give a later day",
        "interview held: has a day but was not held; choose one",
        "found at: 201 characters; at most 200 fit",
    ]
    with pytest.raises(Faults):
        episodes.record(office["jo"], "YP-0001", replace(OPEN, start=date(2012, 1, 1)))  # Before birth.
    assert episodes.of(office["jo"], ("YP-0001",)) == []


def test_only_those_in_reach(office: Office) -> None:
    episodes.record(office["sam"], "YP-0002", replace(OPEN, young_person="YP-0002"))
    with pytest.raises(NotFound):
        episodes.of(office["jo"], ("YP-0001", "YP-0002"))
    assert len(episodes.of(office["chair"], ("YP-0002",))) == 1
    for name in ("analyst", "partner", "auditor", "admin"):
        with pytest.raises((NotPermitted, NotFound)):
            episodes.of(office[name], ("YP-0001",))
