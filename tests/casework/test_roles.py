"""Role by operation by state of the record equals the golden table, `data/roles.csv`."""

from __future__ import annotations

import csv
import importlib
import pkgutil
import re
from collections.abc import Callable
from datetime import date, timedelta
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from chm import casework, store
from chm.access import permitted
from chm.casework import addresses, guarded, tracker
from chm.casework.desk import INTENTIONS, Intention
from chm.casework.minutes import SIGNS
from chm.errors import Conflict, Faults, NotFound, NotPermitted
from chm.records import Action, Grant, Role, YoungPerson
from chm.role_table import STATES, RoleRow, load
from chm.store import guarded as kept
from chm.store import people, plans

from .conftest import NOW, TODAY, USERS, Office, convene
from .things import GIVEN, LISTS, MET, things

for module in pkgutil.iter_modules(casework.__path__):
    importlib.import_module(f"chm.casework.{module.name}")
ALL = sorted((i for i in INTENTIONS.values() if not i.operation.startswith("test_")), key=lambda i: i.operation)
UPDATE, ADDRESS = INTENTIONS["tracker.update"], INTENTIONS["addresses.write"]
TABLE = {row.operation: row for row in load()}
WHO = {
    Role.PRACTITIONER: "jo",
    Role.CHAIR: "chair",
    Role.LOCATION_ANALYST: "analyst",
    Role.PARTNER: "partner",
    Role.ADMINISTRATOR: "admin",
    Role.AUDITOR: "auditor",
    Role.SAFEGUARDING_LEAD: "lead",
}
# What is not found by somebody who was let in.
LACKING = {"No day for the next review is decided"}
CHILD = dict(zip(STATES, ("YP-0101", "YP-0102", "YP-0103", "YP-0104", "YP-0105"), strict=True))


def named(state: str) -> str:
    """The name of the young person in this state."""
    return f"{state.capitalize()} Placeholder"


@pytest.fixture
def states(office: Office) -> Office:
    """A young person in each state: four are Jo's and Lee's, in a meeting that Cass chairs and Pat is invited to.

    One more, without a link, is there for the meetings of `things`.
    """
    with store.transaction(office.engine) as session:
        for state, id in {**CHILD, "met": MET}.items():
            people.add(session, YoungPerson(id, named(state), "Merton", age=14, age_on=TODAY))
        for state, id in CHILD.items():
            plans.add_action(session, Action(f"ACT-{state}", id, "", "protect", "Visit", "Housing", "", TODAY))
        linked = [id for state, id in CHILD.items() if state != "other"]
        for id in linked:
            people.allocate(session, "u-jo", id, date(2026, 1, 1))
            people.allocate(session, "u-lead", id, date(2026, 1, 1))
        convene(session, "M-a1", "All states", TODAY, "u-chair", linked, ["u-partner"])
        for state in ("granted", "restricted"):
            people.set_state(session, CHILD[state], restricted_at=NOW)
        for user in USERS.values():
            until = TODAY + timedelta(days=1)
            kept.grant(
                session,
                Grant(
                    young_person=CHILD["granted"], user=user.id, until=until, why="w", given_by="u-lead", given_at=NOW
                ),
            )
        people.set_state(session, CHILD["closed"], closed_on=TODAY)
    return office


def opens(office: Office, who: str, of: Intention, id: str) -> bool:
    """Whether the operation gets as far as its own work on a young person: what it then lacks is no refusal."""
    assert of.about
    either: Any = SimpleNamespace(young_person=id, young_people=(id,))
    named = {"young_person": id, "young_people": (id,)}.get(of.about, either)
    try:
        return _opens(office, who, of, {of.about: named})
    except TypeError as lacks:
        if f"{function(of).__name__}() missing " not in str(lacks):
            raise
    except AttributeError as lacks:
        if lacks.obj is not either:
            raise
    return True


def _opens(office: Office, who: str, of: Intention, given: dict[str, Any]) -> bool:
    """Whether the operation lets the user in, be what it is given right or wrong; a fault of the product is neither."""
    try:
        return function(of)(office[who], **given) is not False
    except NotPermitted:
        return False
    except NotFound as refused:
        if str(refused) in LACKING:
            return True
        if "none that you may open" in str(refused) or str(refused) == SIGNS:
            return False
        raise
    except (Faults, Conflict):
        return True


