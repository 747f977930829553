"""What people decided about likely duplicates. A decision undone is kept; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from chm.connections import Entity
from chm.errors import Conflict, NotFound
from chm.store import entities
from chm.store.entities import Merges
from chm.store.tables import DuplicateDecision, EntityRow, UserAccount

CLOSED = "No such record, or none that you may open"
DECIDED = "Somebody decided about these two meanwhile; nothing was changed. Undo that decision first"
MERGED = "One of them was merged meanwhile; nothing was changed. Look at the likely duplicates again"
UNDONE = "This decision was undone already; nothing was changed"


class Verdict(StrEnum):
    """What a person decided about two entities."""

    MERGED = "merged"
    APART = "apart"


@dataclass(frozen=True)
class Decision:
    """A decision about two entities, as they stand now; `other` is the one merged into `one`.

    `reasons` are those shown to whoever decided; `by` and `undone_by` are names, the latter empty where it stands.
    """

    id: str
    one: Entity
    other: Entity
    verdict: Verdict
    reasons: tuple[str, ...]
    by: str
    at: datetime
    undone_by: str = ""
    undone_at: datetime | None = None


def alone(session: Session, among: set[str] | None) -> list[Entity]:
    """The entities that are merged into no other; `among` these ids, None for all."""
    found = session.execute(select(*EntityRow.__table__.columns).where(EntityRow.merged_into.is_(None)))
    return [entities.of(row) for row in found if among is None or row.id in among]


def decided(session: Session, merges: Merges) -> set[frozenset[str]]:
    """Pairs about which a decision stands, each entity by what it has become."""
    asked = select(DuplicateDecision.one, DuplicateDecision.other).where(DuplicateDecision.undone_at.is_(None))
    return {frozenset((merges.survivor(one), merges.survivor(other))) for one, other in session.execute(asked)}


def decide(
    session: Session, one: str, other: str, verdict: Verdict, reasons: Sequence[str], by: str, at: datetime
) -> str:
    """Writes a decision, merging `other` into `one` where that is the verdict, and gives its id.

    Both are locked first, so that of two people who decide at once the second finds the first one's decision.

    Raises:
        NotFound: one of them is not there, or they are of two kinds.
        Conflict: a decision about them stands, or one of them was merged.
    """
    asked = select(EntityRow).where(EntityRow.id.in_((one, other))).order_by(EntityRow.id)
    rows = {row.id: row for row in session.scalars(asked.with_for_update().execution_options(populate_existing=True))}
    if len(rows) < 2 or rows[one].kind != rows[other].kind:
        raise NotFound(CLOSED)
    if frozenset((one, other)) in decided(session, entities.merges(session)):
        raise Conflict(DECIDED)
    if any(row.merged_into is not None for row in rows.values()):
        raise Conflict(DECIDED if {rows[one].merged_into, rows[other].merged_into} & {one, other} else MERGED)
    id = f"DUP-{uuid4().hex[:12]}"
    if verdict is Verdict.MERGED:
        rows[other].merged_into = one
    session.add(
        DuplicateDecision(
            id=id, one=one, other=other, decision=verdict.value, reasons=list(reasons), by=by, at=at, version=1
        )
    )
    session.flush()
    return id


def undo(session: Session, id: str, by: str, at: datetime) -> None:
    """Takes a decision back; a merged entity stands alone again, with whatever was merged into it before.

    Raises:
        NotFound: there is no such decision.
        Conflict: it was undone already.
    """
    kept = session.get(DuplicateDecision, id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise NotFound(CLOSED)
    if kept.undone_at is not None:
        raise Conflict(UNDONE)
    if kept.decision == Verdict.MERGED:
        session.get_one(EntityRow, kept.other, with_for_update=True, populate_existing=True).merged_into = None
    kept.undone_by, kept.undone_at = by, at
    session.flush()


def pair(session: Session, id: str) -> tuple[str, str]:
    """Ids of the two entities of a decision. Raises NotFound."""
    kept = session.get(DuplicateDecision, id)
    if kept is None:
        raise NotFound(CLOSED)
    return kept.one, kept.other


def decisions(session: Session, among: set[str] | None) -> list[Decision]:
    """Every decision about two entities `among` these ids (None for all), newest first."""
    undoer = aliased(UserAccount)
    asked = (
        select(DuplicateDecision, UserAccount.name, undoer.name.label("undone"))
        .join(UserAccount, UserAccount.id == DuplicateDecision.by)
        .outerjoin(undoer, undoer.id == DuplicateDecision.undone_by)
        .order_by(DuplicateDecision.at.desc(), DuplicateDecision.id)
    )
    rows = [row for row in session.execute(asked) if among is None or {row[0].one, row[0].other} <= among]
    named = entities.named(session, {id for row, _, _ in rows for id in (row.one, row.other)})
    return [
        Decision(
            row.id, named[row.one], named[row.other], Verdict(row.decision), tuple(row.reasons), name, row.at,
            undone or "", row.undone_at,
        )
        for row, name, undone in rows
    ]  # fmt: skip
