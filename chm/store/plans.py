"""Actions and safety plans."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.errors import Conflict, NotFound
from chm.records import Action, ActionStatus, SafetyPlan
from chm.store.people import within
from chm.store.rows import change, record, row
from chm.store.tables import ActionRow, SafetyPlanRow

LIVE = (ActionStatus.OPEN.value, ActionStatus.UNDER_WAY.value)
CHANGED = "Somebody else changed this meanwhile; nothing was saved. Look at their change first"


def add_action(session: Session, action: Action) -> Action:
    """Writes a new action."""
    new = row(ActionRow, action)
    session.add(new)
    session.flush()
    return _action(new)


def edit_action(session: Session, action: Action) -> Action:
    """Writes an action over the version it was read as.

    Raises:
        NotFound: the young person has no such action.
        Conflict: the action has another version by now.
    """
    kept = session.get(ActionRow, action.id)
    if kept is None or kept.young_person != action.young_person:
        raise NotFound("No such action, or none that you may open")
    if kept.version != action.version:
        raise Conflict(CHANGED)
    change(kept, action)
    session.flush()
    return _action(kept)


def actions(session: Session, young_person: str) -> tuple[Action, ...]:
    """A young person's actions: soonest due first, those without a date last."""
    asked = select(ActionRow).where(ActionRow.young_person == young_person)
    return tuple(
        _action(r) for r in session.scalars(asked.order_by(ActionRow.due.is_(None), ActionRow.due, ActionRow.id))
    )


def actions_of(session: Session, scope: Scope) -> list[Action]:
    """Live actions of young people in `scope`, soonest due first."""
    asked = select(ActionRow).where(ActionRow.status.in_(LIVE), within(scope, ActionRow.young_person))
    return [_action(r) for r in session.scalars(asked.order_by(ActionRow.due.is_(None), ActionRow.due, ActionRow.id))]


def due(session: Session, scope: Scope) -> dict[str, int]:
    """How many live actions of each young person in `scope` are due by the scope's day."""
    asked = (
        select(ActionRow.young_person, func.count())
        .where(ActionRow.status.in_(LIVE), ActionRow.due <= scope.on, within(scope, ActionRow.young_person))
        .group_by(ActionRow.young_person)
    )
    return dict(session.execute(asked).all())


def safety_plan(session: Session, young_person: str) -> SafetyPlan | None:
    """The safety plan, None where there is none yet."""
    found = session.get(SafetyPlanRow, young_person)
    return record(SafetyPlan, found) if found else None


def save_safety_plan(session: Session, plan: SafetyPlan) -> SafetyPlan:
    """Writes a safety plan over the version it was read as; version 0 is a new one.

    Raises:
        Conflict: it has another version by now.
    """
    kept = session.get(SafetyPlanRow, plan.young_person)
    if (kept.version if kept else 0) != plan.version:
        raise Conflict(CHANGED)
    if kept:
        change(kept, plan)
    else:
        kept = row(SafetyPlanRow, plan)
        session.add(kept)
    session.flush()
    return record(SafetyPlan, kept)


def _action(found: ActionRow) -> Action:
    action = record(Action, found)
    return replace(action, status=ActionStatus(action.status))
