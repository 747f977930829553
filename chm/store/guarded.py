"""Grants to restricted records, broken glass, and reasons that were stated."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.errors import Conflict, NotFound
from chm.records import BrokenGlass, Grant, StatedReason
from chm.store.plans import CHANGED
from chm.store.rows import change, record, row
from chm.store.tables import BreakGlassRow, RecordGrant, StatedReasonRow

CLOSED = "No such record, or none that you may open"


def grant(session: Session, given: Grant) -> None:
    """Writes a grant in place of one that the user had."""
    kept = session.get(RecordGrant, (given.young_person, given.user))
    if kept:
        change(kept, given)
    else:
        session.add(row(RecordGrant, given))
    session.flush()


def revoke(session: Session, young_person: str, user: str) -> None:
    """Takes a grant back. Raises NotFound where there is none."""
    kept = session.get(RecordGrant, (young_person, user))
    if kept is None:
        raise NotFound(CLOSED)
    session.delete(kept)
    session.flush()


def grants(session: Session, young_person: str) -> list[Grant]:
    """The grants to a record, latest first."""
    asked = select(RecordGrant).where(RecordGrant.young_person == young_person).order_by(RecordGrant.given_at.desc())
    return [record(Grant, r) for r in session.scalars(asked)]


def break_glass(session: Session, broken: BrokenGlass) -> None:
    """Writes that a record was opened so."""
    session.add(row(BreakGlassRow, broken))
    session.flush()


def broken(session: Session, most: int) -> list[BrokenGlass]:
    """What was opened so: what is still to be reviewed first, then newest first, up to `most`."""
    ordered = select(BreakGlassRow).order_by(BreakGlassRow.reviewed_at.is_not(None), BreakGlassRow.at.desc())
    return [record(BrokenGlass, r) for r in session.scalars(ordered.limit(most))]


def held(session: Session, user: str, at: datetime) -> list[BrokenGlass]:
    """What a user has open so at a moment."""
    asked = select(BreakGlassRow).where(BreakGlassRow.user == user, BreakGlassRow.at <= at, BreakGlassRow.until > at)
    return [record(BrokenGlass, r) for r in session.scalars(asked.order_by(BreakGlassRow.at))]


def review(session: Session, id: str, version: int, by: str, at: datetime, found: str) -> BrokenGlass:
    """Writes what a review found, over the version it was read as.

    Raises:
        NotFound: there is none.
        Conflict: somebody reviewed it since.
    """
    kept = session.get(BreakGlassRow, id)
    if kept is None:
        raise NotFound(CLOSED)
    if kept.version != version or kept.reviewed_at is not None:
        raise Conflict(CHANGED)
    kept.reviewed_by, kept.reviewed_at, kept.found = by, at, found
    session.flush()
    return record(BrokenGlass, kept)


def state_reason(session: Session, stated: StatedReason) -> None:
    """Writes why something was done."""
    session.add(row(StatedReasonRow, stated))
    session.flush()


def stated(session: Session, most: int) -> list[StatedReason]:
    """Why things were done, newest first, up to `most`."""
    ordered = select(StatedReasonRow).order_by(StatedReasonRow.at.desc(), StatedReasonRow.id)
    return [record(StatedReason, r) for r in session.scalars(ordered.limit(most))]
