"""Drafts: one open assessment a young person."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from chm.access import Scope
from chm.assessments import Answers, Draft
from chm.records import User
from chm.store.people import within
from chm.store.tables import DraftRow, UserAccount


def get(session: Session, young_person: str, *, changing: bool = False) -> Draft | None:
    """The open draft; `changing` keeps others from changing it until the transaction ends."""
    opener, updater = aliased(UserAccount), aliased(UserAccount)
    asked = (
        select(DraftRow, opener.name, updater.name)
        .join(opener, opener.id == DraftRow.opened_by)
        .join(updater, updater.id == DraftRow.updated_by)
        .where(DraftRow.young_person == young_person)
    )
    found = session.execute(asked.with_for_update(of=DraftRow) if changing else asked).first()
    return _draft(*found) if found else None


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


def save(session: Session, id: str, answers: Answers, assessed_on: date, by: User, at: datetime) -> int:
    """Writes the answers of a draft that `get` found; gives the version it then has."""
    row = session.get_one(DraftRow, id)
    row.answers = answers.model_dump(mode="json")
    row.answered = len(answers.levels)
    row.assessed_on, row.updated_by, row.updated_at = assessed_on, by.id, at
    session.flush()
    return row.version


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
    return dict(session.execute(asked.where(within(scope, DraftRow.young_person))).tuples().all())


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
