"""What was decided about a group or school: assessments, newest first, and the actions on it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from chm.access import Permission
from chm.casework import frameworks, questions
from chm.casework.desk import Desk
from chm.casework.linked import context
from chm.records import SettingAssessment
from chm.target_actions import TargetAction, recommend
from pages.parts import markup
from pages.parts.opened_setting import OpenedSetting
from pages.parts.propose import propose

FIRST = 3


def assessments(opened: OpenedSetting) -> None:
    """The latest assessment, and those before it."""
    found = opened.history
    markup.show("list_head", head=f"Assessments · {len(found)}", note="of the setting, not of a child")
    with st.container(border=True, gap="xsmall"):
        if not found:
            st.caption("Not assessed yet. “Assess” above asks the guidance's questions.")
            return
        _assessment(opened, found[0])
        if found[1:]:
            with st.expander(f"{len(found) - 1} before it", type="compact"):
                for earlier in found[1:]:
                    _assessment(opened, earlier)


def _assessment(opened: OpenedSetting, found: SettingAssessment) -> None:
    asked = questions.of_setting(found.kind).question
    names = {p.id: p.name for p in opened.people}
    markup.show(
        "setting_assessment",
        found=found,
        word=frameworks.current().level[found.level].name,
        there=[names.get(id, id) for id in found.young_people],
        replies=[
            (q.text, dict(q.options).get(found.answers[q.id].answer, ""), found.answers[q.id].note)
            for q in asked.values()
            if q.id in found.answers
        ],
    )


def actions(opened: OpenedSetting) -> None:
    """Shared actions on the setting, and how they fare."""
    names = {p.id: p.name for p in opened.people}
    markup.show("list_head", head=f"Shared actions · {len(opened.actions)}", note="each worker accepts for one child")
    with st.container(border=True, gap="xsmall"):
        if not opened.actions:
            st.caption("Nothing is proposed yet.")
        for found in opened.actions:
            markup.show(
                "setting_action",
                found=found,
                parts=[(names.get(p.young_person, p.young_person), p) for p in found.parts],
            )


def recommended(desk: Desk, opened: OpenedSetting) -> None:
    """What the guidance recommends for such a setting, to propose; or an action of one's own."""
    if not desk.may(Permission.PROPOSE_ACTION) or not opened.people:
        return
    advice = _recommended(opened)
    markup.show("list_head", head=f"Recommended · {len(advice)}", note="from the guidance, for this setting")
    with st.container(border=True, gap="xsmall"):
        _rows(desk, opened, advice, 0, FIRST)
        if len(advice) > FIRST:
            with st.expander(f"{len(advice) - FIRST} more", type="compact"):
                _rows(desk, opened, advice, FIRST, len(advice))
        if st.button("An action of your own", icon=":material/add:"):
            _propose(desk, opened, ())


def _rows(desk: Desk, opened: OpenedSetting, advice: Sequence[TargetAction], first: int, last: int) -> None:
    for n, action in enumerate(advice[first:last], first):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            with st.container(width="stretch"):
                markup.show("setting_recommended", action=action, head=n == 0 or advice[n - 1].pillar != action.pillar)
            if st.button("Propose", key=f"propose-{action.target}-{action.id}"):
                _propose(desk, opened, (action,))


def _propose(desk: Desk, opened: OpenedSetting, recommended: Sequence[TargetAction]) -> None:
    propose(desk, opened.party, opened.setting.entity.label, [p.id for p in opened.people], recommended)


def _recommended(opened: OpenedSetting) -> list[TargetAction]:
    about = context(opened.party, opened.ties, opened.people)
    return recommend(questions.target_actions(), frameworks.current(), opened.party, opened.setting.entity, about)
