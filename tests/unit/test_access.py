"""Roles, permissions and reach."""

from __future__ import annotations

import pytest

from chm.access import REACH, ROLES, Permission, Reach, permitted, reach
from chm.records import Role

WORK = {"find", "read_child", "score", "plan", "add_child", "export_child", "export_network", "read_own_work"}
CONNECTIONS = {
    "read_network", "record_connection", "merge_entities", "propose_action", "place_actions", "assess_setting",
}  # fmt: skip
MEETING = {"attend_meeting", "track_actions"}
LOCALITY = {"read_places", "export_places", "edit_places", "place_actions", "import_public"}


@pytest.mark.parametrize(
    ("role", "permissions"),
    [
        (
            Role.PRACTITIONER,
            WORK | CONNECTIONS | MEETING | {"read_places", "close_record", "read_protected_address", "break_glass"},
        ),
        (
            Role.CHAIR,
            {"find", "read_child", "read_own_work", "read_places", "plan_meeting", "break_glass"}
            | CONNECTIONS
            | MEETING,
        ),
        (Role.LOCATION_ANALYST, LOCALITY),
        (Role.PARTNER, MEETING),
        (Role.ADMINISTRATOR, {"administer_users", "view_users", "change_framework", "back_up"}),
        (Role.AUDITOR, {"read_audit", "review_break_glass", "view_users"}),
        (
            Role.SAFEGUARDING_LEAD,
            WORK
            | CONNECTIONS
            | MEETING
            | LOCALITY
            | {"import_children", "import_connections", "read_audit", "plan_meeting", "close_record", "guard_records"}
            | {"read_protected_address", "review_break_glass", "review_use", "view_users", "approve_roles"}
            | {"hold_and_delete", "subject_access"},
        ),
    ],
)
def test_each_role_opens_exactly_this(role: Role, permissions: set[str]) -> None:
    assert {p.value for p in ROLES[role]} == permissions


def test_every_role_is_decided() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_no_role_opens_nothing(permission: Permission) -> None:
    assert not permitted([], permission)
    assert reach([], permission) == frozenset()


def test_a_role_unknown_to_the_table_opens_nothing() -> None:
    assert not permitted(["visitor"], Permission.FIND)  # type: ignore[list-item]


def test_only_three_roles_reach_young_people() -> None:
    assert REACH == {
        Role.PRACTITIONER: Reach.CASELOAD,
        Role.CHAIR: Reach.MEETINGS,
        Role.SAFEGUARDING_LEAD: Reach.ALL,
    }


@pytest.mark.parametrize(
    ("permission", "far"),
    [
        (Permission.READ_CHILD, {Reach.CASELOAD, Reach.MEETINGS, Reach.BROKEN_GLASS}),
        (Permission.READ_NETWORK, {Reach.CASELOAD, Reach.MEETINGS}),
        (Permission.SCORE, {Reach.CASELOAD}),
        (Permission.READ_AUDIT, set()),
    ],
)
def test_a_second_role_never_stretches_what_it_does_not_carry(permission: Permission, far: set[Reach]) -> None:
    assert reach([Role.PRACTITIONER, Role.CHAIR, Role.AUDITOR], permission) == far
