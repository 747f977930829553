"""Which frameworks are here, and for an administrator a new version where a number is our reading."""

from __future__ import annotations

import streamlit as st

from chm.access import Permission, permitted
from chm.casework import frameworks
from chm.casework import versions as casework
from chm.casework.desk import Desk
from chm.errors import ChmError
from chm.framework import Framework, Point
from pages.parts import faults, guidance_bands, markup
from pages.parts.text import plain

DONE = "guidance_version_made"


def versions(desk: Desk, framework: Framework) -> None:
    """Every version with its fingerprint and inferred scores; beside them, for an administrator, the change."""
    may = permitted(desk.user.roles, Permission.CHANGE_FRAMEWORK)
    left, right = st.columns([62, 38], gap="large") if may else (st.container(), None)
    with left:
        if made := st.session_state.pop(DONE, None):
            st.success(plain(made), icon=":material/check_circle:")
        markup.show("guidance_versions", rows=[_row(f, framework) for f in _newest_first()], may=may)
    if right:
        with right:
            _change(desk, framework)


def _newest_first() -> list[Framework]:
    return sorted(frameworks.every().values(), key=lambda f: (f.id, -f.version))


def _row(one: Framework, current: Framework) -> dict[str, object]:
    inferred = [
        {"place": f"{one.domain[id].name} at {one.level[level].name}: {scores.of(level)}", "why": scores.why or ""}
        for id, scores in one.scores.items()
        for level in scores.inferred
    ]
    return {"framework": one, "inferred": inferred, "current": one is current, "what": _what(one)}


def _what(one: Framework) -> str:
    """What a version changed, with the names of domain and level for their ids."""
    place, _, numbers = one.changed.what.partition(":") if one.changed else ("", "", "")
    domain, _, level = place.partition(".")
    if domain in one.domain and level in one.level:
        place = f"{one.domain[domain].name} at {one.level[level].name}"
    return f"{place}:{numbers}"


def read_by_us(framework: Framework) -> list[Point]:
    """The scores that any version of this framework has inferred, as they now are."""
    places = dict.fromkeys(
        (id, level)
        for f in frameworks.every().values()
        if f.id == framework.id
        for id, scores in f.scores.items()
        for level in scores.inferred
    )
    return [framework.points[id][level] for id, level in places if id in framework.points]


def _change(desk: Desk, framework: Framework) -> None:
    for point in read_by_us(framework):
        domain, level = framework.domain[point.domain], framework.level[point.level]
        place = f"{domain.name} at {level.name}"
        with st.form(f"change-{domain.id}-{level.id}-{framework.version}", border=True):
            markup.show("guidance_change", place=place, point=point, why=framework.scores[domain.id].why)
            number = st.number_input("Number", 0, casework.HIGHEST, point.score, width=180)
            sure = st.radio(
                "How sure is it?",
                (True, False),
                index=0 if point.inferred else 1,
                format_func={True: "Still our reading, and shown so", False: "Confirmed by the publisher"}.__getitem__,
            )
            why = st.text_area("Why", height=90, placeholder="Who confirmed it, when and how")
            if not st.form_submit_button(f"Make version {framework.version + 1}", type="primary"):
                continue
        try:
            made = casework.change_score(
                desk, domain.id, level.id, int(number), why, inferred=sure, of=framework.version
            )
        except ChmError as error:
            faults.show(error, "No version was made")
            continue
        tops = ", ".join(f"{guidance_bands.TOTAL_NAMES[a].lower()} {made.maximum(a)}" for a in guidance_bands.TOTALS)
        st.session_state[DONE] = f"Version {made.version} is in use from now on. The most it can reach: {tops}."
        st.rerun()
