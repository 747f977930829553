"""Two people changed one draft: each sees both answers and one of them decides."""

from __future__ import annotations

from typing import Any

import streamlit as st

from chm.casework.desk import Desk
from chm.errors import ChmError
from pages.parts import faults
from pages.parts.open_draft import OpenDraft
from pages.parts.text import plain


def settle(desk: Desk, draft: OpenDraft) -> None:
    """Show what somebody else changed, and ask where both changed the same thing."""
    if draft.news:
        places = ", ".join(dict.fromkeys(_place(draft, path) for path in draft.news))
        st.info(f"{plain(draft.changed_by)} changed this draft too, and it is kept: {places}.", icon=":material/group:")
    if draft.gone:
        _gone(desk, draft)
    if draft.theirs is None:
        return
    with st.container(border=True, key="conflict"):
        st.markdown(
            f"**{plain(draft.theirs.updated_by)} answered these too. Which stands?** Nothing is saved until you choose."
        )
        mine = {
            d.path
            for d in draft.differences
            if st.radio(
                _place(draft, d.path),
                ("mine", "theirs"),
                format_func={
                    "mine": f"Mine: {_say(draft, d.mine)}",
                    "theirs": f"Theirs: {_say(draft, d.theirs)}",
                }.__getitem__,
                horizontal=True,
                key=f"settle-{d.path}",
            )
            == "mine"
        }
        if st.button("Save these answers", type="primary"):
            draft.settled(desk, mine)
            st.rerun()


def _gone(desk: Desk, draft: OpenDraft) -> None:
    with st.container(border=True, key="gone"):
        st.markdown(f"**{plain(draft.trouble)}** Keep them in a new draft, or close this one.")
        if st.button("Keep my answers in a new draft", type="primary"):
            try:
                draft.begin_again(desk)
            except ChmError as error:
                faults.show(error, "No draft was begun")
            else:
                st.rerun()


def _place(draft: OpenDraft, path: str) -> str:
    part, _, key = path.partition(".")
    domains, indicators = draft.framework.domain, draft.framework.indicators
    if key in domains:
        return plain(f"{domains[key].name}{'' if part == 'levels' else ': ' + part}")
    if key in indicators:
        return plain(indicators[key][2].text)
    return plain(key.replace("_", " ").replace(".", ", "))


def _say(draft: OpenDraft, value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        value = value.get("text") or value.get("what") or ""
    if value in draft.framework.level:
        return draft.framework.level[value].name
    return plain(str(value))[:200]
