"""Assessments of groups, schools and places; none is ever changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from chm.access import Scope
from chm.records import Reply, SettingAssessment
from chm.store.people import within
from chm.store.rows import at_once, record, row
from chm.store.tables import EventParticipant, EventRow, RelationshipRow, SettingAssessmentRow, YoungPersonRow


def add(session: Session, assessment: SettingAssessment) -> None:
    """Writes a new assessment."""
    new = row(SettingAssessmentRow, assessment)
    new.answers = {question: asdict(reply) for question, reply in assessment.answers.items()}
    session.add(new)
    session.flush()


def of(session: Session, subjects: Collection[str], scope: Scope) -> tuple[list[SettingAssessment], set[str]]:
    """Assessments of the entities `subjects`, newest first, and which of their young people lie in `scope`."""
    asked = select(SettingAssessmentRow).where(SettingAssessmentRow.subject.in_(subjects))
    newest = asked.order_by(SettingAssessmentRow.assessed_on.desc(), SettingAssessmentRow.recorded_at.desc())
    found = [_assessment(r) for r in session.scalars(newest)]
    return found, _near(session, {id for a in found for id in a.young_people}, scope)


def assessed(session: Session, scope: Scope) -> dict[str, set[str]]:
    """Each entity assessed, by id, with the young people in `scope` who were there at any assessment."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for subject, there in session.execute(select(SettingAssessmentRow.subject, SettingAssessmentRow.young_people)):
        found[subject].update(there)
    near = _near(session, {id for there in found.values() for id in there}, scope)
    return {subject: there & near for subject, there in found.items() if there & near}


def tied(session: Session, subjects: Collection[str], scope: Scope) -> dict[str, set[str]]:
    """The young people in `scope` with whom an event or a relationship, not withdrawn, names each of `subjects`."""
    child, thing = aliased(EventParticipant), aliased(EventParticipant)
    stands = RelationshipRow.withdrawn_at.is_(None)
    on_event = (
        select(thing.entity, YoungPersonRow.id)
        .join(child, child.event == thing.event)
        .join(EventRow, (EventRow.id == thing.event) & EventRow.withdrawn_at.is_(None))
        .join(YoungPersonRow, YoungPersonRow.id == child.young_person)
    )
    one, other = (
        select(entity, YoungPersonRow.id).join(YoungPersonRow, YoungPersonRow.id == young_person).where(stands)
        for entity, young_person in (
            (RelationshipRow.one_entity, RelationshipRow.other_young_person),
            (RelationshipRow.other_entity, RelationshipRow.one_young_person),
        )
    )
    ways = (
        (on_event, thing.entity),
        (one, RelationshipRow.one_entity),
        (other, RelationshipRow.other_entity),
    )
    found: defaultdict[str, set[str]] = defaultdict(set)
    for asked, entity in ways:
        for part in at_once(subjects):
            for id, there in session.execute(asked.where(entity.in_(part), within(scope, YoungPersonRow.id))):
                found[id or ""].add(there)
    return dict(found)


def _assessment(found: SettingAssessmentRow) -> SettingAssessment:
    kept = record(SettingAssessment, found)
    return replace(kept, answers={id: Reply(**reply) for id, reply in found.answers.items()})


def _near(session: Session, ids: Collection[str], scope: Scope) -> set[str]:
    asked = select(YoungPersonRow.id).where(within(scope, YoungPersonRow.id))
    return {id for part in at_once(ids) for id in session.scalars(asked.where(YoungPersonRow.id.in_(part)))}
