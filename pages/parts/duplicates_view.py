"""Likely duplicates: each pair with its reasons, to merge or to keep apart; and what was decided, to undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from chm import settings
from chm.casework import duplicates
from chm.casework.desk import Desk
from chm.casework.duplicates import Decision, Offer
from chm.connections import Account, Entity, Person, Place, PlaceKind, Vehicle
from chm.errors import ChmError
from pages.parts import faults, markup
from pages.parts.text import plain

READ, SAID, FAULT = "duplicates_read", "duplicates_said", "duplicates_fault"
SHOWN = 10
KINDS = {"person": "Person", "place": "Place", "vehicle": "Vehicle", "account": "Phone or account", "group": "Group"}
PLACES = {kind: kind.value for kind in PlaceKind if kind != PlaceKind.PHYSICAL}
AGES = {True: "under 18", False: "an adult", None: "age not known"}


def offers(desk: Desk) -> None:
    """Draw the pairs open to the user and what was decided; nothing is merged until somebody says so."""
    _news()
    found, decided = _read(desk)
    if not found:
        markup.show("duplicates_none", decided=len(decided))
    for offer in found[:SHOWN]:
        _offer(desk, offer)
    if len(found) > SHOWN:
        st.caption(f"{len(found) - SHOWN:,} more follow when these are decided.")
    if decided:
        standing = sum(not d.undone_by for d in decided)
        with st.expander(f"Decided: {standing:,}", key="duplicates-decided"):
            for decision in decided[: SHOWN * 2]:
                _decision(desk, decision)


def forget() -> None:
    """Look for pairs anew when next drawn, as after something was recorded."""
    st.session_state.pop(READ, None)


def _read(desk: Desk) -> tuple[list[Offer], list[Decision]]:
    """Read once for each look, for the audit notes every reading."""
    if READ not in st.session_state or st.session_state[READ][0] != desk.user.id:
        st.session_state[READ] = (desk.user.id, duplicates.offered(desk), duplicates.decisions(desk))
    _, found, decided = st.session_state[READ]
    return found, decided


def _news() -> None:
    if error := st.session_state.pop(FAULT, None):
        faults.show(error, "Nothing was changed")
    if said := st.session_state.pop(SAID, None):
        st.success(plain(said), icon=":material/check_circle:")


def _offer(desk: Desk, offer: Offer) -> None:
    key = f"{offer.one.id}-{offer.other.id}"
    sides = [(_called(e), _facts(e)) for e in (offer.one, offer.other)]
    with st.container(border=True, key=f"duplicate-{key}"):
        markup.show("duplicates_pair", kind=KINDS[offer.kind], sides=sides, reasons=offer.reasons)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.radio(
                "Name to keep",
                [True, False],
                index=int(_known(offer.other) > _known(offer.one)),
                format_func=lambda first: plain(_named(offer, first)),
                horizontal=True,
                key=f"duplicate-keep-{key}",
            )
            st.button(
                "Merge",
                type="primary",
                key=f"duplicate-merge-{key}",
                on_click=_merge,
                args=(desk, offer, f"duplicate-keep-{key}"),
            )
            st.button(
                "Keep apart",
                key=f"duplicate-apart-{key}",
                on_click=_do,
                args=("Kept apart.", duplicates.keep_apart, desk, offer.one.id, offer.other.id, offer.reasons),
            )


def _decision(desk: Desk, decision: Decision) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch"):
            markup.show(
                "duplicates_decided",
                one=_called(decision.one),
                other=_called(decision.other),
                decision=decision,
                on=decision.at.astimezone(settings.ZONE),
                undone=decision.undone_at and decision.undone_at.astimezone(settings.ZONE),
            )
        if not decision.undone_by:
            st.button(
                "Undo",
                key=f"duplicate-undo-{decision.id}",
                on_click=_do,
                args=("Undone; both are as they were.", duplicates.undo, desk, decision.id),
            )


def _merge(desk: Desk, offer: Offer, choice: str) -> None:
    """Merge as chosen when the button is pressed: the choice may be newer than what was drawn."""
    kept, merged = (offer.one, offer.other) if st.session_state[choice] else (offer.other, offer.one)
    _do("Merged. Undo stands under Decided.", duplicates.merge, desk, kept.id, merged.id, offer.reasons)


def _do(said: str, act: Callable[..., Any], *arguments: Any) -> None:
    try:
        act(*arguments)
    except ChmError as error:
        st.session_state[FAULT] = error
    else:
        st.session_state[SAID] = said
    forget()


def _called(entity: Entity) -> str:
    plate = entity.plate if isinstance(entity, Vehicle) else ""
    return entity.name or plate or entity.label


def _named(offer: Offer, first: bool) -> str:
    one, other = _called(offer.one), _called(offer.other)
    if one == other:
        return "the first" if first else "the second"
    return one if first else other


def _known(entity: Entity) -> tuple[int, int]:
    """How much is known: facts first, then the longer name."""
    return len(_facts(entity)), len(_called(entity))


def _facts(entity: Entity) -> list[str]:
    """What else is known, to tell two apart by."""
    found: list[str] = []
    if isinstance(entity, Person):
        found += [f"also known as {', '.join(entity.other_names)}"] if entity.other_names else []
        found.append(AGES[entity.under_18])
    elif isinstance(entity, Place):
        found += [PLACES.get(entity.place_kind, ""), entity.address, entity.postcode]
    elif isinstance(entity, Vehicle):
        found.append(f"plate {entity.plate}" if entity.plate and entity.plate != _called(entity) else "")
    elif isinstance(entity, Account):
        found.append(entity.platform or ("phone" if entity.account_kind == "phone" else "platform not known"))
    return [fact for fact in (*found, entity.description) if fact]
