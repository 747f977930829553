"""Role by operation by state of the record equals the golden table, `data/roles.csv`."""

from __future__ import annotations

import csv
import importlib
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chm import casework, store
from chm.access import permitted
from chm.casework import guarded
from chm.casework.desk import INTENTIONS, Intention
from chm.casework.minutes import SIGNS
from chm.errors import NotFound, NotPermitted
from chm.records import Grant, Role, YoungPerson
from chm.role_table import STATES, RoleRow, load
from chm.store import guarded as kept
from chm.store import people

from .conftest import NOW, TODAY, USERS, Office, convene
from .things import GIVEN, things

for module in pkgutil.iter_modules(casework.__path__):
    importlib.import_module(f"chm.casework.{module.name}")
ALL = sorted((i for i in INTENTIONS.values() if not i.operation.startswith("test_")), key=lambda i: i.operation)
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
CHILD = dict(zip(STATES, ("YP-0101", "YP-0102", "YP-0103", "YP-0104", "YP-0105"), strict=True))


@pytest.fixture
def states(office: Office) -> Office:
    """A young person in each state: four are Jo's and Lee's, in a meeting that Cass chairs and Pat is invited to."""
    with store.transaction(office.engine) as session:
        for state, id in CHILD.items():
            people.add(session, YoungPerson(id, f"{state.capitalize()} Placeholder", "Merton", age=14, age_on=TODAY))
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
    return _opens(office, who, of, {of.about: named})


def _opens(office: Office, who: str, of: Intention, given: dict[str, Any]) -> bool:
    try:
        return function(of)(office[who], **given) is not False
    except NotPermitted:
        return False
    except NotFound as refused:
        return "none that you may open" not in str(refused) and str(refused) != SIGNS
    except Exception:
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
            asked = things(office, of.operation)
            cells[role] = tuple(word for word, given in asked.items() if _opens(office, who, of, given)) or ("no",)
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


def test_broken_glass_opens_the_reading_of_one_record_alone(states: Office) -> None:
    guarded.break_glass(states["jo"], CHILD["other"], "Seen at the station, and nobody answers")
    opened = {i.operation for i in ALL if i.about and opens(states, "jo", i, CHILD["other"])}
    assert opened == {i.operation for i in ALL if i.about and i.permission.value == "read_child"}


def write(office: Office, path: Path) -> None:
    """Writes the table anew from what the product does: to be read line by line before it is kept."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["operation", "permission", *(r.value for r in Role)])
        for of in ALL:
            row = actual(office, of)
            out.writerow([row.operation, row.permission, *(" ".join(row.cells[r]) for r in Role)])
