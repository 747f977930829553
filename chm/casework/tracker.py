"""The action tracker: every action with an owner and a date that the user has to do with, in one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta

from chm.access import Permission
from chm.assessments import NOTE_LENGTH
from chm.casework.checks import Checks
from chm.casework.desk import CLOSED, Work, intention
from chm.casework.documents import Made
from chm.casework.place_actions import NAMED
from chm.casework.tracked import Kept, Reader
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.exchange.tracker_out import FORMS
from chm.meetings.records import MeetingAction
from chm.meetings.tracked import LIVE, Kind, Tracked
from chm.places.records import PlaceAction
from chm.privacy import names_any
from chm.records import Action, ActionStatus
from chm.store import meetings, places, plans, tracked

LATELY = timedelta(days=31)
ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)
CLOSED_ALREADY = "It is done or dropped already; nothing was saved. Record what is to be done now as a new action"
NOT_YOURS = "Only its owner, the chair of its meeting, the young person's worker or a safeguarding lead may change it"
NOT_YOURS_TO_GIVE = "Only the chair of its meeting, the young person's worker or a safeguarding lead may hand it on"


@intention(Permission.TRACK_ACTIONS, hourly=True)
def read(work: Work) -> list[Tracked]:
    """The actions in the user's reach: live, soonest due first, then those ended in the last 31 days, newest first.

    It names only the young people in the user's scope. All others are masked, in what people typed too. A partner has
    only what they own, by agency and name, until it is done.
    """
    found = _read(work)
    work.listed((t.id, *(id for id, _ in t.young_people)) for t in found)
    return found


@intention(Permission.TRACK_ACTIONS)
def update(work: Work, kind: str, id: str, version: int, status: ActionStatus, outcome: str = "") -> Tracked:
    """Starts an action as it was read, or ends it as done or dropped, with what came of it or why.

    Raises:
        NotFound: there is no such action, or none that the user may track.
        NotPermitted: the user neither owns it nor answers for it.
        Faults: the outcome or reason is missing, or names a young person where a place's action may not.
        Conflict: somebody changed it since, or it is closed.
    """
    reader, kept, row = _opened(work, kind, id)
    if not row.may_update:
        raise NotPermitted(NOT_YOURS)
    checks = Checks(work.today)
    checks.need(status in (ActionStatus.UNDER_WAY, *ENDED), "status: must be under_way, done or dropped")
    said = ""
    if status in ENDED:
        field = "outcome" if status == ActionStatus.DONE else "reason"
        said = checks.note(field, outcome, needed=True)
        if isinstance(kept, PlaceAction):
            checks.need(not _names_a_child(reader, said), f"{field}: {NAMED}")
        if isinstance(kept, Action) and said:
            said = f"{kept.why}\n\n{status.capitalize()} {work.today.isoformat()}: {said}".strip()
            checks.need(len(said) <= NOTE_LENGTH, f"{field}: too long beside why the action is there; shorten it")
    checks.done()
    ended = work.today if status in ENDED else None
    return _written(work, reader, _with(kept, status, said, ended), version)


@intention(Permission.TRACK_ACTIONS)
def reassign(
    work: Work, kind: str, id: str, version: int, owner_agency: str, owner_person: str, due: date | None
) -> Tracked:
    """Gives an action as it was read another owner, another day, or both.

    Raises:
        NotFound, Conflict: as `update`.
        NotPermitted: the user does not answer for it; owning it is not enough.
        Faults: what is missing or wrong, all at once.
    """
    reader, kept, row = _opened(work, kind, id)
    if not row.may_reassign:
        raise NotPermitted(NOT_YOURS_TO_GIVE)
    checks = Checks(work.today)
    agency = checks.line("owner's agency", owner_agency, needed=True)
    person = checks.line("owner", owner_person)
    # What comes back as it was shown stays as it is stored.
    agency = kept.owner_agency if agency == row.owner_agency else agency
    person = kept.owner_person if person == row.owner_person else person
    if isinstance(kept, PlaceAction) and person != kept.owner_person:
        checks.need(not _names_a_child(reader, person), f"owner: {NAMED}")
    checks.need(due is not None, "due: missing; give the day it should be done by")
    late = due is not None and due < work.today and due != kept.due
    checks.need(not late, "due: the date lies in the past; give a later day")
    checks.done()
    return _written(work, reader, replace(kept, owner_agency=agency, owner_person=person, due=due), version)


@intention(Permission.TRACK_ACTIONS)
def export(work: Work, form: str, keys: Collection[str]) -> Made:
    """Those of the user's actions whose `Tracked.key` is one of `keys`, in that order, as an `xlsx` or `csv` file.

    It holds what the list shows this user; each young person named in it has an audit entry.

    Raises:
        Faults: there is no such form.
    """
    if form not in FORMS:
        raise Faults([f"form: must be one of {', '.join(FORMS)}"])
    found = {row.key: row for row in _read(work)}
    rows = [found[k] for k in dict.fromkeys(keys) if k in found]
    work.opened(sorted({id for row in rows for id, _ in row.young_people if id}))
    work.why = form
    return Made(FORMS[form](rows), f"actions-{work.today.isoformat()}.{form}")


def _read(work: Work) -> list[Tracked]:
    reader, since = Reader(work), work.today - LATELY

    def listed(kept: Kept) -> bool:
        if kept.status in LIVE:
            return reader.sees(kept)
        return reader.reaches and kept.closed_on is not None and kept.closed_on >= since and reader.sees(kept)

    rows = reader.rows([a for a in _near(work, reader, since) if listed(a)])
    live = sorted((r for r in rows if r.live), key=lambda r: (r.due is None, r.due or date.max, r.key))
    ended = sorted((r for r in rows if not r.live), key=lambda r: (r.closed_on or date.min, r.key), reverse=True)
    return [*live, *ended]


def _near(work: Work, reader: Reader, since: date) -> Iterable[Kept]:
    """Actions of all kinds that the user may see, and some that they may not, each once."""
    session, agency, name = work.session, work.user.agency, work.user.name
    decided = {
        a.id: a
        for found in (
            meetings.actions_about(session, work.scope),
            meetings.actions(session, reader.own_meetings),
            meetings.actions_owned(session, agency, name),
        )
        for a in found
    }
    of_plans = tracked.plan_actions(session, work.scope, agency, name, since)
    return [*of_plans, *decided.values(), *places.actions(session)]


def _opened(work: Work, kind: str, id: str) -> tuple[Reader, Kept, Tracked]:
    """The action `id` and how the user may know it. Raises NotFound where they may not, Conflict where it is closed."""
    reader = Reader(work)
    found: Kept | None = None
    if kind == Kind.PLAN:
        found = tracked.plan_action(work.session, id)
    elif kind == Kind.MEETING:
        found = meetings.action(work.session, id)
    elif kind == Kind.PLACE:
        found = places.action(work.session, id)
    if found is None or not reader.sees(found):
        raise NotFound(CLOSED)
    if found.status in ENDED:
        raise Conflict(CLOSED_ALREADY)
    (row,) = reader.rows([found])
    return reader, found, row


def _with(kept: Kept, status: ActionStatus, said: str, ended: date | None) -> Kept:
    if ended is None:
        return replace(kept, status=status)
    if isinstance(kept, Action):
        return replace(kept, status=status, why=said, closed_on=ended)
    if isinstance(kept, PlaceAction):
        return replace(kept, status=status, result=said, closed_on=ended)
    return replace(kept, status=status, outcome=said, closed_on=ended)


def _written(work: Work, reader: Reader, edited: Kept, version: int) -> Tracked:
    """Writes an action over `version` of it; raises Conflict where it has another by now."""
    if isinstance(edited, Action):
        work.record = edited.young_person
        written: Kept = plans.edit_action(work.session, replace(edited, version=version))
    elif isinstance(edited, MeetingAction):
        written = meetings.edit_action(work.session, replace(edited, version=version))
        meetings.moved(work.session, edited.meeting)
    else:
        written = places.edit_action(work.session, replace(edited, version=version))
    work.why = edited.id
    (row,) = reader.rows([written])
    return row


def _names_a_child(reader: Reader, text: str) -> bool:
    """Whether `text` names one of the young people the user knows; which others are known must not be learnt."""
    return names_any(text, {id: reader.names[id] for id in reader.inside}, whole=True)
