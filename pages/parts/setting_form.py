"""Assessing a group or school: the guidance's questions, then the level a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from chm.casework import frameworks, questions, setting_assessments
from chm.casework.desk import Desk
from chm.casework.setting_assessments import NewSettingAssessment
from chm.errors import ChmError
from chm.framework import LEVELS
from chm.records import Reply
from chm.setting_assessments import Question, SettingForm
from chm.settings import today
from pages.parts import faults, markup, opened_record
from pages.parts.opened_setting import OpenedSetting
from pages.parts.text import plain

SAID, VIEW, OVERVIEW, ASSESS = "setting_said", "setting_view", "Overview", "Assess"


def _said(opened: OpenedSetting) -> dict[str, Any]:
    """What is typed so far: kept apart from the widgets, which forget when another view is opened."""
    of, said = st.session_state.get(SAID, (None, {}))
    if of != opened.setting.entity.id:
        st.session_state[SAID] = (opened.setting.entity.id, said := {})
    return said


def form(desk: Desk, opened: OpenedSetting) -> None:
    """Questions at the left; level, reason and who was there at the right."""
    asked, said = questions.of_setting(opened.setting.kind), _said(opened)
    left, right = st.columns([58, 42], gap="large")
    with left:
        markup.show("setting_about", form=asked)
        replies = ask(asked, said)
    with right, st.container(key="score-panel"):
        _decision(desk, opened, asked, said, replies)


def ask(asked: SettingForm, said: dict[str, Any]) -> Mapping[str, Reply]:
    """Draw the questions of a form; `said` keeps what is typed."""
    replies = {}
    for section in asked.sections:
        markup.show("heading", text=section.title)
        with st.container(border=True, gap="small"):
            for question in section.questions:
                replies[question.id] = _question(question, said)
    return replies


def _question(question: Question, said: dict[str, Any]) -> Reply:
    before: Reply = said.get(question.id, Reply())
    options, answer = dict(question.options), ""
    with st.container(gap="xxsmall"):
        if options:
            answer = st.pills(
                plain(question.text),
                list(options),
                default=before.answer or None,
                format_func=options.__getitem__,
                key=f"setting-{question.id}",
                help=plain(question.source),
            )
            note = st.text_input(
                plain(f"{question.text}: note"),
                before.note,
                placeholder=question.ask or "Note",
                key=f"setting-note-{question.id}",
                label_visibility="collapsed",
            )
        else:
            note = st.text_area(
                plain(question.text),
                before.note,
                height=68,
                placeholder=question.ask,
                key=f"setting-note-{question.id}",
                help=plain(question.source),
            )
    said[question.id] = Reply(answer or "", note)
    return said[question.id]


def _decision(
    desk: Desk, opened: OpenedSetting, asked: SettingForm, said: dict[str, Any], replies: Mapping[str, Reply]
) -> None:
    framework, names = frameworks.current(), {p.id: p.name for p in opened.people}
    answered = sum(bool(r.answer or r.note.strip()) for r in replies.values())
    markup.show("setting_decision", answered=answered, questions=len(replies))
    level = said["level"] = st.radio(
        "Level of the setting",
        LEVELS,
        index=LEVELS.index(said["level"]) if said.get("level") else None,
        format_func=lambda level: framework.level[level].name,
        horizontal=True,
        help="Decided by a person; nothing here is added up",
    )
    markup.show("setting_levels", levels=[(v, framework.level[v].name, asked.levels[v]) for v in LEVELS], chosen=level)
    reason = said["reason"] = st.text_area("Why this level", said.get("reason", ""), height=90)
    with st.container(horizontal=True):
        day = st.date_input("Assessed on", today(), max_value=today(), format="DD/MM/YYYY", width=150)
        there = st.multiselect(
            "Who was there then", list(names), default=list(names), format_func=names.__getitem__, width="stretch"
        )
    st.caption("Whoever works with one of these young people can read it; the others' names are hidden from them.")
    if not st.button("Record the assessment", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    new = NewSettingAssessment(
        subject=opened.setting.entity.id,
        level=level or "",
        summary=reason,
        assessed_on=day,
        young_people=tuple(there),
        answers={id: r for id, r in replies.items() if r.answer or r.note.strip()},
    )
    try:
        setting_assessments.record(desk, new)
    except ChmError as error:
        faults.show(error, "Nothing was recorded")
        return
    st.session_state.pop(SAID)
    st.session_state.pop(VIEW, None)
    opened_record.changed("Assessment recorded.")
    st.rerun()
