"""The plan: actions with an owner and a date, and the safety plan in the young person's own words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from chm.access import Permission
from chm.casework.checks import Checks
from chm.casework.desk import Work, intention, new_id
from chm.errors import NotFound
from chm.framework import PILLARS
from chm.records import Action, ActionStatus, SafetyPlan
from chm.store import plans

KINDS = ("young_person", "person", "place", "vehicle", "account", "group")
TARGET = re.compile(rf"(?:{'|'.join(KINDS)}):\S.*")
EARLIEST_DUE = date(2000, 1, 1)
ENDED = (ActionStatus.DONE, ActionStatus.DROPPED)


@intention(Permission.PLAN, about="young_person")
def add_action(
    work: Work,
    young_person: str,
    *,
    target: str,
    pillar: str,
    text: str,
    owner_agency: str,
    owner_person: str = "",
    due: date | None = None,
    status: ActionStatus = ActionStatus.OPEN,
    domain: str | None = None,
    step: str | None = None,
    why: str = "",
) -> Action:
    """Adds an action; `target` is `kind:id`, `step` the framework's step it came from. Raises Faults, all at once."""
    action = Action(
        id=new_id("ACT"),
        young_person=young_person,
        target=target,
        pillar=pillar,
        text=text,
        owner_agency=owner_agency,
        owner_person=owner_person,
        due=due,
        status=status,
        domain=domain,
        step=step,
        why=why,
    )
    work.why = action.id
    return plans.add_action(work.session, _checked(work, action))


@intention(Permission.PLAN, about="young_person")
def edit_action(work: Work, young_person: str, action: Action) -> Action:
    """Writes an action over the version it was read as, and gives the new one.

    Raises:
        Faults: as `add_action`.
        Conflict: somebody else changed it since.
    """
    return _edited(work, young_person, action)


@intention(Permission.PLAN, about="young_person")
def set_status(work: Work, young_person: str, action: Action, status: ActionStatus) -> Action:
    """Moves an action, as it was read, to `status`; ending it notes the day. Raises as `edit_action`."""
    return _edited(work, young_person, replace(action, status=status))


def _edited(work: Work, young_person: str, action: Action) -> Action:
    if action.young_person != young_person:
        raise NotFound("No such action, or none that you may open")
    work.why = action.id
    return plans.edit_action(work.session, _checked(work, action))


def _checked(work: Work, action: Action) -> Action:
    checks = Checks(work.today)
    target = checks.line("target", action.target, needed=True)
    checks.need(bool(TARGET.fullmatch(target)), f"target: must be kind:id, with one of the kinds {', '.join(KINDS)}")
    checks.need(action.pillar in PILLARS, f"pillar: must be one of {', '.join(PILLARS)}")
    checks.need(action.due is None or action.due >= EARLIEST_DUE, "due: the date lies before 2000; give a later day")
    checked = replace(
        action,
        target=target,
        text=checks.note("action", action.text, needed=True),
        owner_agency=checks.line("owner's agency", action.owner_agency, needed=True),
        owner_person=checks.line("owner", action.owner_person),
        domain=checks.line("domain", action.domain) if action.domain else None,
        step=checks.line("step", action.step) if action.step else None,
        why=checks.note("why", action.why),
        status=ActionStatus(action.status),
        closed_on=(action.closed_on or work.today) if action.status in ENDED else None,
    )
    checks.done()
    return checked


@intention(Permission.READ_OWN_WORK, hourly=True)
def actions_of_mine(work: Work) -> list[Action]:
    """Live actions of the young people in the user's reach. The user's own beyond it are masked: `tracker.read`."""
    found = plans.actions_of(work.session, work.scope)
    work.listed(a.id for a in found)
    return found


@intention(Permission.PLAN, about="young_person")
def save_safety_plan(work: Work, young_person: str, plan: SafetyPlan) -> SafetyPlan:
    """Writes the safety plan over the version it was read as; version 0 is a new one.

    Raises:
        Faults: a text is too long.
        Conflict: somebody else changed it since.
    """
    if plan.young_person != young_person:
        raise NotFound("No such plan, or none that you may open")
    checks = Checks(work.today)
    checked = replace(
        plan,
        triggers=checks.note("triggers", plan.triggers),
        code_words=checks.note("code words", plan.code_words),
        safe_adults=checks.note("safe adults", plan.safe_adults),
        ways_out=checks.note("ways out", plan.ways_out),
        numbers=checks.note("numbers to call", plan.numbers),
    )
    checks.done()
    return plans.save_safety_plan(work.session, checked)
