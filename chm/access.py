"""Who may do what: roles to permissions, and how far each role reaches. What is not here is denied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chm.records import Role


class Permission(StrEnum):
    """What one casework function needs."""

    FIND = "find"
    READ_CHILD = "read_child"
    SCORE = "score"
    PLAN = "plan"
    ADD_CHILD = "add_child"
    IMPORT_CHILDREN = "import_children"
    EXPORT_CHILD = "export_child"
    READ_OWN_WORK = "read_own_work"
    READ_AUDIT = "read_audit"
    REVIEW_USE = "review_use"
    ADMINISTER_USERS = "administer_users"
    VIEW_USERS = "view_users"
    APPROVE_ROLES = "approve_roles"
    CHANGE_FRAMEWORK = "change_framework"
    READ_NETWORK = "read_network"
    RECORD_CONNECTION = "record_connection"
    MERGE_ENTITIES = "merge_entities"
    IMPORT_CONNECTIONS = "import_connections"
    EXPORT_NETWORK = "export_network"
    PROPOSE_ACTION = "propose_action"
    ASSESS_SETTING = "assess_setting"
    READ_PLACES = "read_places"
    EXPORT_PLACES = "export_places"
    EDIT_PLACES = "edit_places"
    PLACE_ACTIONS = "place_actions"
    IMPORT_PUBLIC = "import_public"
    PLAN_MEETING = "plan_meeting"
    ATTEND_MEETING = "attend_meeting"
    TRACK_ACTIONS = "track_actions"
    GUARD_RECORDS = "guard_records"
    CLOSE_RECORD = "close_record"
    BREAK_GLASS = "break_glass"
    REVIEW_BREAK_GLASS = "review_break_glass"
    READ_PROTECTED_ADDRESS = "read_protected_address"
    HOLD_AND_DELETE = "hold_and_delete"
    SUBJECT_ACCESS = "subject_access"
    BACK_UP = "back_up"


class Reach(StrEnum):
    """Which young people a role's permissions open."""

    CASELOAD = "caseload"
    MEETINGS = "meetings"
    ONE_MEETING = "one_meeting"
    BROKEN_GLASS = "broken_glass"
    OPEN_RECORDS = "open_records"
    ALL = "all"


CONNECTIONS = frozenset(
    {
        Permission.READ_NETWORK,
        Permission.RECORD_CONNECTION,
        Permission.MERGE_ENTITIES,
        Permission.PROPOSE_ACTION,
        Permission.PLACE_ACTIONS,
        Permission.ASSESS_SETTING,
    }
)

MEETING = frozenset({Permission.ATTEND_MEETING, Permission.TRACK_ACTIONS})

ROLES: dict[Role, frozenset[Permission]] = {
    Role.PRACTITIONER: frozenset(
        {
            Permission.FIND,
            Permission.READ_CHILD,
            Permission.SCORE,
            Permission.PLAN,
            Permission.ADD_CHILD,
            Permission.EXPORT_CHILD,
            Permission.EXPORT_NETWORK,
            Permission.READ_OWN_WORK,
            Permission.READ_PLACES,
            Permission.CLOSE_RECORD,
            Permission.READ_PROTECTED_ADDRESS,
            Permission.BREAK_GLASS,
        }
    )
    | CONNECTIONS
    | MEETING,
    Role.CHAIR: frozenset(
        {
            Permission.FIND,
            Permission.READ_CHILD,
            Permission.READ_OWN_WORK,
            Permission.READ_PLACES,
            Permission.PLAN_MEETING,
            Permission.BREAK_GLASS,
        }
    )
    | CONNECTIONS
    | MEETING,
    Role.PARTNER: MEETING,
    Role.LOCATION_ANALYST: frozenset(
        {
            Permission.READ_PLACES,
            Permission.EXPORT_PLACES,
            Permission.EDIT_PLACES,
            Permission.PLACE_ACTIONS,
            Permission.IMPORT_PUBLIC,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.ADMINISTER_USERS, Permission.VIEW_USERS, Permission.CHANGE_FRAMEWORK, Permission.BACK_UP}
    ),
    Role.AUDITOR: frozenset({Permission.READ_AUDIT, Permission.REVIEW_BREAK_GLASS, Permission.VIEW_USERS}),
    Role.SAFEGUARDING_LEAD: frozenset(Permission)
    - {Permission.ADMINISTER_USERS, Permission.CHANGE_FRAMEWORK, Permission.BREAK_GLASS, Permission.BACK_UP},
}

REACH: dict[Role, Reach] = {
    Role.PRACTITIONER: Reach.CASELOAD,
    Role.CHAIR: Reach.MEETINGS,
    Role.SAFEGUARDING_LEAD: Reach.ALL,
}


# Where a role reaches less far by a permission than by its others: a lead sees every assessment, and writes their own.
NARROWER: dict[tuple[Role, Permission], Reach] = {(Role.SAFEGUARDING_LEAD, Permission.SCORE): Reach.CASELOAD}


@dataclass(frozen=True)
class Scope:
    """The young people one user may meet through one permission on one day. No reach: none of them.

    A restricted record needs a grant besides, but for `Reach.ALL`; a closed one is in no reach but that.
    `meeting` is the id of the one meeting whose young people `Reach.ONE_MEETING` opens. `at` is the moment that
    broken glass is asked at. `meetings_since` is the first day of meetings that `Reach.MEETINGS` opens whose next
    review is not to come; None: none.
    """

    user: str
    reach: frozenset[Reach]
    on: date
    meeting: str = ""
    at: datetime | None = None
    meetings_since: date | None = None


def permitted(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of `roles` carries `permission`."""
    return any(permission in ROLES.get(role, frozenset()) for role in roles)


def reach(roles: Iterable[Role], permission: Permission) -> frozenset[Reach]:
    """How far `permission` reaches: a role that lacks it adds nothing, so reaches never mix across roles."""
    held = [r for r in roles if r in REACH and permission in ROLES.get(r, frozenset())]
    found = {NARROWER.get((r, permission), REACH[r]) for r in held}
    if permission == Permission.READ_CHILD and any(Permission.BREAK_GLASS in ROLES.get(r, frozenset()) for r in roles):
        found.add(Reach.BROKEN_GLASS)
    return frozenset(found)
