"""The network on the screen: read once, which is audited, and anew only after a change; and how it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import streamlit as st

from chm.casework import linked, network
from chm.casework.desk import Desk
from chm.casework.linked import Linked, Look, Record
from chm.casework.network import NetworkRecords
from chm.errors import ChmError
from chm.linkage import rules
from chm.linkage.layout import Point
from chm.linkage.ties import Party
from pages.parts import faults, gate

CHOSEN, KEPT = "network_chosen", gate.RECORD
rule = cache(rules.load)


@dataclass
class OpenedNetwork:
    """The chosen young people, the records around them, and what the visitor has done with the picture.

    Attributes:
        chosen: ids. title: what they were chosen as. records: None until read, and after a change.
        selected: the node in hand. removed: shown gone, in that order. at: where nodes stand, which they keep.
        panel: what the table shows. together: how many things to look for that do most together.
    """

    chosen: tuple[str, ...]
    title: str
    records: NetworkRecords | None = None
    selected: Party | None = None
    removed: tuple[Party, ...] = ()
    at: dict[Party, Point] = field(default_factory=dict)
    panel: str = "shared"
    together: int = 2
    _seen: Linked | None = None

    def seen(self, look: Look) -> Linked:
        """What links them, seen by `look`; computed once for each look."""
        assert self.records
        if self._seen is None or self._seen.records is not self.records or self._seen.look != look:
            self._seen = linked.linked(self.records, look, rule())
        held = set(self._seen.network.entities)
        self.removed = tuple(p for p in self.removed if p in held)
        # What is left out of a crowded picture can still be taken in hand from the tables.
        if self.selected not in held | {n.party for n in self._seen.picture.nodes}:
            self.selected = None
        self.at |= self._seen.positions(self.at)
        return self._seen

    def select(self, party: Party | None) -> None:
        """Take a node in hand, or none."""
        self.selected = party

    def place(self, at: dict[Party, Point]) -> None:
        """Keep where nodes were dragged."""
        self.at |= at

    def switch(self, party: Party) -> None:
        """Show an entity gone, or back again."""
        self.removed = tuple(p for p in self.removed if p != party) if party in self.removed else (*self.removed, party)

    def shows(self, record: Record) -> bool:
        """Whether what is on the screen takes in `record`."""
        return self._seen is not None and linked.shows(record, self._seen.look)

    def party(self, said: str) -> Party | None:
        """The party that the browser names as `kind:id`, where it is in the picture."""
        found = Party(*said.split(":", 1)) if ":" in said else None
        return found if found and self._seen and found in self._seen.known.labels else None


def current(desk: Desk) -> OpenedNetwork | None:
    """The network of the young people chosen; None where nobody is, or where they are not open to this user."""
    opened = st.session_state.get(CHOSEN)
    if opened is None:
        return None
    try:
        opened.records = gate.opened(
            desk,
            lambda: network.read(desk, opened.chosen),
            lambda kept: network.still_open(desk, kept.named),
            lambda kept: isinstance(kept, NetworkRecords),
        )
    except ChmError as error:
        faults.show(error, "These young people cannot be shown together")
        close()
        return None
    return opened


def choose(title: str, young_people: tuple[str, ...]) -> None:
    """Open what links `young_people` next."""
    st.session_state[CHOSEN] = OpenedNetwork(young_people, title)
    anew()


def anew() -> None:
    """Read the records anew when next drawn: something was changed."""
    st.session_state.pop(KEPT, None)


def close() -> None:
    """Put it away."""
    for key in (CHOSEN, KEPT):
        st.session_state.pop(key, None)
