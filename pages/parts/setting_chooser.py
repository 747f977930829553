"""Choosing a group or school, or giving a name to young people who belong together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from chm.access import Permission
from chm.casework import network, setting_assessments
from chm.casework.desk import Desk
from chm.casework.setting_assessments import Setting
from chm.errors import ChmError
from pages.parts import faults, markup, navigation, opened_setting
from pages.parts.text import plain

HEADS = {"group": ("Groups", "known by a name"), "school": ("Schools", "and colleges or other provision")}


def choose(desk: Desk) -> None:
    """Groups and schools in reach at the left, naming a group at the right."""
    found = setting_assessments.mine(desk)
    left, right = st.columns([58, 42], gap="large")
    with left:
        for kind, (head, note) in HEADS.items():
            of_kind = [s for s in found if s.kind == kind]
            markup.show("list_head", head=f"{head} · {len(of_kind)}", note=note)
            with st.container(border=True, gap="xsmall"):
                if not of_kind:
                    st.caption("None is recorded around your young people yet.")
                for setting in of_kind:
                    _row(setting)
    with right:
        if desk.may(Permission.ASSESS_SETTING):
            markup.show(
                "list_head", head="Name a group", note="young people who belong together, to assess them as one"
            )
            _name(desk)


def _row(setting: Setting) -> None:
    n = len(setting.young_people)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(width="stretch"):
            markup.show(
                "setting_row",
                label=setting.entity.label,
                facts=f"{n} young {'person' if n == 1 else 'people'}" if n else "nobody recorded yet",
                description=setting.entity.description if setting.entity.name else "",
            )
        st.button(
            "Open",
            key=f"setting-{setting.entity.id}",
            help=plain(f"Open {setting.entity.label}"),
            on_click=partial(opened_setting.choose, setting.entity.id),
        )


@st.dialog("Name a group")
@faults.plainly
def name_group(desk: Desk, young_people: Sequence[str]) -> None:
    """Give a name to `young_people` (ids) whom the links put together, and open the page of the group."""
    _name(desk, young_people)


def _name(desk: Desk, young_people: Sequence[str] = ()) -> None:
    names = {p.id: f"{p.name} ({p.id})" for p in network.mine(desk)}
    with st.form("name_group", border=not young_people):
        name = st.text_input("What the group is called", max_chars=200, help="What it calls itself, or a neutral name")
        who = st.multiselect(
            "Who is in it",
            list(names),
            default=[id for id in young_people if id in names],
            format_func=names.__getitem__,
            placeholder="Young people",
        )
        st.caption("Naming ties nobody to anybody: say on the network who was seen with whom.")
        if not st.form_submit_button("Name it", type="primary"):
            return
    try:
        group = setting_assessments.name_group(desk, name, tuple(who))
    except ChmError as error:
        faults.show(error, "No group was made")
        return
    opened_setting.choose(group.id, tuple(who))
    if young_people:
        navigation.go(navigation.SETTING)
    st.rerun()
