"""Actions and the safety plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chm.casework import people, plans
from chm.casework.desk import Desk
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.records import Action, ActionStatus, SafetyPlan

from .conftest import TODAY, Office
from .test_desk import log


def add(desk: Desk, young_person: str = "YP-0001", **fields: Any) -> Action:
    said: dict[str, Any] = {
        "target": "place:PL-1",
        "pillar": "disrupt",
        "text": "Walk past at 16:00",
        "owner_agency": "Police",
        **fields,
    }
    return plans.add_action(desk, young_person, **said)


def test_an_action_keeps_all_that_was_said(office: Office) -> None:
    action = add(
        office["jo"],
        owner_person=" PC Invented ",
        due=date(2026, 12, 1),
        domain="places",
        step="places.disrupt.01",
        why="🦉 =cmd()\x00",
    )
    assert (action.owner_person, action.why, action.status, action.version) == (
        "PC Invented",
        "🦉 =cmd()",
        ActionStatus.OPEN,
        1,
    )
    assert people.record_of(office["jo"], "YP-0001").actions == (action,)


def test_actions_come_soonest_due_first(office: Office) -> None:
    later, none, sooner = (add(office["jo"], due=due) for due in (date(2027, 1, 1), None, date(2026, 1, 1)))
    assert people.record_of(office["jo"], "YP-0001").actions == (sooner, later, none)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"text": " \n "}, "action: empty; write something"),
        ({"text": "x" * 40_000}, "action: 40,000 characters; at most 20,000 fit"),
        ({"owner_agency": ""}, "owner's agency: empty; write something"),
        ({"owner_person": "x" * 201}, "owner: 201 characters; at most 200 fit"),
        ({"due": date(1999, 12, 31)}, "due: the date lies before 2000; give a later day"),
        (
            {"pillar": "punish"},
            "pillar: must be one of identify, prevent, support, protect, disrupt",
        ),
        *(
            (
                {"target": target},
                "target: must be kind:id, with one of the kinds young_person, person, place, vehicle, account, group",
            )
            for target in ("place", "place:", "place: ", "house:1", "Place:1", "xplace:1")
        ),
    ],
)
def test_a_faulty_action_is_refused(office: Office, fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(Faults) as said:
        add(office["jo"], **fields)
    assert said.value.faults == [fault]
    assert people.record_of(office["jo"], "YP-0001").actions == ()


@pytest.mark.parametrize("kind", ["young_person", "person", "place", "vehicle", "account", "group"])
def test_every_kind_can_be_a_target(office: Office, kind: str) -> None:
    assert add(office["jo"], target=f"{kind}:Ab-1 x").target == f"{kind}:Ab-1 x"


def test_an_action_is_edited_and_ended(office: Office) -> None:
    action = add(office["jo"])
    edited = plans.edit_action(office["jo"], "YP-0001", replace(action, text="Talk to the shop", due=TODAY))
    assert (edited.text, edited.due, edited.version) == ("Talk to the shop", TODAY, 2)
    done = plans.set_status(office["jo"], "YP-0001", edited, ActionStatus.DONE)
    assert (done.status, done.closed_on, done.version) == (ActionStatus.DONE, TODAY, 3)
    back = plans.set_status(office["lead"], "YP-0001", done, ActionStatus.UNDER_WAY)
    assert (back.status, back.closed_on) == (ActionStatus.UNDER_WAY, None)
    assert people.record_of(office["jo"], "YP-0001").actions == (back,)


def test_an_older_copy_of_an_action_is_a_conflict(office: Office) -> None:
    action = add(office["jo"])
    newer = plans.set_status(office["lead"], "YP-0001", action, ActionStatus.UNDER_WAY)
    with pytest.raises(Conflict):
        plans.edit_action(office["jo"], "YP-0001", replace(action, text="x"))
    assert people.record_of(office["jo"], "YP-0001").actions == (newer,)


def test_an_action_of_another_child_cannot_be_reached(office: Office) -> None:
    hidden = add(office["sam"], "YP-0002")
    for attempt in (hidden, replace(hidden, young_person="YP-0001"), replace(hidden, id="ACT-0")):
        with pytest.raises(NotFound):
            plans.edit_action(office["jo"], "YP-0001", attempt)
    assert people.record_of(office["sam"], "YP-0002").actions == (hidden,)


def test_my_actions_are_those_of_my_young_people_whoever_owns_them(office: Office) -> None:
    caseload = add(office["jo"], due=TODAY)
    unnamed = add(office["sam"], "YP-0002", owner_agency="Early Help")
    named = add(office["sam"], "YP-0002", owner_agency="Early Help", owner_person="Jo Placeholder")
    colleague = add(office["sam"], "YP-0002", owner_agency="Early Help", owner_person="Kit Placeholder")
    namesake = add(office["sam"], "YP-0002", owner_agency="Police", owner_person="Jo Placeholder")
    housing = add(office["sam"], "YP-0002", owner_agency="Housing", owner_person="Pat Placeholder", due=TODAY)
    add(office["jo"], owner_agency="Housing", owner_person="Pat Placeholder", status=ActionStatus.DROPPED)
    outside = add(office["jo"], owner_agency="Housing", owner_person="Pat Placeholder")
    plans.set_status(office["jo"], "YP-0001", add(office["jo"]), ActionStatus.DROPPED)
    assert plans.actions_of_mine(office["jo"])[0] == caseload
    assert set(plans.actions_of_mine(office["jo"])) == {caseload, outside}
    with pytest.raises(NotPermitted):
        plans.actions_of_mine(office["partner"])
    assert set(plans.actions_of_mine(office["sam"])) == {unnamed, named, colleague, namesake, housing}
    everybodys = {caseload, unnamed, named, colleague, namesake, housing, outside}
    assert set(plans.actions_of_mine(office["lead"])) == everybodys
    assert [(user, why) for user, operation, _, why in log(office.engine) if operation == "plans.actions_of_mine"] == [
        ("u-jo", "2 listed"), ("u-partner", "refused"), ("u-sam", "5 listed"), ("u-lead", "7 listed"),
    ]  # fmt: skip


def test_a_safety_plan_is_written_and_rewritten(office: Office) -> None:
    jo = office["jo"]
    first = plans.save_safety_plan(jo, "YP-0001", SafetyPlan("YP-0001", triggers="Loud\x00 rooms", code_words="🦉"))
    assert first == SafetyPlan("YP-0001", triggers="Loud rooms", code_words="🦉", version=1)
    second = plans.save_safety_plan(jo, "YP-0001", replace(first, numbers="0800 1111", family_copy=False))
    assert (second.version, second.family_copy) == (2, False)
    assert people.record_of(jo, "YP-0001").safety_plan == second
    for stale in (first, SafetyPlan("YP-0001", triggers="x")):
        with pytest.raises(Conflict):
            plans.save_safety_plan(jo, "YP-0001", stale)
    assert people.record_of(jo, "YP-0001").safety_plan == second


def test_a_safety_plan_of_another_child_is_not_written(office: Office) -> None:
    with pytest.raises(NotFound):
        plans.save_safety_plan(office["jo"], "YP-0001", SafetyPlan("YP-0002", triggers="x"))
    with pytest.raises(Faults, match="numbers to call: 40,000 characters"):
        plans.save_safety_plan(office["jo"], "YP-0001", SafetyPlan("YP-0001", numbers="1" * 40_000))
