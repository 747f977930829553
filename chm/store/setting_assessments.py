"""Assessments of groups, schools and places; none is ever changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.records import Reply, SettingAssessment
from chm.store.people import within
from chm.store.rows import record, row
from chm.store.tables import SettingAssessmentRow, YoungPersonRow


def add(session: Session, assessment: SettingAssessment) -> None:
    """Writes a new assessment."""
    new = row(SettingAssessmentRow, assessment)
    new.answers = {question: asdict(reply) for question, reply in assessment.answers.items()}
    session.add(new)
    session.flush()


def of(session: Session, subjects: Collection[str], scope: Scope) -> list[SettingAssessment]:
    """Assessments of the entities `subjects`, newest first: those with young people in `scope`, who alone are named."""
    asked = select(SettingAssessmentRow).where(SettingAssessmentRow.subject.in_(subjects))
    newest = asked.order_by(SettingAssessmentRow.assessed_on.desc(), SettingAssessmentRow.recorded_at.desc())
    found = [_assessment(r) for r in session.scalars(newest)]
    near = _near(session, {id for a in found for id in a.young_people}, scope)
    seen = (replace(a, young_people=tuple(id for id in a.young_people if id in near)) for a in found)
    return [a for a in seen if a.young_people]


def subjects(session: Session, scope: Scope) -> dict[str, tuple[str, ...]]:
    """Each entity assessed, by id, with the young people in `scope` who were there at any assessment."""
    found: dict[str, set[str]] = {}
    for subject, there in session.execute(select(SettingAssessmentRow.subject, SettingAssessmentRow.young_people)):
        found.setdefault(subject, set()).update(there)
    near = _near(session, {id for there in found.values() for id in there}, scope)
    return {subject: tuple(sorted(there & near)) for subject, there in found.items() if there & near}


def _assessment(found: SettingAssessmentRow) -> SettingAssessment:
    kept = record(SettingAssessment, found)
    return replace(kept, answers={id: Reply(**reply) for id, reply in found.answers.items()})


def _near(session: Session, ids: Collection[str], scope: Scope) -> set[str]:
    asked = select(YoungPersonRow.id).where(YoungPersonRow.id.in_(ids), within(scope, YoungPersonRow.id))
    return set(session.scalars(asked))
