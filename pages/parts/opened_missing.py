"""The missing episodes on the screen: read once, which is audited, and anew only after a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property

import streamlit as st

from chm.casework import episodes, network
from chm.casework.desk import Desk
from chm.casework.episodes import Kept
from chm.episodes import rules
from chm.episodes.chance import AgainstChance, against_chance
from chm.episodes.overlap import Overlap, overlap
from chm.episodes.records import Episode, local_day
from chm.episodes.rules import Rules
from chm.errors import ChmError
from chm.settings import today
from pages.parts import faults, gate, opened_network

KEPT = gate.RECORD
WINDOWS = {"6 weeks": 42, "12 weeks": 84, "6 months": 183, "All": None}
rule = cache(rules.load)


@dataclass(frozen=True)
class OpenedMissing:
    """The episodes of the chosen young people. title: what they were chosen as. names: of all of them, by id."""

    title: str
    names: dict[str, str]
    kept: tuple[Kept, ...]
    seen: dict[str, Seen] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Seen:
    """The episodes of one window, and what they show."""

    names: dict[str, str]
    kept: tuple[Kept, ...]
    rules: Rules

    @cached_property
    def episodes(self) -> list[Episode]:
        """The episodes themselves."""
        return [k.episode for k in self.kept]

    @cached_property
    def overlap(self) -> Overlap:
        """Pairs and groups, exact."""
        return overlap(self.episodes)

    @cached_property
    def chance(self) -> AgainstChance:
        """The pairs beside what chance would give."""
        return against_chance(self.episodes, self.rules)


def current(desk: Desk) -> OpenedMissing | None:
    """The episodes of those chosen on the Network page or here; None where nobody is."""
    chosen = st.session_state.get(opened_network.CHOSEN)
    if chosen is None:
        return None

    def read() -> OpenedMissing:
        names = {p.id: p.name for p in network.mine(desk) if p.id in chosen.chosen}
        return OpenedMissing(chosen.title, names, tuple(episodes.of(desk, chosen.chosen)))

    try:
        return gate.opened(
            desk,
            read,
            lambda kept: network.still_open(desk, tuple(kept.names)),
            lambda kept: isinstance(kept, OpenedMissing),
        )
    except ChmError as error:
        faults.show(error, "These episodes cannot be shown together")
        close()
        return None


def window(opened: OpenedMissing) -> Seen:
    """Draw the choice of window, and give what lies in it; an episode that goes on always does."""
    chosen = st.segmented_control(
        "Window", list(WINDOWS), default="12 weeks", required=True, label_visibility="collapsed", key="missing-window"
    )
    if chosen not in opened.seen:
        days = WINDOWS[chosen or "All"]
        first = today() - timedelta(days=days) if days else None
        inside = tuple(
            k for k in opened.kept if first is None or k.episode.open or local_day(k.episode.end or first) >= first
        )
        opened.seen[chosen or "All"] = Seen(opened.names, inside, rule())
    return opened.seen[chosen or "All"]


def close() -> None:
    """Put it away."""
    opened_network.close()
