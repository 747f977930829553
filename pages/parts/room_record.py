"""The record at the side of the room: written in a few keystrokes, the same for everybody within seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from chm.casework import frameworks, live_record, sign_in
from chm.casework.desk import Desk
from chm.casework.live_record import NewAction, NewEntry
from chm.casework.meetings import meeting_rules
from chm.casework.room import WITHHELD, Agreed, Said
from chm.connections import Confidence, Influence
from chm.errors import ChmError
from chm.linkage.ties import YOUNG_PERSON
from chm.meetings.mentions import mentioned
from chm.meetings.records import EntryKind
from chm.settings import today
from pages.parts import faults, gate, markup, network_card, opened_room, room_items, room_labels
from pages.parts.opened_room import OpenedRoom
from pages.parts.wording import found_in

KEY, EVERY, SHOWN = "room-record", 1.0, 400
KINDS = (("action", "Action"), *((k, v) for k, v in room_labels.KINDS.items()))
HARM = ((Influence.UNCLEAR, "Not clear"), (Influence.HARMFUL, "Harm"), (Influence.PROTECTIVE, "Keeps safe"))
_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "chm_room_record",
    html='<div class="chm-record-box stHtml"><div class="record"></div></div>',
    css=(_HERE / "room.css").read_text(encoding="utf-8"),
    js=(_HERE / "room_record.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)
_keys = st.components.v2.component(
    "chm_room_keys", html="<i></i>", js=(_HERE / "room_keys.js").read_text(encoding="utf-8"), isolate_styles=False
)


def keys() -> None:
    """Listen for the keys of the room."""
    _keys(key="room-keys", data={"seconds": meeting_rules().reveal_seconds}, height=1)


@st.fragment(run_every=EVERY)
@faults.by_itself
def live(desk: Desk, opened: OpenedRoom) -> None:
    """Draw the record, and look every second whether somebody else wrote in it."""
    turn = opened.drawn
    if opened.revealed and opened.revealed_now is None:
        opened.drawn += 1
    opened.looks += 1
    if opened.looks > 1 and not opened.pictured:  # The first view is there at once; what takes longer to draw follows.
        opened.pictured = opened.whole = True
    opened_room.look(desk, opened)
    _component(
        key=KEY,
        data=told(opened),
        on_written_change=lambda: _written(desk, opened),
        on_note_change=lambda: _noted(desk, opened),
        on_back_change=lambda: _back(desk, opened),
    )
    # What is pressed in both parts within a moment reaches Streamlit as one: it draws only one of them anew.
    if opened.drawn != turn or opened.whole or opened.behind:
        opened.whole = opened.behind = False
        gate.again_by_itself()


def told(opened: OpenedRoom) -> dict[str, Any]:
    """What the browser is sent: names to pick, choices, and what was written so far, newest first."""
    names = room_labels.labels(opened)
    framework = frameworks.current()
    kinds = room_labels.kinds()
    rows = _rows(opened, names)
    return {
        "turn": opened.turned,
        "heard": opened.heard,
        "faults": opened.note_faults,
        "note": opened.note,
        "ready": opened.ready,
        "closed": opened.record.closed,
        "kinds": KINDS,
        "names": _names(opened, names),
        "pillars": [(str(p["id"]), str(p["name"])) for p in framework.pillars][::-1],
        "agencies": _agencies(opened),
        "due": [
            ((day := today() + timedelta(days=n)).isoformat(), f"{day:%a} {day.day} {day:%b}")
            for n in meeting_rules().review.due_in_days
        ],
        "confidence": [(c.value, c.value.capitalize()) for c in Confidence][::-1],
        "harm": [(h.value, word) for h, word in HARM],
        "as": [*((k.id, k.name) for k in kinds.events[::-1]), *((k.id, k.name) for k in kinds.relationships)],
        "wording": opened.wording,
        "entries": rows[:SHOWN],
        "count": len(rows),
    }


def _rows(opened: OpenedRoom, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was agreed and said, made anew only where the record, or what people are called, has changed."""
    if opened.listed is None or opened.listed[0] is not opened.record or opened.listed[1] is not opened.seen:
        rows = [_action(a, names, opened) for a in opened.record.agreed if not a.carried_from]
        rows += [_entry(s, names, opened) for s in reversed(opened.record.said)]
        opened.listed = (opened.record, opened.seen, rows)
    return opened.listed[2]


def _names(opened: OpenedRoom, names: Mapping[str, str]) -> list[dict[str, str]]:
    seen = opened.seen
    young = [{"party": f"{YOUNG_PERSON}:{p.id}", "label": p.name, "kind": "young person"} for p in seen.people.values()]
    shared = [
        {"party": f"{e.kind}:{e.id}", "label": names[f"{e.kind}:{e.id}"], "kind": network_card.kind(seen, e).lower()}
        for e in dict.fromkeys((*seen.shared, *seen.network.entities, *seen.records.entities))
    ]
    return young + [s for s in shared if s["label"]]


def _agencies(opened: OpenedRoom) -> list[str]:
    here = [c["agency"] for c in room_items.coming(opened) if c["status"] in ("confirmed", "report")]
    every = [c["agency"] for c in room_items.coming(opened)]
    return list(dict.fromkeys([*here, *every, *map(str, frameworks.current().local["agencies"])]))


