"""Every page, where it is, and whom it serves: the one table of the product's screens."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from chm.records import Role, User

CASEWORK = frozenset({Role.PRACTITIONER, Role.SAFEGUARDING_LEAD})
EVERYBODY = frozenset(Role)


class Screen(NamedTuple):
    """One page: its file under `pages/`, address, title, icon and the roles it serves; reached from another if not
    `listed`."""

    file: str
    address: str
    title: str
    icon: str
    roles: frozenset[Role]
    listed: bool = True


HOME = Screen("practice/home.py", "my-work", "My work", "inbox", CASEWORK | {Role.CHAIR})
SCORE = Screen("practice/score.py", "score", "Score", "checklist", CASEWORK)
YOUNG_PERSON = Screen("practice/young_person.py", "young-people", "Young people", "person", CASEWORK | {Role.CHAIR})
NETWORK = Screen("meeting/network.py", "network", "Network", "hub", CASEWORK | {Role.CHAIR})
MISSING = Screen("meeting/missing.py", "missing", "Missing together", "timeline", CASEWORK | {Role.CHAIR})
MEETINGS = Screen("meeting/meetings.py", "meetings", "Meetings", "groups_3", CASEWORK | {Role.CHAIR, Role.PARTNER})
ROOM = Screen("meeting/room.py", "room", "Meeting room", "meeting_room", CASEWORK | {Role.CHAIR, Role.PARTNER}, False)
SETTING = Screen("meeting/setting.py", "group", "Group or school", "groups", CASEWORK | {Role.CHAIR})
PLACES = Screen("locality/places.py", "places", "Places", "location_on", CASEWORK | {Role.CHAIR, Role.LOCATION_ANALYST})
ACTIONS = Screen("meeting/actions.py", "actions", "Actions", "task_alt", CASEWORK | {Role.CHAIR, Role.PARTNER})
IMPORT = Screen("office/exchange.py", "import", "Import", "upload_file", frozenset({Role.SAFEGUARDING_LEAD}))
AUDIT = Screen("office/audit.py", "audit", "Audit", "fact_check", frozenset({Role.AUDITOR, Role.SAFEGUARDING_LEAD}))
USERS = Screen("office/admin.py", "users", "Users", "manage_accounts", frozenset({Role.ADMINISTRATOR, Role.AUDITOR}))
GUIDANCE = Screen("office/guidance.py", "guidance", "Guidance", "menu_book", EVERYBODY)
SCREENS = (
    HOME,
    SCORE,
    YOUNG_PERSON,
    NETWORK,
    MISSING,
    SETTING,
    PLACES,
    ACTIONS,
    MEETINGS,
    ROOM,
    IMPORT,
    AUDIT,
    USERS,
    GUIDANCE,
)


def page(screen: Screen) -> Any:
    """The Streamlit page of `screen`."""
    return st.Page(
        f"pages/{screen.file}",
        title=screen.title,
        icon=f":material/{screen.icon}:",
        url_path=screen.address,
        visibility="visible" if screen.listed else "hidden",
    )


def pages(user: User) -> Any:
    """The navigation of `user`: the screens that serve one of their roles; the root leads to the first of them.

    The root is a page of its own, for the default page has no other address: whoever's first it is could not open it
    by the address that everybody else has.
    """
    open_to = [s for s in SCREENS if s.roles & user.roles]
    root = st.Page(
        partial(begin, open_to[0]), title=open_to[0].title, url_path="start", default=True, visibility="hidden"
    )
    return st.navigation([root, *map(page, open_to)], position="top")


def begin(first: Screen) -> None:
    """Leave the root for `first`, or for the meeting that was on the screen when the last sign-in ended."""
    from pages.parts import gate, opened_room

    desk = gate.desk()
    go(ROOM if desk.session and opened_room.come_back(desk) else first)


def go(screen: Screen) -> None:
    """Leave for `screen`."""
    st.switch_page(page(screen))
