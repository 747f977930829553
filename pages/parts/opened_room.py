"""The room on the shared screen: opened once, which is audited; pseudonyms, but for one item or one young person."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex
from time import monotonic
from typing import Any

import streamlit as st

from chm.casework import linked, live_record, room, sign_in
from chm.casework.desk import Desk
from chm.casework.linked import Linked, Look
from chm.casework.meetings import meeting_rules
from chm.casework.room import Record, Room, Shown
from chm.errors import ChmError, NotFound, NotPermitted, StorageUnavailable
from chm.linkage import rules
from chm.linkage.layout import Point
from chm.linkage.ties import YOUNG_PERSON, Party
from chm.meetings.coverage import Coverage
from chm.meetings.records import EntryKind
from pages.parts import faults, gate, navigation

CHOSEN, KEPT, LEFT = "room", gate.RECORD, "room_left"
PICTURED = ("people", "locations")
rule = cache(rules.load)


@dataclass
class Revealed:
    """One young person's name, to be seen until `until` (seconds of the process's clock)."""

    slot: str
    name: str
    until: float


@dataclass
class OpenedRoom:
    """A meeting on the screen.

    Attributes:
        room: in pseudonyms. named: the same in initials or names, for the item that it was asked for alone.
        item, step: what is looked at, of the agenda and within it. record: what was said and agreed so far.
        fault: what could not be done. drawn: rises when everything is to be drawn anew.
        whole: whether a press changes more than what is looked at, so that the whole page is to be drawn.
        behind: whether something was pressed that is not drawn yet. answered: number of the last press that was.
        note: what was still being typed. heard: number of the last that was sent, `note_faults` what is wrong with it.
        wording: quiet words on what was written. ready: what to put into the box, on `ready_target`, for `ready_step`.
        asking: id of the action whose questions are being answered. closing: whether it is being closed.
        placed: where it is, as it was last kept to come back to.
        looks: how often the record was drawn. pictured: whether the network and the map are on the page, seen or not.
        covered, mapped, listed: coverage, the map and the record's rows, kept with what each was made of.
        on_map: slot last pressed on the map.
    """

    meeting: str
    room: Room
    record: Record
    note: dict[str, Any]
    named: Room | None = None
    item: str = "purpose"
    step: int = 0
    revealed: Revealed | None = None
    at: dict[Party, Point] = field(default_factory=dict)
    selected: Party | None = None
    fault: list[str] = field(default_factory=list)
    drawn: int = 0
    whole: bool = False
    behind: bool = False
    answered: int = 0
    turned: str = field(default_factory=lambda: token_hex(4))
    heard: int = 0
    note_faults: list[str] = field(default_factory=list)
    wording: list[str] = field(default_factory=list)
    ready: dict[str, Any] | None = None
    ready_target: str = ""
    ready_step: str | None = None
    asking: str = ""
    closing: bool = False
    placed: dict[str, Any] = field(default_factory=dict)
    looks: int = 0
    pictured: bool = False
    covered: tuple[Linked, Record, Coverage] | None = None
    mapped: tuple[Any, ...] | None = None
    listed: tuple[Record, Linked, list[dict[str, Any]]] | None = None
    on_map: str = ""
    _seen: dict[int, tuple[Room, Linked]] = field(default_factory=dict)

    @property
    def shown(self) -> Room:
        """The room as it is to be shown now."""
        return self.named or self.room

    @property
    def networked(self) -> bool:
        """Whether what links the young people is shown here; to a partner it is on the chair's screen alone."""
        return self.room.networked

    @property
    def seen(self) -> Linked:
        """What links the young people, as it is to be shown now."""
        return self._linked(self.shown)

    def seen_at(self, item: str) -> Linked:
        """What links them as it is to be shown at an item: in pseudonyms, unless names were asked for there."""
        return self._linked(self.shown if item == self.item else self.room)

    def _linked(self, shown: Room) -> Linked:
        if id(shown) not in self._seen:
            here = [r for r in (self.room, self.named) if r is not None]
            self._seen = {id(r): self._seen[id(r)] for r in here if id(r) in self._seen}
            self._seen[id(shown)] = (shown, linked.linked(shown.records, Look(), rule()))
        return self._seen[id(shown)][1]

    def steps(self, item: str = "") -> list[str]:
        """What is looked at within an item, one after the other: a word, or kind:slot of somebody or something."""
        seen, where = self.seen, item or self.item
        if where == "young_people":
            return ["levels", *(f"{YOUNG_PERSON}:{p.id}" for p in seen.people.values())]
        shared = [p for p in seen.shared if (p.kind == "place") == (where == "locations")]
        if where == "people":
            return ["network"] if not self.networked else ["network", *(f"{p.kind}:{p.id}" for p in shared)]
        if where == "locations":
            return ["map", *(f"{p.kind}:{p.id}" for p in shared)]
        return {"plan": ["coverage", "shared"] if self.networked else ["shared"]}.get(where, [where])

    @property
    def now(self) -> str:
        """What is looked at now."""
        steps = self.steps()
        return steps[min(self.step, len(steps) - 1)]

    def stay(self, now: str) -> None:
        """Look at `now` still, wherever it stands in an order that has changed."""
        steps = self.steps()
        self.step = steps.index(now) if now in steps else 0

    def go(self, item: str, step: int = 0) -> None:
        """Look at another item, or another part of it; names fall back to pseudonyms with the item."""
        if item not in meeting_rules().item:
            return
        if item != self.item and self.named is not None:
            self.named, self.whole = None, True
        if item in PICTURED and not self.pictured:
            self.pictured = self.whole = True
        self.revealed = None
        self.item, self.step = item, max(0, min(step, len(self.steps(item)) - 1))
        self.selected = None

    def turn(self, by: int) -> None:
        """One part on or back within the item, and over its edge to the next item."""
        step = self.step + by
        if 0 <= step < len(self.steps()):
            self.go(self.item, step)
        else:
            self.move(by, last=by < 0)

    def move(self, by: int, *, last: bool = False) -> None:
        """One item of the agenda on or back."""
        order = [i.id for i in meeting_rules().agenda]
        place = order.index(self.item) + by
        if 0 <= place < len(order):
            self.go(order[place], len(self.steps(order[place])) - 1 if last else 0)

    def taken(self, turn: Any) -> tuple[str, str | None]:
        """Target and step of what was put ready, where that is what is written."""
        mine = self.ready is not None and self.ready["turn"] == turn and self.ready.get("over")
        return (self.ready_target, self.ready_step) if mine else ("", None)

    @property
    def revealed_now(self) -> Revealed | None:
        """Who is revealed, while the time lasts."""
        if self.revealed and monotonic() >= self.revealed.until:
            self.revealed = None
        return self.revealed

    def select(self, party: Party | None) -> None:
        """Take something of the picture in hand: show it as a part of the item."""
        self.selected = party
        steps = self.steps()
        if party and f"{party.kind}:{party.id}" in steps:
            self.go(self.item, steps.index(f"{party.kind}:{party.id}"))
        elif party and party.young:
            there = self.steps("young_people")
            said = f"{party.kind}:{party.id}"
            self.go("young_people", there.index(said) if said in there else 0)

    def place(self, at: dict[Party, Point]) -> None:
        """Keep where nodes were dragged."""
        self.at |= at