def _entry(said: Said, names: Mapping[str, str], opened: OpenedRoom) -> dict[str, Any]:
    told = room_labels.entry(said, dict(names))
    because = f"because {told['reason']}" if told["reason"] else ""
    return {
        "id": said.id,
        "version": said.version,
        "kind": said.kind.value,
        "head": told["kind"],
        "tone": "",
        "text": told["text"],
        "facts": " · ".join(f for f in (told["agency"], told["sure"], told["hand"], because, said.by) if f),
        "source": said.text,
        "fields": {"agency": said.agency, "reason": said.reason},
        "may": not opened.record.closed and said.text != WITHHELD,
        "gone": False,
    }


def _action(agreed: Agreed, names: Mapping[str, str], opened: OpenedRoom) -> dict[str, Any]:
    told = room_labels.action(agreed, dict(names))
    about = ", ".join(told["about"])
    return {
        "id": agreed.id,
        "version": agreed.version,
        "kind": "action",
        "head": told["pillar"],
        "tone": agreed.pillar,
        "text": told["text"],
        "facts": " · ".join(
            f for f in (about, told["owner"], markup.day(agreed.due) if agreed.due else "no date") if f
        ),
        "source": agreed.text,
        "fields": {"owner": agreed.owner_agency, "pillar": agreed.pillar},
        "may": not opened.record.closed and agreed.status.value in ("open", "under_way") and agreed.text != WITHHELD,
        "gone": agreed.status.value == "dropped",
    }


def _heard(name: str) -> dict[str, Any]:
    said = dict(st.session_state.get(KEY) or {}).get(name)
    return said if isinstance(said, dict) else {}


def _written(desk: Desk, opened: OpenedRoom) -> None:
    """Store what was sent; what cannot be stored stays in the box, with what is wrong."""
    said = _heard("written")
    text, kind, sequence = str(said.get("text", "")), str(said.get("kind", "")), said.get("sequence")
    if said.get("turn") != opened.turned or not isinstance(sequence, int) or sequence <= opened.heard:
        return  # Told again, and stored before.
    looked_at = opened.now if ":" in opened.now and not mentioned(text) else ""
    target, step = opened.taken(said.get("ready"))
    opened.heard, opened.note_faults = sequence, []
    try:
        sign_in.active(desk)
        if isinstance(said.get("editing"), dict):
            _put_right(desk, opened, said, text)
        elif kind == "action":
            live_record.agree(
                desk,
                opened.meeting,
                NewAction(
                    pillar=str(said.get("pillar", "")),
                    text=text,
                    owner_agency=str(said.get("owner", "")),
                    due=_day(said.get("due")),
                    target=target or looked_at,
                    domain=_domain(text),
                    step=step,
                ),
            )
        else:
            live_record.say(
                desk,
                opened.meeting,
                NewEntry(
                    kind=EntryKind(kind) if kind in list(EntryKind) else EntryKind.VIEW,
                    item=opened.item,
                    text=f"@{{{looked_at}}}: {text}" if looked_at else text,
                    agency=str(said.get("agency", "")),
                    confidence=_one(Confidence, said.get("confidence"), Confidence.UNVERIFIED),
                    harm=_one(Influence, said.get("harm"), Influence.UNCLEAR),
                    reason=str(said.get("reason", "")) if kind == "decision" else "",
                    as_=str(said.get("as", "other")),
                ),
            )
        live_record.keep_note(desk, opened.meeting, {})
    except ChmError as error:
        opened.note_faults = faults.lines(error)
        return
    opened.wording = [f"“{said}”: {p.why} Try: {p.instead}" for said, p in found_in(text)]
    opened.note = {}


def _put_right(desk: Desk, opened: OpenedRoom, said: Mapping[str, Any], text: str) -> None:
    editing = dict(said["editing"])
    id, version = str(editing.get("id", "")), int(editing.get("version", 0))
    action = next((a for a in opened.record.agreed if a.id == id), None)
    if action:
        live_record.amend(
            desk, opened.meeting, id, version, text=text, owner_agency=str(said.get("owner", "")),
            owner_person="", due=_day(said.get("due")) or action.due,
        )  # fmt: skip
    else:
        live_record.correct(desk, opened.meeting, id, version, text, str(said.get("reason", "")))


def _noted(desk: Desk, opened: OpenedRoom) -> None:
    said = _heard("note")
    if said.get("after") != opened.heard:
        return  # Typed before what was sent since.
    opened.wording = [f"“{phrase}”: {p.why} Try: {p.instead}" for phrase, p in found_in(str(said.get("text", "")))]
    try:
        sign_in.active(desk)
        opened.note = live_record.keep_note(desk, opened.meeting, said)
    except ChmError as error:
        opened.fault, opened.whole = faults.lines(error), True


def _back(desk: Desk, opened: OpenedRoom) -> None:
    said = _heard("back")
    id, version = str(said.get("id", "")), said.get("version")
    if not isinstance(version, int):
        return
    opened.note_faults = []
    try:
        sign_in.active(desk)
        if any(a.id == id for a in opened.record.agreed):
            live_record.drop(desk, opened.meeting, id, version, "Taken back in the meeting")
        else:
            live_record.take_back(desk, opened.meeting, id, version)
    except ChmError as error:
        opened.fault, opened.whole = faults.lines(error), True


def _day(said: Any) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


def _one(words: Any, said: Any, otherwise: Any) -> Any:
    return words(said) if said in list(words) else otherwise


def _domain(text: str) -> str | None:
    """The domain that an action names by its first word or words, such as `Peers: a mentor`."""
    framework, head = frameworks.current(), text.partition(":")[0].casefold().strip()
    bare = room_labels.MENTIONED.sub("", head).strip()
    return next((d.id for d in framework.domains if bare and d.name.casefold().startswith(bare)), None)
