"""The group or school on the screen: read once, which is audited, and anew only after a change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from chm.casework import network, setting_assessments, shared_actions
from chm.casework.desk import Desk
from chm.casework.network import NetworkRecords, NetworkYoungPerson
from chm.casework.setting_assessments import Setting
from chm.casework.shared_actions import Progress
from chm.errors import ChmError
from chm.linkage.from_records import ties_of
from chm.linkage.ties import Party, Tie
from chm.records import SettingAssessment
from pages.parts import faults, gate

CHOSEN, KEPT, MEMBERS = "setting", gate.RECORD, "setting_members"


@dataclass(frozen=True)
class OpenedSetting:
    """A group or school with what is recorded around it; `named` are those it was named for, before any record."""

    setting: Setting
    records: NetworkRecords | None
    history: list[SettingAssessment]
    actions: list[Progress]
    named: tuple[str, ...] = ()

    @property
    def party(self) -> Party:
        """The setting as a party of ties."""
        return Party("group" if self.setting.kind == "group" else "place", self.setting.entity.id)

    @cached_property
    def people(self) -> tuple[NetworkYoungPerson, ...]:
        """The young people who are there and may be opened, by name."""
        there = {*self.setting.young_people, *self.named}
        return tuple(p for p in (self.records.young_people if self.records else ()) if p.id in there)

    @cached_property
    def ties(self) -> list[Tie]:
        """Ties that the records around these young people state."""
        return ties_of(self.records.events, self.records.relationships) if self.records else []

    @property
    def others(self) -> int:
        """How many young people are tied to it whom the user may not open."""
        if not self.records:
            return 0
        masked = {p.id for p in self.records.young_people if p.masked}
        near = {p.id for t in self.ties if self.party in t.parties for p in t.parties if p.young}
        return len(masked & near)


def current(desk: Desk) -> OpenedSetting | None:
    """The setting chosen; None where none is, or where it is not open to this user."""
    chosen = st.session_state.get(CHOSEN)
    if chosen is None:
        return None
    try:
        kept = gate.opened(
            desk,
            lambda: _read(desk, chosen),
            lambda kept: network.still_open(desk, kept.records.named if kept.records else ()),
            lambda kept: isinstance(kept, OpenedSetting) and kept.setting.entity.id == chosen,
        )
    except ChmError as error:
        faults.show(error, "This group or school cannot be opened")
        close()
        return None
    st.session_state[CHOSEN] = kept.setting.entity.id
    return kept


def _read(desk: Desk, chosen: str) -> OpenedSetting:
    setting = setting_assessments.open(desk, chosen)
    of, named = st.session_state.get(MEMBERS, ("", ()))
    named = tuple(named) if of == chosen else ()
    there = tuple(dict.fromkeys((*setting.young_people, *named)))
    records = network.read(desk, there) if there else None
    history = setting_assessments.history(desk, setting.entity.id)
    party = Party("group" if setting.kind == "group" else "place", setting.entity.id)
    return OpenedSetting(setting, records, history, shared_actions.of_target(desk, party), named)


def choose(id: str, named: tuple[str, ...] = ()) -> None:
    """Open the group or school `id` next; `named` are the young people it was just named for."""
    st.session_state[CHOSEN] = id
    st.session_state[MEMBERS] = (id, named)
    st.session_state.pop(KEPT, None)


def close() -> None:
    """Put it away."""
    for key in (CHOSEN, KEPT, MEMBERS):
        st.session_state.pop(key, None)
