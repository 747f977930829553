"""The guidance: every statement of the matrix with its place in print, bands, pathways, words and versions."""

import streamlit as st

from chm.casework import frameworks
from pages.parts import gate, guidance_bands, guidance_matrix, guidance_versions, guidance_view, navigation
from pages.parts.title import title_row

VIEWS = {
    "Matrix": guidance_matrix.matrix,
    "Bands": guidance_bands.bands,
    "Pathways": guidance_view.pathways,
    "Partners": guidance_view.partners,
    "Glossary": guidance_view.glossary,
}

desk = gate.open_page(navigation.GUIDANCE)
framework = frameworks.current()

with title_row("Guidance", f"{framework.source['title']}, {framework.source['year']}"):
    view = st.segmented_control(
        "View",
        [*VIEWS, "Versions"],
        default="Matrix",
        required=True,
        label_visibility="collapsed",
        key="guidance_page",
    )

if view == "Versions":
    guidance_versions.versions(desk, framework)
else:
    VIEWS[view](framework)
