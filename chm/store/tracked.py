"""What the action tracker reads beside the actions of meetings and places: those of plans, and who is who."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.records import Action, ActionStatus
from chm.store.people import within
from chm.store.plans import LIVE
from chm.store.rows import record
from chm.store.tables import ActionRow, YoungPersonRow


def plan_actions(session: Session, scope: Scope, agency: str, person: str, since: date) -> list[Action]:
    """Actions in plans of young people in `scope` and those that `person` of `agency` owns: live, or ended `since`."""
    owned = (ActionRow.owner_agency == agency) & (ActionRow.owner_person == person)
    asked = select(ActionRow).where(
        or_(owned, within(scope, ActionRow.young_person)),
        or_(ActionRow.status.in_(LIVE), ActionRow.closed_on >= since),
    )
    return [_action(r) for r in session.scalars(asked)]


def plan_action(session: Session, id: str) -> Action | None:
    """The action `id` of a plan, None where there is none."""
    found = session.get(ActionRow, id)
    return _action(found) if found else None


def names(session: Session) -> dict[str, str]:
    """The name of every young person, by id."""
    return dict(session.execute(select(YoungPersonRow.id, YoungPersonRow.name)).all())


def _action(found: ActionRow) -> Action:
    action = record(Action, found)
    return replace(action, status=ActionStatus(action.status))
