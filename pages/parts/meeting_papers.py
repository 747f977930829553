"""Files that leave a meeting: made when asked for, which is audited, then saved."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from chm.casework.desk import Desk
from chm.casework.documents import Made
from chm.errors import ChmError
from pages.parts import downloads, faults

FORMS = {"docx": "Word", "pdf": "PDF"}


def offer(
    desk: Desk, label: str, make: Callable[[Desk, str], Made], key: str, *, forms: tuple[str, ...] = ("docx", "pdf")
) -> None:
    """A row that makes a file in one of `forms` and lets it be saved."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}-row"):
        st.text(label, width="stretch")
        for form in forms:
            if st.button(FORMS.get(form, "Make"), key=f"{key}-{form}"):
                try:
                    made = make(desk, form)
                except ChmError as error:
                    faults.show(error, "It was not made")
                    return
                st.session_state[f"{key}-made"] = (made, form)
        if kept := st.session_state.get(f"{key}-made"):
            made, form = kept
            downloads.save(desk, "Save", made, lambda d: make(d, form), key=f"{key}-save")
