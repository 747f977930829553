"""Missing episodes: a day always, and its time where it is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.episodes.records import Episode, Kind, Moment, ReturnInterview, local_day
from chm.errors import Conflict, NotFound
from chm.store.people import within
from chm.store.plans import CHANGED
from chm.store.rows import at_once
from chm.store.tables import EpisodeRow

CLOSED = "No such record, or none that you may open"
WORDS = ("found_at", "companions", "returned_how", "reported_by", "travelled")


@dataclass(frozen=True)
class Kept:
    """An episode as it is kept."""

    episode: Episode
    recorded_by: str
    recorded_at: datetime
    version: int


def add(session: Session, episodes: Iterable[Episode], by: str, at: datetime) -> None:
    """Writes new episodes under the ids they carry."""
    session.add_all(
        EpisodeRow(id=e.id, young_person=e.young_person, recorded_by=by, recorded_at=at, **_columns(e))
        for e in episodes
    )
    session.flush()


def get(session: Session, id: str) -> Episode:
    """The episode `id`. Raises NotFound where there is none."""
    kept = session.get(EpisodeRow, id)
    if kept is None:
        raise NotFound(CLOSED)
    return _episode(kept)


def edit(session: Session, episode: Episode, version: int) -> None:
    """Writes an episode over the version it was read as.

    Raises:
        NotFound: the young person has no such episode.
        Conflict: it has another version by now.
    """
    kept = session.get(EpisodeRow, episode.id)
    if kept is None or kept.young_person != episode.young_person:
        raise NotFound(CLOSED)
    if kept.version != version:
        raise Conflict(CHANGED)
    for name, value in _columns(episode).items():
        setattr(kept, name, value)
    session.flush()


def of(session: Session, scope: Scope, young_people: Collection[str]) -> list[Kept]:
    """The episodes of those of `young_people` in `scope`, earliest first."""
    asked = select(EpisodeRow).where(within(scope, EpisodeRow.young_person))
    rows = [
        r for part in at_once(young_people) for r in session.scalars(asked.where(EpisodeRow.young_person.in_(part)))
    ]
    rows.sort(key=lambda r: (r.start_day, r.id))
    return [Kept(_episode(r), r.recorded_by, r.recorded_at, r.version) for r in rows]


def _columns(e: Episode) -> dict[str, object]:
    held = e.interview.held_at
    return {
        "start_day": local_day(e.start),
        "start_at": _time(e.start),
        "end_day": local_day(e.end) if e.end else None,
        "end_at": _time(e.end),
        "kind": e.kind.value if e.kind else None,
        **{name: getattr(e, name) for name in WORDS},
        "offered": e.interview.offered,
        "accepted": e.interview.accepted,
        "held": e.interview.held,
        "held_day": local_day(held) if held else None,
        "held_at": _time(held),
    }


def _time(moment: Moment | None) -> datetime | None:
    return moment if isinstance(moment, datetime) else None


def _moment(day: date | None, at: datetime | None) -> Moment | None:
    return at or day


def _episode(r: EpisodeRow) -> Episode:
    return Episode(
        id=r.id,
        young_person=r.young_person,
        start=r.start_at or r.start_day,
        end=_moment(r.end_day, r.end_at),
        kind=Kind(r.kind) if r.kind else None,
        **{name: getattr(r, name) for name in WORDS},
        interview=ReturnInterview(r.offered, r.accepted, r.held, _moment(r.held_day, r.held_at)),
    )
