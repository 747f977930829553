"""The lists of one's own work; each row leads to what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Literal

import streamlit as st

from chm.casework import frameworks, plans
from chm.casework import notices as notices_
from chm.casework.desk import Desk
from chm.casework.people import CaseloadRow
from chm.errors import ChmError
from chm.framework import LEVELS
from chm.meetings.tracked import Kind, Tracked
from chm.records import Action, ActionStatus, Notice
from chm.scoring import RANK
from chm.settings import today
from pages.parts import markup, navigation, open_draft, opened_record
from pages.parts.text import plain

SOON = timedelta(days=42)
SHOWN = 6
WHERE = {Kind.PLAN: "plan", Kind.MEETING: "meeting", Kind.PLACE: "place"}


def who(desk: Desk) -> str:
    """Today and who is here."""
    roles = ", ".join(r.replace("_", " ") for r in sorted(desk.user.roles))
    return f"{today():%A} {today().day} {today():%B %Y} · {desk.user.name}, {roles}"


def reviews(desk: Desk, rows: Sequence[CaseloadRow], may_score: bool) -> None:
    """Reviews due in six weeks or overdue, the most urgent first."""
    due = [r for r in rows if r.latest and r.latest.review_by and r.latest.review_by <= today() + SOON]
    due.sort(key=lambda r: (r.latest.review_by, -RANK[r.latest.judged]) if r.latest else ())
    with _list(f"Reviews due · {len(due)}", "soonest first, next six weeks"):
        if not due:
            st.caption("No review falls due in the next six weeks.")
        _some(due, partial(_review, desk, may_score), "reviews")


def _review(desk: Desk, may_score: bool, row: CaseloadRow) -> None:
    assert row.latest and row.latest.review_by
    person = row.young_person
    score = row.latest.score
    significant = f" · {len(score.significant)} Significant" if score.significant else ""
    with _row():
        with st.container(width="stretch"):
            markup.show(
                "work_row",
                name=person.name,
                id=person.id,
                **when(row.latest.review_by),
                level=row.latest.judged,
                word=frameworks.current().level[row.latest.judged].name,
                tag="",
                what=f"Total {score.combined.score}{significant}",
            )
        if st.button("Open", key=f"open-{person.id}", help=plain(f"Open {person.name}")):
            _open(person.id)
        if may_score and st.button("Review", key=f"review-{person.id}", help=plain(f"Score {person.name} again")):
            _score(desk, person.id)


def actions(desk: Desk, rows: Sequence[CaseloadRow], mine: Sequence[Action], elsewhere: Sequence[Tracked]) -> None:
    """Live actions of my young people, and my own on others, in meetings and at places."""
    names = {r.young_person.id: r.young_person.name for r in rows}
    ordered = sorted([*mine, *elsewhere], key=lambda a: a.due or date.max)
    with _list(f"My actions · {len(ordered)}", "mine, or for my young people"):
        if not ordered:
            st.caption("No action is open.")
        _some(ordered, partial(_action, desk, names), "actions")


def _action(desk: Desk, names: dict[str, str], action: Action | Tracked) -> None:
    known = isinstance(action, Action)
    with _row():
        with st.container(width="stretch"):
            markup.show(
                "work_row",
                name=names[action.young_person] if known else action.about[:1].upper() + action.about[1:],
                id=action.young_person if known else WHERE[action.kind],
                **when(action.due),
                level=None,
                word="",
                tag=action.pillar.capitalize(),
                what=action.text if known else action.what,
            )
        if known:
            st.button("Done", key=f"done-{action.id}", on_click=partial(_done, desk, action))
        elif st.button("Open", key=f"track-{action.key}", help="Open it among all actions"):
            navigation.go(navigation.ACTIONS)


def _done(desk: Desk, action: Action) -> None:
    try:
        plans.set_status(desk, action.young_person, action, ActionStatus.DONE)
    except ChmError as error:
        opened_record.failed(error)
    else:
        opened_record.changed("Action done.")


def drafts(desk: Desk, rows: Sequence[CaseloadRow]) -> None:
    """Assessments begun and not yet recorded."""
    begun = [r for r in rows if r.answered is not None]
    with _list(f"Drafts · {len(begun)}", "saved as you go"):
        if not begun:
            st.caption("No draft is open.")
        for r in begun:
            with _row():
                with st.container(width="stretch"):
                    markup.show(
                        "person_row",
                        name=r.young_person.name,
                        facts=r.young_person.id,
                        level=None,
                        significant=0,
                        answered=r.answered,
                        domains=len(frameworks.current().domains),
                    )
                if st.button(
                    "Go on", key=f"go-{r.young_person.id}", help=plain(f"Go on scoring {r.young_person.name}")
                ):
                    _score(desk, r.young_person.id)


def by_level(rows: Sequence[CaseloadRow]) -> None:
    """My young people, by the level last judged."""
    with _list(f"My young people · {len(rows)}", "by judged level"):
        if not rows:
            st.caption("Nobody is on your caseload yet.")
        for level in (*reversed(LEVELS), None):
            group = [r for r in rows if (r.latest.judged if r.latest else None) == level]
            if group:
                word = frameworks.current().level[level].name if level else "Not assessed yet"
                with _row(align="top"):
                    with st.container(width=150):
                        markup.show("level_head", level=level, word=word, count=len(group))
                    with st.container(horizontal=True, gap="xsmall", width="stretch", key=f"people-{level}"):
                        for r in group:
                            hidden = len(r.latest.score.significant) if r.latest and level != "significant" else 0
                            label = f"{r.young_person.name} ({hidden} Significant)" if hidden else r.young_person.name
                            if st.button(plain(label), key=f"who-{r.young_person.id}", type="tertiary"):
                                _open(r.young_person.id)


def notices(desk: Desk, found: Sequence[Notice], rows: Sequence[CaseloadRow]) -> None:
    """Word for me."""
    names = {r.young_person.id: r.young_person.name for r in rows}
    unseen = [n for n in found if not n.seen_at]
    if not unseen:
        return
    with _list(f"Notices · {len(unseen)}", "for you to look at"):
        for notice in unseen:
            with _row():
                with st.container(width="stretch"):
                    markup.show("notice_row", name=names.get(notice.record, notice.record), notice=notice)
                st.button("Seen", key=f"seen-{notice.id}", on_click=partial(_seen, desk, notice.id))


def _seen(desk: Desk, id: str) -> None:
    try:
        notices_.seen(desk, id)
    except ChmError as error:
        opened_record.failed(error)


def when(day: date | None) -> dict[str, object]:
    """`day` in the words of a list, and whether it is past."""
    if day is None:
        return {"when": "No date", "late": False}
    late = (today() - day).days
    if late > 0:
        return {"when": f"Late by {late} day{'' if late == 1 else 's'}", "late": True}
    return {"when": "Due today" if late == 0 else f"Due {day:%a} {day.day} {day:%b}", "late": False}


def _some(found: Sequence[object], draw: object, key: str) -> None:
    for one in found[:SHOWN]:
        draw(one)  # type: ignore[operator]
    if len(found) > SHOWN:
        with st.expander(f"{len(found) - SHOWN} more", type="compact", key=f"more-{key}"):
            for one in found[SHOWN:]:
                draw(one)  # type: ignore[operator]


def _open(id: str) -> None:
    opened_record.choose(id)
    navigation.go(navigation.YOUNG_PERSON)


def _score(desk: Desk, id: str) -> None:
    try:
        open_draft.begin(desk, id)
    except ChmError as error:
        st.error(plain(str(error)))
        return
    navigation.go(navigation.SCORE)


def _list(head: str, note: str) -> st.delta_generator.DeltaGenerator:
    markup.show("list_head", head=head, note=note)
    return st.container(border=True, gap="xsmall")


def _row(align: Literal["top", "center"] = "center") -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment=align, gap="small", wrap=False)
