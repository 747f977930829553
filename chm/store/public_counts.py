"""Published crimes, disorder and searches, counted by force, month, kind and street point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from chm.places.public_events import PointCount
from chm.store.tables import PublicCountRow

COLUMNS = (
    PublicCountRow.force, PublicCountRow.month, PublicCountRow.kind, PublicCountRow.longitude, PublicCountRow.latitude,
    PublicCountRow.count,
)  # fmt: skip


def put(session: Session, points: Sequence[PointCount], searches: bool) -> None:
    """Keeps `points` in place of all that was kept of the same forces and months."""
    for force, month in sorted({(p.force, p.month) for p in points}):
        session.execute(
            delete(PublicCountRow).where(
                PublicCountRow.searches == searches, PublicCountRow.force == force, PublicCountRow.month == month
            )
        )
    if points:
        session.execute(insert(PublicCountRow), [{**asdict(p), "searches": searches} for p in points])


def points(session: Session, searches: bool) -> list[PointCount]:
    """All that is kept, in order."""
    rows = session.execute(select(*COLUMNS).where(PublicCountRow.searches == searches))
    return sorted(PointCount(*row) for row in rows)


def stamp(session: Session) -> tuple[int, int]:
    """Changes with whatever is kept."""
    newest, total = session.execute(select(func.max(PublicCountRow.id), func.count())).one()
    return newest or 0, total


def forget(session: Session) -> int:
    """Removes all of it; how many events went."""
    gone = int(session.scalar(select(func.coalesce(func.sum(PublicCountRow.count), 0))) or 0)
    session.execute(delete(PublicCountRow))
    return gone
