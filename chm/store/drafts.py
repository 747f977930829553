"""Drafts: one open assessment a young person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from chm.access import Scope
from chm.assessments import Answers, Draft
from chm.errors import Conflict
from chm.records import User
from chm.store.people import within
from chm.store.tables import DraftRow, UserAccount

GONE = "This draft has been recorded or discarded since you opened it"
CHANGED = "Somebody else saved this draft since you opened it; look at their change, then save yours"
OPENER, UPDATER = aliased(UserAccount), aliased(UserAccount)
ASKED = (
    select(DraftRow, OPENER.name, UPDATER.name)
    .join(OPENER, OPENER.id == DraftRow.opened_by)
    .join(UPDATER, UPDATER.id == DraftRow.updated_by)
    .where(DraftRow.young_person == bindparam("young_person"))
)
HELD = ASKED.with_for_update(of=DraftRow)


def get(session: Session, young_person: str) -> Draft | None:
    """The open draft, None where there is none."""
    found = session.execute(ASKED, {"young_person": young_person}).first()
    return _draft(*found) if found else None


def held(session: Session, draft: Draft) -> Draft:
    """The stored draft, kept from others until the transaction ends.

    Raises:
        Conflict: it is not, or no longer, the one that `draft` was read from.
    """
    return _draft(*_held(session, draft))


def open(session: Session, draft: Draft, by: User) -> Draft:
    """Writes `draft` as the open one; where somebody just opened another, that one."""
    row = DraftRow(
        id=draft.id,
        young_person=draft.young_person,
        framework=draft.framework,
        framework_version=draft.framework_version,
        assessed_on=draft.assessed_on,
        answers=draft.answers.model_dump(mode="json"),
        answered=len(draft.answers.levels),
        opened_by=by.id,
        updated_by=by.id,
        updated_at=draft.updated_at,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if others := get(session, draft.young_person):
            return others
        raise
    return _draft(row, by.name, by.name)


def save(session: Session, draft: Draft, by: User, at: datetime) -> Draft:
    """Writes a draft's answers and day over the version it was read as, and gives the new one.

    Raises:
        Conflict: it is not, or no longer, the one that `draft` was read from.
    """
    row, opened_by, updated_by = _held(session, draft)
    answers = draft.answers.model_dump(mode="json")
    if (answers, draft.assessed_on) == (row.answers, row.assessed_on):
        return _draft(row, opened_by, updated_by)
    row.answers, row.answered, row.assessed_on = answers, len(draft.answers.levels), draft.assessed_on
    row.updated_by, row.updated_at = by.id, at
    session.flush()
    return _draft(row, opened_by, by.name)


def close(session: Session, young_person: str) -> bool:
    """Deletes the open draft; False where there is none."""
    row = session.scalar(select(DraftRow).where(DraftRow.young_person == young_person))
    if row:
        session.delete(row)
        session.flush()
    return row is not None


def answered(session: Session, scope: Scope) -> dict[str, int]:
    """How many domains the open drafts in `scope` have answered, by young person."""
    asked = select(DraftRow.young_person, DraftRow.answered)
    return dict(session.execute(asked.where(within(scope, DraftRow.young_person))).all())


def _held(session: Session, draft: Draft) -> tuple[DraftRow, str, str]:
    found = session.execute(HELD, {"young_person": draft.young_person}).first()
    if found is None or found[0].id != draft.id:
        raise Conflict(GONE)
    row, opened_by, updated_by = found
    if row.version != draft.version:
        raise Conflict(CHANGED)
    return row, opened_by, updated_by


def _draft(row: DraftRow, opened_by: str, updated_by: str) -> Draft:
    return Draft(
        id=row.id,
        young_person=row.young_person,
        framework=row.framework,
        framework_version=row.framework_version,
        assessed_on=row.assessed_on,
        answers=Answers.model_validate(row.answers),
        version=row.version,
        opened_by=opened_by,
        updated_by=updated_by,
        updated_at=row.updated_at,
    )
