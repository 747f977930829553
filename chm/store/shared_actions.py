"""Actions proposed for several young people, and what each one's worker decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from chm.access import Scope
from chm.errors import Conflict, NotFound
from chm.records import ActionPart, ActionStatus, Decision, Reply, SharedAction
from chm.store.people import open_on, within
from chm.store.rows import change, record, row
from chm.store.tables import ActionRow, Caseload, NoticeRow, SharedActionRow, YoungPersonRow
from chm.store.tables import SharedActionPart as PartRow

DECIDED = "Somebody else decided this meanwhile; nothing was saved. Look at what they decided first"


def add(session: Session, action: SharedAction, young_people: Iterable[str]) -> None:
    """Writes a shared action with a waiting part for each of `young_people`."""
    new = row(SharedActionRow, action)
    new.asked = {question: asdict(reply) for question, reply in action.asked.items()}
    session.add(new)
    session.flush()
    session.add_all(row(PartRow, ActionPart(shared_action=action.id, young_person=y)) for y in young_people)
    session.flush()


def get(session: Session, id: str) -> SharedAction:
    """The shared action `id`. Raises NotFound where there is none."""
    found = session.get(SharedActionRow, id)
    if found is None:
        raise NotFound("No such action, or none that you may open")
    return _action(found)


def waiting(session: Session, scope: Scope) -> list[tuple[ActionPart, SharedAction]]:
    """Parts of young people in `scope` that nobody has decided, soonest due first, then as proposed."""
    asked = (
        select(PartRow, SharedActionRow)
        .join(SharedActionRow, SharedActionRow.id == PartRow.shared_action)
        .where(PartRow.status == Decision.WAITING.value, within(scope, PartRow.young_person))
        .order_by(SharedActionRow.due.is_(None), SharedActionRow.due, SharedActionRow.at, PartRow.young_person)
    )
    return [(_part(part), _action(action)) for part, action in session.execute(asked)]


def held(session: Session, part: ActionPart) -> PartRow:
    """The row of a part that still waits as it was read.

    Raises:
        NotFound: there is no such part.
        Conflict: somebody has decided it since.
    """
    kept = session.get(PartRow, (part.shared_action, part.young_person))
    if kept is None:
        raise NotFound("No such action, or none that you may open")
    if kept.version != part.version or kept.status != Decision.WAITING:
        raise Conflict(DECIDED)
    return kept


def decide(session: Session, part: ActionPart) -> ActionPart:
    """Writes a decision over the waiting part it was read as. Raises as `held`."""
    kept = held(session, part)
    change(kept, part)
    session.flush()
    return _part(kept)


def settle(session: Session, young_person: str, texts: Collection[str], at: datetime) -> None:
    """Marks notices of these `texts` about a young person as seen, once none of their parts waits any more."""
    left = select(PartRow.young_person).where(
        PartRow.young_person == young_person, PartRow.status == Decision.WAITING.value
    )
    if session.scalar(left.limit(1)) is None:
        unseen = select(NoticeRow).where(NoticeRow.record == young_person, NoticeRow.seen_at.is_(None))
        for notice in session.scalars(unseen.where(NoticeRow.text.in_(texts))):
            notice.seen_at = at
        session.flush()


def on_targets(session: Session, targets: Collection[str]) -> list[SharedAction]:
    """Every shared action on one of `targets` (kind:id), newest first."""
    asked = select(SharedActionRow).where(SharedActionRow.target.in_(targets))
    ordered = asked.order_by(SharedActionRow.at.desc(), SharedActionRow.id)
    return [_action(r) for r in session.scalars(ordered)]


def parts(
    session: Session, shared: Collection[str], scope: Scope | None = None
) -> dict[str, list[tuple[ActionPart, ActionStatus | None]]]:
    """Parts of the shared actions `shared` (ids), with where the action of each stands; with a scope, those in it."""
    asked = (
        select(PartRow, ActionRow.status)
        .outerjoin(ActionRow, ActionRow.id == PartRow.action)
        .where(PartRow.shared_action.in_(shared))
        .order_by(PartRow.young_person)
    )
    if scope is not None:
        asked = asked.where(within(scope, PartRow.young_person))
    found: dict[str, list[tuple[ActionPart, ActionStatus | None]]] = {id: [] for id in shared}
    for part, status in session.execute(asked):
        found[part.shared_action].append((_part(part), ActionStatus(status) if status else None))
    return found


def names(session: Session, young_people: Collection[str]) -> dict[str, str]:
    """The name of each of `young_people`."""
    asked = select(YoungPersonRow.id, YoungPersonRow.name).where(YoungPersonRow.id.in_(young_people))
    return dict(session.execute(asked).all())


def allocated(session: Session, young_people: Collection[str], on: date) -> dict[str, list[str]]:
    """Ids of the users on whose caseload each of `young_people` is."""
    asked = (
        select(Caseload.young_person, Caseload.user)
        .where(Caseload.young_person.in_(young_people), open_on(on))
        .distinct()
        .order_by(Caseload.young_person, Caseload.user)
    )
    found: dict[str, list[str]] = {id: [] for id in young_people}
    for young_person, user in session.execute(asked):
        found[young_person].append(user)
    return found


def _part(found: PartRow) -> ActionPart:
    part = record(ActionPart, found)
    return replace(part, status=Decision(part.status))


def _action(found: SharedActionRow) -> SharedAction:
    action = record(SharedAction, found)
    return replace(action, asked={id: Reply(**reply) for id, reply in found.asked.items()})
