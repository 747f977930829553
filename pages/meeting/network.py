"""What links the young people in the room, how sure that is, who protects them, and what each disruption changes."""

import streamlit as st

from pages.parts import (
    gate,
    navigation,
    network_add,
    network_chooser,
    network_filters,
    network_more,
    network_workbench,
    opened_network,
)
from pages.parts.opened_record import news
from pages.parts.title import title_row

desk = gate.open_page(navigation.NETWORK)
opened = opened_network.current(desk)

if opened is None:
    with title_row("What links young people"):
        pass
    network_chooser.choose(desk)
    st.stop()

count = len(opened.chosen)
with title_row(
    f"What links {'these' if count > 1 else 'this'} {count} young {'people' if count > 1 else 'person'}", opened.title
):
    network_add.button(desk, opened)
    st.button("Others", icon=":material/group:", on_click=opened_network.close, help="Choose other young people")

news()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    look = network_filters.look()
    network_more.buttons(desk, opened, look)
network_workbench.workbench(desk, opened, look)
