"""Where harm happens: which places first and why, on a map and in a table, without showing a child."""

import streamlit as st

from chm.access import Permission
from pages.parts import gate, navigation, place_filters, place_more, place_own, place_public, place_workbench
from pages.parts.opened_record import news
from pages.parts.title import title_row

VIEWS = ("All places", "My young people's")

desk = gate.open_page(navigation.PLACES)

views = VIEWS if desk.may(Permission.READ_NETWORK) else ()
with title_row("Which places first, and why", views=views, key="places") as view:
    beside = st.container(width="content")
news()
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    looked = place_filters.look(desk)
    if view != VIEWS[1]:
        layer = place_public.layer(desk)
        place_more.buttons(desk)
        with beside:
            place_more.ranking(desk, looked.filter)
if view == VIEWS[1]:
    place_own.show(desk, looked)
else:
    place_workbench.workbench(desk, looked, layer)
