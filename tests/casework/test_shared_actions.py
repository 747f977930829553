"""Shared actions that wait for a young person's worker."""

from __future__ import annotations

from chm import store
from chm.casework import shared_actions
from chm.records import SharedAction
from chm.store import shared_actions as kept

from .conftest import NOW, Office
from .test_desk import log

CHECK = SharedAction(
    id="SA-a1", target="vehicle:VEH-b1", pillar="disrupt", text="Check the car", owner_agency="Police", owner_person="",
    due=None, step=None, why="", asked={}, proposed_by="u-lead", at=NOW,
)  # fmt: skip


def test_what_waits_is_counted_by_its_young_people(town: Office) -> None:
    with store.transaction(town.engine) as session:
        kept.add(session, CHECK, ["YP-0001", "YP-0002"])
    for who, waiting in (("lead", ["YP-0001", "YP-0002"]), ("jo", ["YP-0001"])):
        assert [found.part.young_person for found in shared_actions.waiting(town[who])] == waiting
    assert log(town.engine) == [
        ("u-lead", "shared_actions.waiting", "", "2 listed"), ("u-jo", "shared_actions.waiting", "", "1 listed"),
    ]  # fmt: skip