def keep_place(desk: Desk, opened: OpenedRoom) -> None:
    """Keep where the meeting is, to come back to after signing in again."""
    place = {"room": opened.meeting, "item": opened.item, "step": opened.step, "asking": opened.asking}
    if place != opened.placed:
        sign_in.keep_place(desk, place)
        opened.placed = place


def come_back(desk: Desk) -> bool:
    """Open the room that the user was in when their last sign-in ended, as it was; whether there was one."""
    place = sign_in.last_place(desk)
    meeting, item, step = str(place.get("room", "")), str(place.get("item", "")), place.get("step")
    if not meeting:
        return False
    sign_in.keep_place(desk, {})
    opened = enter(desk, meeting)
    if opened is None:
        return False
    opened.go(item, step if isinstance(step, int) else 0)
    opened.asking = str(place.get("asking", ""))
    return True


def current(desk: Desk) -> OpenedRoom | None:
    """The room that is open; None where none is, or where it is not open to this user."""
    if error := st.session_state.pop(LEFT, None):
        faults.show(error, "This meeting is not open to you any more")
    opened = st.session_state.get(CHOSEN)
    if not isinstance(opened, OpenedRoom):
        return None
    if st.session_state.get(KEPT) != opened.meeting:
        return enter(desk, opened.meeting)
    return opened


