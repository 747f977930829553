"""The records behind what is seen: who said what, when and how sure; to correct, or to take back with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from chm import connection_kinds, settings
from chm.access import Permission
from chm.casework import connections
from chm.casework.desk import Desk
from chm.casework.linked import Linked, Record
from chm.connections import Confidence, Event, EventRole, Influence, Participant, Relationship
from chm.errors import ChmError
from chm.linkage.ties import Party
from pages.parts import faults, markup, network_card, opened_record
from pages.parts.opened_network import OpenedNetwork

SHOWN = 30
CORRECT, WITHDRAW, WAS = "Correct", "Reported in error", "How it was"


@st.dialog("Evidence", width="large")
@faults.plainly
def show(desk: Desk, opened: OpenedNetwork, seen: Linked, parties: Sequence[Party]) -> None:
    """Each record that names the one of `parties`, or is behind what links the two, newest first."""
    found = seen.evidence(*parties) if len(parties) == 1 else seen.between(*parties)
    names = " and ".join(network_card.label(seen, p) for p in parties)
    markup.show("network_evidence_head", names=names, count=len(found), more=max(0, len(found) - SHOWN))
    for record in found[:SHOWN]:
        with st.container(border=True, gap="xsmall"):
            markup.show("network_evidence", **_told(seen, record))
            if desk.may(Permission.RECORD_CONNECTION):
                with st.expander("Put it right", type="compact"):
                    _right(desk, record)


def _told(seen: Linked, record: Record) -> dict[str, Any]:
    kinds = connection_kinds.load()
    source = record.source
    if isinstance(record, Event):
        kind = kinds.event[record.kind].name if record.kind in kinds.event else record.kind
        who = [(network_card.label(seen, p.party), _role(p)) for p in record.participants if _known(seen, p.party)]
        text = record.what
    else:
        kind = kinds.relationship[record.kind].name if record.kind in kinds.relationship else record.kind
        who = [(network_card.label(seen, p), "") for p in (record.one, record.other) if _known(seen, p)]
        text = record.note
    return {
        "id": record.id,
        "kind": kind,
        "start": record.start,
        "end": record.end,
        "at": record.at if isinstance(record, Event) else None,
        "who": who,
        "text": text,
        "agency": source.agency,
        "reference": source.reference,
        "first_hand": source.first_hand,
        "grade": source.grade,
        "confidence": source.confidence.value,
        "influence": record.influence.value,
        "recorded_at": record.recorded_at and record.recorded_at.astimezone(settings.ZONE),
        "version": record.version,
    }


def _known(seen: Linked, party: Party) -> bool:
    return not party.young or party.id in seen.people


def _role(participant: Participant) -> str:
    return "" if participant.role == EventRole.UNKNOWN else participant.role.value.replace("_", " ")


def _right(desk: Desk, record: Record) -> None:
    """Correct how sure it is, what it does and what it says; or say that it was reported in error."""
    key = f"{record.id}-{record.version}"
    choices = [CORRECT, WITHDRAW, WAS] if record.version > 1 else [CORRECT, WITHDRAW]
    what = st.segmented_control(
        "What to do", choices, default=CORRECT, required=True, label_visibility="collapsed", key=f"do-{key}"
    )
    if what == WAS:
        _was(desk, record)
        return
    new: Record = record
    if what == CORRECT:
        with st.container(horizontal=True):
            sure = st.selectbox(
                "How sure", list(Confidence)[::-1], index=list(Confidence)[::-1].index(record.source.confidence),
                format_func=str.capitalize, key=f"sure-{key}",
            )  # fmt: skip
            influence = st.selectbox(
                "Influence", list(Influence), index=list(Influence).index(record.influence),
                format_func=str.capitalize, key=f"influence-{key}",
            )  # fmt: skip
        said = record.what if isinstance(record, Event) else record.note
        text = st.text_area("What was said", said, height=80, key=f"said-{key}")
        changes: dict[str, Any] = {"source": replace(record.source, confidence=sure), "influence": influence}
        new = replace(record, **changes, **{"what" if isinstance(record, Event) else "note": text})
    why = st.text_input("Why", max_chars=500, key=f"why-{key}", placeholder="What was wrong, and who says so")
    if not st.button(what or CORRECT, type="primary", key=f"go-{key}"):
        return
    try:
        if what == WITHDRAW:
            connections.withdraw(desk, record.id, why)
        elif isinstance(new, Event) and isinstance(record, Event):
            connections.correct_event(desk, new, why, record)
        elif not isinstance(new, Event) and not isinstance(record, Event):
            connections.correct_relationship(desk, new, why, record)
    except ChmError as error:
        faults.show(error, "Nothing was changed")
        return
    done = "Taken back; it stays in the history." if what == WITHDRAW else "Corrected; the earlier version is kept."
    opened_record.changed(done)
    st.rerun()


def _was(desk: Desk, record: Record) -> None:
    """What the record said before each correction, and why it was corrected."""
    try:
        history = connections.history(desk, record.id)
    except ChmError as error:
        faults.show(error, "How it was cannot be shown")
        return
    was = [
        (e, e.record.what if isinstance(e.record, Event) else getattr(e.record, "note", "")) for e in history.earlier
    ]
    markup.show("network_was", earlier=[(e, said) for e, said in was if isinstance(e.record, Event | Relationship)])