def function(of: Intention) -> Callable[..., Any]:
    module, name = of.operation.split(".")
    return getattr(importlib.import_module(f"chm.casework.{module}"), name)  # type: ignore[no-any-return]


def actual(office: Office, of: Intention) -> RoleRow:
    cells: dict[Role, tuple[str, ...]] = {}
    for role, who in WHO.items():
        if not permitted({role}, of.permission):
            cells[role] = ("no",)
        elif of.about:
            cells[role] = tuple(s for s in STATES if opens(office, who, of, CHILD[s])) or ("no",)
        elif of.operation in GIVEN:
            asked = things(office, who, of.operation)
            cells[role] = tuple(word for word, given in asked.items() if _opens(office, who, of, given)) or ("no",)
        elif of.operation in LISTS:
            listed = repr(function(of)(office[who], **LISTS[of.operation]))
            cells[role] = tuple(s for s in STATES if CHILD[s] in listed or named(s) in listed) or ("yes",)
        else:
            cells[role] = ("yes",)
    return RoleRow(of.operation, of.permission.value, cells)


def test_whatever_is_given_a_meeting_a_place_or_a_record_is_asked_about_each_kind() -> None:
    ids = {"meeting", "place", "record_id", "entity", "event", "relationship", "action", "words", "edited", "said"}
    given = {i.operation for i in ALL if not i.about and ids & {*signature(function(i)).parameters}}
    assert given - {"connections.add_entity"} <= GIVEN.keys()


def test_the_table_has_every_operation_once() -> None:
    assert [row.operation for row in load()] == [i.operation for i in ALL]


@pytest.mark.parametrize("of", ALL, ids=lambda i: i.operation)
def test_role_by_operation_by_state(states: Office, of: Intention) -> None:
    assert actual(states, of) == TABLE[of.operation]


@pytest.mark.parametrize(
    ("raised", "open"),
    [
        (NotPermitted("Your role does not open this"), False),
        (NotFound("No such record, or none that you may open"), False),
        (NotFound(SIGNS), False),
        (NotFound("No day for the next review is decided"), True),
        (Faults(["due: missing"]), True),
        (Conflict("Changed"), True),
    ],
)
def test_whoever_is_not_refused_is_let_in(
    office: Office, monkeypatch: pytest.MonkeyPatch, raised: Exception, open: bool
) -> None:
    monkeypatch.setattr(tracker, "update", Mock(side_effect=raised))
    assert _opens(office, "jo", UPDATE, {}) is open


@pytest.mark.parametrize("fault", [RuntimeError("broken"), TypeError("broken"), NotFound("Nothing is asked")])
def test_a_fault_of_the_product_is_no_yes(office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    monkeypatch.setattr(tracker, "update", Mock(side_effect=fault))
    with pytest.raises(type(fault), match=str(fault)):
        _opens(office, "jo", UPDATE, {})


def test_whoever_is_let_in_may_lack_the_rest_of_what_is_asked_for(states: Office) -> None:
    assert opens(states, "jo", ADDRESS, CHILD["linked"])
    assert not opens(states, "jo", ADDRESS, CHILD["other"])


@pytest.mark.parametrize("fault", [TypeError("write() takes 2"), AttributeError("broken", name="x", obj="other")])
def test_what_is_lacking_hides_no_other_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    broken = Mock(side_effect=fault, __name__="write")
    monkeypatch.setattr(addresses, "write", broken)
    with pytest.raises(type(fault), match=re.escape(str(fault))):
        opens(office, "jo", ADDRESS, "YP-0001")


def test_broken_glass_opens_the_reading_of_one_record_alone(states: Office) -> None:
    guarded.break_glass(states["jo"], CHILD["other"], "Seen at the station, and nobody answers")
    opened = {i.operation for i in ALL if i.about and opens(states, "jo", i, CHILD["other"])}
    assert opened == {i.operation for i in ALL if i.about and i.permission.value == "read_child"}


def write(office: Office, path: Path) -> None:
    """Writes the table anew from what the product does: to be read line by line before it is kept."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["operation", "permission", *(r.value for r in Role)])
        # Lists before the meetings that asking for others makes.
        rows = [actual(office, of) for of in sorted(ALL, key=lambda i: i.operation not in LISTS)]
        for row in sorted(rows, key=lambda r: r.operation):
            out.writerow([row.operation, row.permission, *(" ".join(row.cells[r]) for r in Role)])