def enter(desk: Desk, meeting: str) -> OpenedRoom | None:
    """Open the room of a meeting in pseudonyms; None, with a plain word, where it is not open to this user."""
    try:
        opened = OpenedRoom(
            meeting, room.open(desk, meeting), room.record(desk, meeting), live_record.note(desk, meeting)
        )
    except ChmError as error:
        faults.show(error, "This meeting cannot be opened")
        close()
        return None
    st.session_state[CHOSEN], st.session_state[KEPT] = opened, meeting
    st.session_state[gate.SCREEN] = navigation.ROOM.address  # Entered here, and so not once more when it is drawn.
    return opened


def anew(desk: Desk, opened: OpenedRoom) -> None:
    """Read the records behind the room again, in pseudonyms: somebody added to them."""
    now = opened.now
    opened.room, opened.named = room.again(desk, opened.meeting), None
    if not (opened.room.chairing and opened.revealed and opened.revealed.slot in opened.room.plans):
        opened.revealed = None
    opened.stay(now)


def look(desk: Desk, opened: OpenedRoom) -> None:
    """Read what others did meanwhile; and everything, where it may be shown of others than before.

    Puts the room away, to be drawn anew, where the user has no place in it any more.
    """
    try:
        if room.in_sight(desk, opened.meeting) != opened.room.in_sight:
            anew(desk, opened)
            opened.record = room.record(desk, opened.meeting)
            opened.whole = True
        elif room.changes(desk, opened.meeting) != opened.record.changes:
            refresh(desk, opened)
        else:
            return
        opened.drawn += 1
    except StorageUnavailable:
        return  # What is being typed stays; it is looked again in a second.
    except (NotFound, NotPermitted) as error:
        close()
        st.session_state[LEFT] = error
        gate.again_by_itself()


def refresh(desk: Desk, opened: OpenedRoom) -> None:
    """Read the record again; and the records behind it, where information was added to them."""
    before = {s.id for s in opened.record.said if s.kind == EntryKind.INFORMATION}
    now = room.record(desk, opened.meeting)
    if before != {s.id for s in now.said if s.kind == EntryKind.INFORMATION}:
        anew(desk, opened)
    opened.record = now


def name(desk: Desk, opened: OpenedRoom, shown: Shown) -> None:
    """Show initials or names for the item that is looked at, which is audited; pseudonyms show at once."""
    opened.whole, now = True, opened.now
    opened.named = None if shown == Shown.PSEUDONYMS else room.named(desk, opened.meeting, opened.item, shown)
    opened.stay(now)


def reveal(desk: Desk, opened: OpenedRoom, slot: str) -> None:
    """Show one young person's name for as long as the rules say, which is audited."""
    said = room.reveal(desk, opened.meeting, slot)
    opened.revealed = Revealed(slot, said, monotonic() + meeting_rules().reveal_seconds)


def close() -> None:
    """Leave the room."""
    for key in (CHOSEN, KEPT):
        st.session_state.pop(key, None)
