"""When they were missing, how that falls in the week, what followed, and each episode with what was said of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import streamlit as st

from chm import settings
from chm.casework.desk import Desk
from chm.episodes.interviews import due_by, in_time
from chm.episodes.interviews import interviews as counted
from chm.episodes.pattern import week_pattern
from chm.episodes.records import Episode, Moment, local_day
from chm.figures.episodes import timeline as timeline_figure
from chm.places import rules as place_rules
from chm.places.times import WEEKDAYS
from pages.parts import episode_form, markup
from pages.parts.opened_missing import Seen
from pages.parts.story import colours

SHOWN = 12


def timeline(seen: Seen) -> None:
    """A row for each young person, what overlaps another's marked."""
    if not seen.episodes:
        st.info("No missing episode is recorded for them in this window.", icon=":material/event_available:")
        return
    count = Counter(e.young_person for e in seen.episodes)
    labels = {id: f"{seen.names[id]} · {n}" for id, n in count.most_common()}
    figure = timeline_figure(seen.episodes, labels, colours())
    st.plotly_chart(
        figure, theme=None, key="missing-timeline", config={"displayModeBar": False}, alt=figure.layout.meta["alt"]
    )


def when(seen: Seen) -> None:
    """Weekday by part of the day on which episodes begin."""
    pattern, parts = week_pattern(seen.episodes), place_rules.load().parts_of_day
    rows = [[sum(pattern.cells[day][hour] for hour in part.hours) for day in range(7)] for part in parts]
    most = max((n for row in rows for n in row), default=0)
    markup.show(
        "place_times",
        label="they go missing",
        what="starts of episodes",
        days=[day[:3] for day in WEEKDAYS],
        rows=[
            (p.name, f"{p.start:02d}–{p.end:02d}", [(str(n), round(90 * n / most) if most else 0) for n in row])
            for p, row in zip(parts, rows, strict=True)
        ],
        not_known=str(pattern.without_time) if pattern.without_time else None,
        hidden=False,
    )


def interviews(seen: Seen) -> None:
    """Return home interviews, and where and how they came back."""
    rule = seen.rules.return_interview
    found = counted(seen.episodes, rule)
    late = [
        (seen.names[e.young_person], said(due_by(e, rule)))
        for e in seen.episodes
        if not e.open and e.interview.held is not True and e.interview.accepted is not False
    ]

    def often(words: list[str]) -> list[tuple[str, int]]:
        return Counter(w for w in words if w).most_common(3)

    markup.show(
        "missing_interviews",
        found=found,
        hours=rule.hours,
        due=late[-4:],
        found_at=often([e.found_at for e in seen.episodes]),
        travelled=often([e.travelled for e in seen.episodes]),
        returned=often([e.returned_how for e in seen.episodes]),
    )


def episodes(desk: Desk, seen: Seen) -> None:
    """Each episode, latest first."""
    latest = sorted(seen.kept, key=lambda k: (local_day(k.episode.start), k.episode.id), reverse=True)
    markup.show("list_head", head=f"Episodes · {len(latest)}", note="latest first")
    for n, kept in enumerate(latest):
        if n == SHOWN:
            break
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            with st.container(width="stretch"):
                markup.show("missing_episode", **_told(seen, kept.episode))
            episode_form.correct(desk, kept, seen.names)
    if len(latest) > SHOWN:
        st.caption(f"{len(latest) - SHOWN} earlier ones are in the figure above.")


def _told(seen: Seen, e: Episode) -> dict[str, Any]:
    interview, timely = e.interview, in_time(e, seen.rules.return_interview)
    told = {True: "yes", False: "no", None: "not known"}
    return {
        "name": seen.names[e.young_person],
        "start": said(e.start),
        "end": said(e.end) if e.end else "",
        "open": e.open,
        "facts": [
            text
            for label, word in (
                ("found at", e.found_at), ("with", e.companions), ("came back", e.returned_how),
                ("travelled by", e.travelled), ("reported by", e.reported_by),
            )
            if (text := f"{label} {word}" if word else "")
        ],
        "interview": "" if e.open else f"interview offered: {told[interview.offered]}, accepted: "
        f"{told[interview.accepted]}, held: {told[interview.held]}"
        + ("" if timely is None else ", in time" if timely else ", late"),
    }  # fmt: skip


def said(moment: Moment | None) -> str:
    """A moment as people write it."""
    if isinstance(moment, datetime):
        local = moment.astimezone(settings.ZONE)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    return markup.day(moment)
