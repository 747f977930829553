"""The invented cohort's missing episodes, `data/demo/missing.yaml`: read, checked and written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from pydantic import Field

from chm import settings, store
from chm.assessments import Line
from chm.casework.demo_connections import Known
from chm.casework.demo_files import Given, Name, Past, moment, parsed
from chm.episodes.records import Episode, Kind, Moment, ReturnInterview
from chm.store import episodes

FILE = "missing.yaml"
FIRST_ID = 0xDE5000000000


class GivenInterview(Given):
    """`held` is a day and, where known, `at`; without it the interview was not held."""

    offered: bool = True
    accepted: bool | None = True
    held: Past | None = None
    at: time | None = None


class GivenEpisode(Given):
    """From a day, and where known a time, to a day and a time; one without `back` goes on."""

    who: Name
    day: Past
    at: time | None = None
    back: Past | None = None
    back_at: time | None = None
    kind: Kind = Kind.MISSING
    found: Line = ""
    companions: Line = Field(default="", alias="with")
    returned: Line = ""
    reported: Line = ""
    travelled: Line = ""
    interview: GivenInterview | None = None


def read(folder: Path, young: Mapping[str, Known], today: date, faults: list[str]) -> tuple[Episode, ...]:
    """The file of the cohort in `folder`; every fault goes to `faults`. `young`: the young people by key."""
    given = parsed(folder / FILE, tuple[GivenEpisode, ...], faults) or ()
    return tuple(e for n, g in enumerate(given, 1) if (e := _episode(n, g, young, today, faults)))


def write(session: store.Session, found: tuple[Episode, ...], young: Mapping[str, Known], lead: str) -> None:
    """Writes them, each as its young person's worker recorded it; the young people are there already."""
    workers = {k.id: k.worker for k in young.values()}
    for episode in found:
        day = episode.start if isinstance(episode.start, datetime) else moment(episode.start, time(9))
        episodes.add(session, [episode], workers.get(episode.young_person) or lead, day + timedelta(hours=4))


def _episode(n: int, given: GivenEpisode, young: Mapping[str, Known], today: date, faults: list[str]) -> Episode | None:
    known = young.get(given.who)
    start = _moment(today, given.day, given.at)
    end = None if given.back is None else _moment(today, given.back, given.back_at)
    wrong = [
        (known is None, f"no young person has the key {given.who}; correct it"),
        (given.back_at is not None and given.back is None, "back_at without back; give the day"),
        (end is not None and (given.back, given.back_at or time.max) < (given.day, given.at or time.min),
         "back before they went missing; correct a day"),
    ]  # fmt: skip
    faults += [f"{FILE}: {n}: {fault}" for holds, fault in wrong if holds]
    if known is None:
        return None
    said = given.interview
    held = None if said is None or said.held is None else _moment(today, said.held, said.at)
    return Episode(
        id=f"MIS-{FIRST_ID + n:x}",
        young_person=known.id,
        start=start,
        end=end,
        kind=given.kind,
        found_at=given.found,
        companions=given.companions,
        returned_how=given.returned,
        reported_by=given.reported,
        travelled=given.travelled,
        interview=ReturnInterview(said.offered, said.accepted, held is not None, held) if said else ReturnInterview(),
    )


def _moment(today: date, offset: int, at: time | None) -> Moment:
    day = today + timedelta(days=offset)
    return day if at is None else datetime.combine(day, at, settings.ZONE)
