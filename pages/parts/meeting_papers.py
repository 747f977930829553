"""Files that leave a meeting: made when asked for, which is audited, then saved."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from chm.casework.documents import Made
from chm.errors import ChmError
from pages.parts import faults

FORMS = {"docx": "Word", "pdf": "PDF"}


def offer(label: str, make: Callable[[str], Made], key: str, *, forms: tuple[str, ...] = ("docx", "pdf")) -> None:
    """A row that makes a file in one of `forms` and lets it be saved."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-row"):
        st.text(label, width="stretch")
        for form in forms:
            if st.button(FORMS.get(form, "Make"), key=f"{key}-{form}"):
                try:
                    made = make(form)
                except ChmError as error:
                    faults.show(error, "It was not made")
                    return
                st.session_state[f"{key}-made"] = made
        made = st.session_state.get(f"{key}-made")
        if made:
            st.download_button(
                "Save", made.data, made.name, icon=":material/download:", on_click="ignore", key=f"{key}-save",
                type="primary",
            )  # fmt: skip
