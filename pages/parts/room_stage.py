"""What the room looks at: the bar, the agenda, and one thing at a time. What is pressed is answered, then drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from chm.casework import meetings, sign_in
from chm.casework.desk import Desk
from chm.casework.meetings import meeting_rules
from chm.casework.room import Shown
from chm.errors import ChmError, SignedOut
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.records import Attendance, Attending
from pages.parts import faults, gate, markup, navigation, opened_room, room_items, room_labels, room_pictures, room_plan
from pages.parts.opened_room import OpenedRoom

KEY, LEAVE = "room-stage", "room_leave"
MODES = (("pseudonyms", "Pseudonyms"), ("initials", "Initials"), ("names", "Names"))
PICTURES = ("network", "map")

# One component: each element that Streamlit draws costs as much as all that stands in this one.
_component = st.components.v2.component(
    "chm_room_stage",
    html='<div class="chm-room-stage stHtml"><div data-part="bar"></div><div data-part="agenda"></div>'
    '<div data-part="centre"></div></div>',
    js=(Path(__file__).parent / "room_stage.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@st.fragment
@faults.plainly
def stage(desk: Desk, opened: OpenedRoom) -> None:
    """Draw it. A step of the agenda reruns this alone, unless it changes more than what is looked at."""
    opened.behind = False
    if opened.whole:
        opened.whole = False
        st.rerun()
    if st.session_state.pop(LEAVE, False):
        sign_in.keep_place(desk, {})
        opened_room.close()
        navigation.go(navigation.MEETINGS)
    _component(key=KEY, data=told(opened), on_pressed_change=lambda: _said(desk, opened))


def told(opened: OpenedRoom) -> dict[str, Any]:
    """What the browser is sent: the markup of each part, what is looked at and called, and which picture is seen.

    `answered` is the number of the last press that was, counted from the browser's first of this `turn`.
    """
    now = opened.now
    return {
        "turn": opened.turned,
        "answered": opened.answered,
        "bar": _bar(opened),
        "agenda": _agenda(opened),
        "centre": _centre(opened),
        "now": f"{opened.item} {now}",
        "about": room_labels.labels(opened).get(now, ""),
        "picture": now if now in PICTURES and (now != "network" or opened.networked) else "",
    }


def _bar(opened: OpenedRoom) -> str:
    shown, now = opened.shown, opened.now
    person = now.partition(":")[2] if now.startswith(f"{YOUNG_PERSON}:") else ""
    return markup.render(
        "room_bar",
        shown=shown.shown.value,
        modes=MODES,
        count=len(opened.seen.people),
        on=shown.on,
        closed=opened.record.closed,
        chairing=shown.chairing,
        person=person if shown.shown != Shown.NAMES else "",
        seconds=meeting_rules().reveal_seconds,
        invented=gate.invented(),
    )


def _agenda(opened: OpenedRoom) -> str:
    item = meeting_rules().item[opened.item]  # type: ignore[index]
    return markup.render(
        "room_agenda",
        agenda=[
            {
                "id": i.id,
                "key": i.key,
                "name": i.name,
                "now": i.id == opened.item,
                "facts": room_items.facts(opened, i.id),
            }
            for i in meeting_rules().agenda
        ],
        prompts=[(p.text, p.source) for p in item.prompts],
    )


def _centre(opened: OpenedRoom) -> str:
    now, steps = opened.now, opened.steps()
    template, values = {
        "purpose": room_items.purpose,
        "levels": room_items.levels,
        "network": room_pictures.network_head,
        "map": room_pictures.map_head,
        "themes": room_items.themes,
        "voice": room_items.voice,
        "coverage": room_plan.grid,
        "shared": room_plan.rest,
        "review": room_plan.review,
    }.get(now, room_items.person if now.startswith(f"{YOUNG_PERSON}:") else room_items.thing)(opened)
    fault, opened.fault = opened.fault, []
    return (markup.render("room_fault", lines=fault) if fault else "") + markup.render(
        template,
        step=steps.index(now) + 1,
        steps=len(steps),
        may=not opened.record.closed,
        **values,
    )


def _said(desk: Desk, opened: OpenedRoom) -> None:
    """Answer what was pressed, which may be anything that a browser sends; a press that fails takes none with it."""
    opened.behind = True
    heard = dict(st.session_state.get(KEY) or {}).get("pressed")
    try:
        sign_in.active(desk)
        for press in heard if isinstance(heard, list) else []:
            number, said = press if isinstance(press, list) and len(press) == 2 else (0, "")
            if isinstance(number, int) and number > opened.answered and isinstance(said, str):
                opened.answered = number
                _answer(desk, opened, said)
        opened_room.keep_place(desk, opened)
    except SignedOut:
        pass  # The fragment asks again before it draws anything.
    except ChmError as error:
        opened.fault = faults.lines(error)


def _answer(desk: Desk, opened: OpenedRoom, said: str) -> None:
    what, _, which = said.partition(":")
    try:
        _pressed(desk, opened, what, which)
    except SignedOut:
        raise
    except ChmError as error:
        opened.fault = faults.lines(error)


def _pressed(desk: Desk, opened: OpenedRoom, what: str, which: str) -> None:
    if what == "item":
        opened.go(which)
    elif what == "move" and which in ("1", "-1"):
        opened.move(int(which))
    elif what == "turn" and which in ("1", "-1"):
        opened.turn(int(which))
    elif what in ("person", "thing"):
        _look_at(opened, f"{YOUNG_PERSON}:{which}" if what == "person" else which)
    elif what == "shown" and which in [m.value for m in Shown]:
        opened_room.name(desk, opened, Shown(which))
    elif what == "reveal":
        opened_room.reveal(desk, opened, which)
    elif what == "leave":
        st.session_state[LEAVE] = True
    elif what == "close" and opened.shown.chairing and not opened.record.closed:
        opened.closing = opened.whole = True
    elif what == "attend":
        _attend(desk, opened, which)
    elif what in ("write", "take", "asked"):
        room_plan.ready(opened, what, which)


def _look_at(opened: OpenedRoom, said: str) -> None:
    for item in ("young_people", "people", "locations"):
        steps = opened.steps(item)
        if said in steps:
            opened.go(item, steps.index(said))


def _attend(desk: Desk, opened: OpenedRoom, which: str) -> None:
    number, _, status = which.partition(".")
    listed = room_items.coming(opened)
    if number.isdigit() and int(number) < len(listed) and status in list(Attending):
        row = listed[int(number)]
        kept = row["kept"] or Attendance(meeting=opened.meeting, agency=row["agency"], version=0)
        meetings.attend(
            desk,
            Attendance(
                meeting=kept.meeting, agency=kept.agency, name=kept.name, status=Attending(status), user=kept.user,
                version=kept.version,
            ),
        )  # fmt: skip
        opened_room.refresh(desk, opened)
