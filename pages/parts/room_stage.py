"""What the room looks at: the bar, the agenda, and one thing at a time. What is pressed is answered, then drawn."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework import meetings, sign_in
from chm.casework.desk import Desk
from chm.casework.meetings import meeting_rules
from chm.casework.room import Shown
from chm.errors import ChmError, SignedOut
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.records import Attendance, Attending
from pages.parts import faults, navigation, opened_room, pressable, room_items, room_pictures, room_plan
from pages.parts.opened_room import OpenedRoom

MODES = (("pseudonyms", "Pseudonyms"), ("initials", "Initials"), ("names", "Names"))
LEAVE = "room_leave"


@st.fragment
@faults.plainly
def stage(desk: Desk, opened: OpenedRoom) -> None:
    """Draw it. A step of the agenda reruns this alone."""

    def pressed(what: str, which: str) -> None:
        try:
            sign_in.active(desk)
            _pressed(desk, opened, what, which)
            opened_room.keep_place(desk, opened)
        except SignedOut:
            pass  # The fragment asks again before it draws anything.
        except ChmError as error:
            opened.fault = faults.lines(error)

    _bar(opened, pressed)
    agenda, centre = st.columns([19, 81], gap="small")
    with agenda:
        _agenda(opened, pressed)
    with centre:
        _centre(opened, pressed)
    if st.session_state.pop(LEAVE, False):
        sign_in.keep_place(desk, {})
        opened_room.close()
        navigation.go(navigation.MEETINGS)


def _bar(opened: OpenedRoom, pressed: Any) -> None:
    shown, now = opened.shown, opened.now
    person = now.partition(":")[2] if now.startswith(f"{YOUNG_PERSON}:") else ""
    pressable.show(
        "room_bar",
        key="room-bar",
        pressed=pressed,
        shown=shown.shown.value,
        modes=MODES,
        count=len(opened.seen.people),
        on=shown.on,
        closed=opened.record.closed,
        chairing=shown.chairing,
        person=person if shown.shown != Shown.NAMES else "",
        seconds=meeting_rules().reveal_seconds,
    )


def _agenda(opened: OpenedRoom, pressed: Any) -> None:
    item = meeting_rules().item[opened.item]  # type: ignore[index]
    pressable.show(
        "room_agenda",
        key="room-agenda",
        pressed=pressed,
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


def _centre(opened: OpenedRoom, pressed: Any) -> None:
    if opened.fault:
        st.error("\n".join(f"- {faults.plain(f)}" for f in opened.fault))
        opened.fault = []
    now, item = opened.now, opened.item
    if now == "network":
        room_pictures.network(opened, pressed)
    elif now == "map":
        room_pictures.borough_map(opened, pressed)
    else:
        template, values = {
            "purpose": room_items.purpose,
            "levels": room_items.levels,
            "themes": room_items.themes,
            "voice": room_items.voice,
            "coverage": room_plan.grid,
            "shared": room_plan.rest,
            "review": room_plan.review,
        }.get(now, room_items.person if now.startswith(f"{YOUNG_PERSON}:") else room_items.thing)(opened)
        steps = opened.steps()
        pressable.show(
            template,
            key="room-centre",
            pressed=pressed,
            step=steps.index(now) + 1,
            steps=len(steps),
            may=not opened.record.closed,
            **values,
        )
    if item == "review" and opened.shown.chairing and not opened.record.closed:
        room_plan.closing(opened)


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
