"""Adding what somebody has just said in the room: a sighting or other event, or a standing tie; in under 20 seconds."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from chm import connection_kinds
from chm.access import Permission
from chm.casework import connections, frameworks
from chm.casework.connections import NewEvent, NewParticipant, NewRelationship
from chm.casework.desk import Desk
from chm.casework.linked import Record
from chm.connections import (
    ENTITY_KINDS,
    Account,
    AccountKind,
    Confidence,
    Entity,
    Event,
    EventRole,
    Influence,
    Person,
    Place,
    PlaceKind,
    Source,
    Vehicle,
)
from chm.errors import ChmError
from chm.linkage.ties import ONGOING, YOUNG_PERSON, Party
from chm.settings import today
from pages.parts import faults, opened_record, wording
from pages.parts.opened_network import OpenedNetwork
from pages.parts.text import plain

EVENT, TIE = "Sighting or event", "Standing tie"
NEW = {
    "A person": "person", "A place": "place", "A place online": "online", "A vehicle": "vehicle", "A phone": "phone",
    "A name online": "account", "A group": "group",
}  # fmt: skip
SHOWN = "Saved, and on the picture now."
OUTSIDE = "Saved. The picture leaves it out as it is looked at now: widen the window or the filters."
DESCRIBED = ("person", "place", "vehicle")
EARLIEST = date(2000, 1, 1)
KINDS = {"person": "person", "place": "place", "vehicle": "vehicle", "account": "phone or account", "group": "group"}
ROLES = {
    EventRole.UNKNOWN: "Not known", EventRole.EXPERIENCING_HARM: "Experiencing harm",
    EventRole.ALLEGED_SOURCE: "Alleged source of harm", EventRole.BOTH: "Both", EventRole.WITNESS: "Saw it",
}  # fmt: skip


def button(desk: Desk, opened: OpenedNetwork) -> None:
    """The button that opens the dialog, where the user may record."""
    if desk.may(Permission.RECORD_CONNECTION) and st.button(
        "Add a sighting or tie", icon=":material/add:", type="primary"
    ):
        _add(desk, opened)


@st.dialog("Add a sighting or tie", width="large")
@faults.plainly
def _add(desk: Desk, opened: OpenedNetwork) -> None:
    assert opened.records
    what = st.segmented_control(
        "What to add", [EVENT, TIE], default=EVENT, required=True, label_visibility="collapsed", key="add-what"
    )
    known: dict[str, Party] = {}
    for p in opened.records.young_people:
        if not p.masked:
            known[f"{p.name}, {p.id}"] = Party(YOUNG_PERSON, p.id)
    people = list(known)
    for party, entity in sorted(opened.records.entities.items(), key=lambda item: item[1].label.casefold()):
        known.setdefault(_called(known, party, entity), party)
    things = [name for name in known if name not in people]
    record = _event if what == EVENT else _tie
    made = record(people, things, known)
    slot = st.container()
    if not st.button("Save", type="primary", icon=":material/check:", shortcut="Ctrl+Enter"):
        return
    with slot:
        try:
            if isinstance(made, NewEvent):
                new: Record = connections.record_event(desk, made)
            else:
                new = connections.record_relationship(desk, made)
        except ChmError as error:
            faults.show(error, "Not saved yet")
            return
    there = [p.party for p in new.participants] if isinstance(new, Event) else [new.one, new.other]
    opened.select(next((p for p in there if not p.young), None))
    opened_record.changed(SHOWN if opened.shows(new) else OUTSIDE)
    st.rerun()


def _event(people: list[str], things: list[str], known: dict[str, Party]) -> NewEvent:
    kinds = connection_kinds.load().event
    who = st.multiselect("Young people there", people, placeholder="Names", key="add-who")
    where = st.multiselect(
        "Where, with whom, in what (choose, or type something new)", things, accept_new_options=True,
        placeholder="Places, people, vehicles, phones, groups", key="add-things",
    )  # fmt: skip
    fresh = {name: _new(name) for name in where if name not in known}
    with st.container(horizontal=True):
        kind = st.selectbox("What it was", list(kinds), format_func=lambda id: kinds[id].name, key="add-kind")
        on = st.date_input(
            "Day", today(), min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", key="add-on",
            help="Empty it where nobody knows",
        )  # fmt: skip
        until = st.date_input(
            "Until, if longer", None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", key="add-until"
        )
        at = st.time_input("Time, if known", None, key="add-at")
    source, influence = _source()
    persons = [
        n for n in where if (n in known and known[n].kind == "person") or (n in fresh and isinstance(fresh[n], Person))
    ]
    roles: dict[str, EventRole] = {}
    if who or persons:
        with st.expander("Roles on this event (alleged, for this event alone)", type="compact"):
            for name in (*who, *persons):
                roles[name] = st.selectbox(plain(name), list(ROLES), format_func=ROLES.__getitem__, key=f"role-{name}")
    text = st.text_input("What was said", max_chars=2000, key="add-text", placeholder="In a line")
    wording.prompt(text)
    if not who:
        st.caption("Name at least one young person; a sighting without one links nobody.")
    return NewEvent(
        kind=kind,
        participants=tuple(
            NewParticipant(known[n] if n in known else fresh[n], roles.get(n, EventRole.UNKNOWN))
            for n in (*who, *where)
        ),
        source=source,
        start=on,
        end=until,
        at=at,
        influence=influence or Influence.UNCLEAR,
        what=text,
    )


def _tie(people: list[str], things: list[str], known: dict[str, Party]) -> NewRelationship:
    kinds = connection_kinds.load().relationship
    with st.container(horizontal=True):
        one = st.selectbox("Who", people, index=None, placeholder="A young person", key="tie-one")
        kind = st.selectbox("Is tied as", list(kinds), format_func=lambda id: kinds[id].name, key="tie-kind")
        other = st.selectbox(
            "To (choose, or type something new)", [*people, *things], index=None, accept_new_options=True,
            placeholder="A person, place, vehicle, phone, group", key="tie-other",
        )  # fmt: skip
    fresh = _new(other) if other and other not in known else None
    with st.container(horizontal=True):
        since = st.date_input(
            "Since", None, min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY", key="tie-since"
        )
        until = st.date_input(
            "Until",
            None,
            min_value=EARLIEST,
            max_value=today(),
            format="DD/MM/YYYY",
            key="tie-until",
            help="Empty: it goes on",
        )
    source, influence = _source(kinds[kind].influence)
    note = st.text_input("What was said", max_chars=2000, key="add-text", placeholder="In a line")
    wording.prompt(note)
    nobody = Party(YOUNG_PERSON, "")
    return NewRelationship(
        one=known[one] if one else nobody,
        other=known.get(other or "", fresh or nobody),
        kind=kind,
        source=source,
        start=since,
        end=until or (ONGOING if since else None),
        influence=influence,
        note=note,
    )


def _source(starts_as: Influence = Influence.UNCLEAR) -> tuple[Source, Influence | None]:
    agencies = frameworks.current().local["agencies"]
    with st.container(horizontal=True):
        agency = st.selectbox(
            "Who says so", agencies, index=None, accept_new_options=True, placeholder="Agency", key="add-agency"
        )
        hand = st.selectbox("First hand?", ["Not known", "First hand", "Passed on"], key="add-hand")
        reference = st.text_input("Their reference", max_chars=200, key="add-reference")
        grade = st.text_input("Police grade, if given", max_chars=20, key="add-grade", width=160)
    with st.container(horizontal=True):
        sure = st.segmented_control(
            "How sure", list(Confidence)[::-1], default=Confidence.UNVERIFIED, required=True,
            format_func=str.capitalize, key="add-sure",
        )  # fmt: skip
        influence = st.segmented_control(
            "What it does to them", list(Influence), default=starts_as, required=True, format_func=str.capitalize,
            key=f"add-influence-{starts_as}",
        )  # fmt: skip
    first = {"First hand": True, "Passed on": False}.get(hand)
    return Source(agency or "", Confidence(sure or Confidence.UNVERIFIED), reference, first, grade), influence


def _new(name: str) -> Entity:
    """Something not yet known, whose kind is asked; it may be only described, as nobody knows what it is called."""
    with st.container(border=True, gap="xsmall"):
        what = NEW[str(st.radio(plain(f"What is it: {name}"), list(NEW), horizontal=True, key=f"new-{name}"))]
        described, plate, young = False, "", None
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if what == "person":
                ages = {None: "Not known, so treated as a child", True: "Yes or thought so", False: "No"}
                young = st.radio(
                    "Under 18?", list(ages), format_func=ages.__getitem__, horizontal=True, key=f"age-{name}"
                )
            if what == "vehicle":
                plate = st.text_input("Plate, or the part that was read", max_chars=20, key=f"plate-{name}")
            if what in DESCRIBED:
                described = st.checkbox("A description, not a name", key=f"described-{name}")
    said: dict[str, Any] = {"id": "", "description" if described else "name": name}
    if what == "person":
        return Person(**said, under_18=young)
    if what == "online":
        return Place(**said, place_kind=PlaceKind.ONLINE)
    if what == "phone":
        return Account(**said, account_kind=AccountKind.PHONE)
    if what == "vehicle":
        return Vehicle(**said, plate=plate)
    return ENTITY_KINDS[what](**said)


def _called(known: dict[str, Party], party: Party, entity: Entity) -> str:
    name = f"{entity.label} ({KINDS[party.kind]})"
    return f"{name}, {entity.id}" if name in known else name
