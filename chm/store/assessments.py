"""Recorded assessments. There is no way to change one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.assessments import Answers, Assessment, Evidence, Form, Judgement
from chm.errors import Faults
from chm.framework import Framework
from chm.scoring import Score
from chm.store.people import within
from chm.store.rows import at_once
from chm.store.tables import AssessmentRow, EvidenceRow, FrameworkUsed, RatingRow, TickedIndicator


class Latest(NamedTuple):
    """What the newest assessment says."""

    id: str
    assessed_on: date
    judged: str
    score: Score
    review_by: date | None


def add(session: Session, assessment: Assessment) -> None:
    """Writes an assessment with its ratings, ticks and evidence."""
    said = assessment.answers
    session.add(
        AssessmentRow(
            id=assessment.id,
            young_person=assessment.young_person,
            framework=assessment.framework,
            framework_version=assessment.framework_version,
            assessed_on=assessment.assessed_on,
            score=assessment.score.to_json(),
            form=said.form.model_dump(mode="json"),
            judged_level=assessment.judgement.level,
            judged_reason=assessment.judgement.reason,
            review_by=assessment.review_by,
            recorded_by=assessment.recorded_by,
            recorded_at=assessment.recorded_at,
        )
    )
    session.flush()
    of = assessment.id
    session.add_all(
        RatingRow(assessment=of, place=n, domain=domain, level=level, reason=said.reasons.get(domain))
        for n, (domain, level) in enumerate(said.levels.items())
    )
    session.add_all(
        TickedIndicator(assessment=of, place=n, indicator=tick, direction=said.directions.get(tick))
        for n, tick in enumerate(said.ticks)
    )
    session.add_all(EvidenceRow(assessment=of, place=n, **e.model_dump()) for n, e in enumerate(said.evidence))
    session.flush()


def of(session: Session, young_person: str) -> tuple[Assessment, ...]:
    """A young person's assessments, oldest first."""
    mine = AssessmentRow.young_person == young_person
    rows = session.scalars(
        select(AssessmentRow).where(mine).order_by(AssessmentRow.assessed_on, AssessmentRow.recorded_at)
    ).all()
    ratings, ticks, evidence = (_parts(session, table, mine) for table in (RatingRow, TickedIndicator, EvidenceRow))
    return tuple(_assessment(row, ratings[row.id], ticks[row.id], evidence[row.id]) for row in rows)


def latest(session: Session, scope: Scope, among: Collection[str] | None = None) -> dict[str, Latest]:
    """The newest assessment of each young person in `scope`, or of those of them in `among`."""
    if among is not None:
        parts = (_latest(session, scope, AssessmentRow.young_person.in_(part)) for part in at_once(among))
        return {id: newest for part in parts for id, newest in part.items()}
    return _latest(session, scope, true())


def _latest(session: Session, scope: Scope, among: ColumnElement[bool]) -> dict[str, Latest]:
    place = func.row_number().over(
        partition_by=AssessmentRow.young_person,
        order_by=(AssessmentRow.assessed_on.desc(), AssessmentRow.recorded_at.desc()),
    )
    asked = select(AssessmentRow.id, place.label("place"))
    ranked = asked.where(within(scope, AssessmentRow.young_person), among).subquery()
    newest = select(AssessmentRow).join(ranked, (ranked.c.id == AssessmentRow.id) & (ranked.c.place == 1))
    return {
        r.young_person: Latest(r.id, r.assessed_on, r.judged_level, Score.from_json(r.score), r.review_by)
        for r in session.scalars(newest)
    }


def review_due(session: Session, young_person: str) -> date | None:
    """The review date of the newest assessment."""
    newest = select(AssessmentRow.review_by).where(AssessmentRow.young_person == young_person)
    return session.scalar(newest.order_by(AssessmentRow.assessed_on.desc(), AssessmentRow.recorded_at.desc()).limit(1))


def fix_framework(session: Session, framework: Framework, *, using: bool) -> None:
    """Checks that a framework is as it was when first used; `using` makes this its first use where there was none.

    Raises:
        Faults: it was used and has since been edited.
    """
    key = (framework.id, framework.version)
    used = session.get(FrameworkUsed, key)
    if used is None and using:
        session.add(FrameworkUsed(framework=key[0], framework_version=key[1], fingerprint=framework.fingerprint))
        session.flush()
    if used is not None and used.fingerprint != framework.fingerprint:
        asked = select(func.count()).where(
            AssessmentRow.framework == framework.id, AssessmentRow.framework_version == framework.version
        )
        raise Faults(
            [
                f"framework {framework.id} version {framework.version} was used by {session.scalar(asked)} assessments "
                "and has since been edited: make a new version"
            ]
        )


def _parts(session: Session, table: Any, mine: Any) -> dict[str, list[Any]]:
    asked = select(table).join(AssessmentRow, AssessmentRow.id == table.assessment).where(mine)
    parts = defaultdict(list)
    for row in session.scalars(asked.order_by(table.place)):
        parts[row.assessment].append(row)
    return parts


def _assessment(
    row: AssessmentRow,
    ratings: Sequence[RatingRow],
    ticks: Sequence[TickedIndicator],
    evidence: Sequence[EvidenceRow],
) -> Assessment:
    answers = Answers(
        levels={r.domain: r.level for r in ratings},
        ticks=tuple(t.indicator for t in ticks),
        reasons={r.domain: r.reason for r in ratings if r.reason is not None},
        directions={t.indicator: t.direction for t in ticks if t.direction is not None},
        evidence=tuple(
            Evidence(
                id=e.id,
                domain=e.domain,
                indicator=e.indicator,
                text=e.text,
                on=e.on,
                agency=e.agency,
                first_hand=e.first_hand,
            )
            for e in evidence
        ),
        form=Form.model_validate(row.form),
    )
    return Assessment(
        id=row.id,
        young_person=row.young_person,
        framework=row.framework,
        framework_version=row.framework_version,
        assessed_on=row.assessed_on,
        answers=answers,
        score=Score.from_json(row.score),
        judgement=Judgement(level=row.judged_level, reason=row.judged_reason),
        review_by=row.review_by,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )
